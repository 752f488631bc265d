"""What `linksms listen --metrics` shows, read by Prometheus's own parser."""

import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import Linksms, until
from tests.reporting import INCOMING, Answer, report, request
from tests.server import Server, running
from tests.targets import a_target

Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def ask(server: Server, path: str = "/metrics", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return request(f"http://{urlsplit(server.url).netloc}{path}", headers=named)


def figures(server: Server) -> Figures:
    answer = ask(server)
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found: Figures = {}
    for family in text_string_to_metric_families(answer.body.decode()):
        assert family.documentation
        assert family.type in {"counter", "gauge"}
        for sample in family.samples:
            key = sample.name, frozenset(sample.labels.items())
            assert key not in found
            found[key] = sample.value
    return found


def figure(found: Figures, name: str, **labels: str) -> float:
    return found[name, frozenset(labels.items())]


def test_what_comes_is_counted(environment: dict[str, str]) -> None:
    with running(environment, "listen", "--metrics", "--path", "/dlr/x") as server:
        before = figures(server)
        for code in (1001, 2104, 1010, 1005):
            assert request(server.url, report(resultCode=code)).status == 200
        assert request(server.url, report(resultCode=1001)).status == 200
        assert request(server.url, b"id=m&resultCode=1001", FORM).status == 200
        assert request(f"{server.url}?id=n&resultCode=987654321").status == 200
        assert request(server.url, INCOMING).status == 200
        assert request(server.url, b"neither").status == 200
        assert request(server.url).status == 400
        assert request(server.url, b"x" * 70_000).status == 413
        assert request(server.url, b"x", method="PUT").status == 405
        assert ask(server, "/elsewhere").status == 404
        assert ask(server, "/healthz").status == 200
        after = figures(server)
    for outcome in ("delivered", "failed", "unknown", "pending"):
        assert figure(before, "linksms_reports_total", format="json", outcome=outcome) == 0
    reports = {
        dict(labels)["format"] + " " + dict(labels)["outcome"]: value
        for (name, labels), value in after.items()
        if name == "linksms_reports_total" and value
    }
    assert reports == {
        "json delivered": 2,
        "json failed": 1,
        "json unknown": 1,
        "json pending": 1,
        "form delivered": 1,
        "query pending": 1,
    }
    statuses = {
        dict(labels)["status"]: value
        for (name, labels), value in after.items()
        if name == "linksms_requests_total"
    }
    assert statuses == {
        "200": 9,
        "400": 1,
        "404": 1,
        "405": 1,
        "413": 1,
        "401": 0,
        "403": 0,
        "503": 0,
    }
    assert figure(after, "linksms_duplicate_reports_total") == 1
    assert figure(after, "linksms_incoming_messages_total") == 1
    assert figure(after, "linksms_unreadable_requests_total") == 1
    assert figure(after, "linksms_commits_total") == 9
    assert figure(after, "linksms_commit_seconds_total") > 0
    assert figure(after, "linksms_commit_failures_total") == 0
    assert figure(after, "linksms_store_writable") == 1
    assert figure(after, "linksms_requests_waiting") == 0
    assert figure(before, "process_start_time_seconds") == figure(
        after, "process_start_time_seconds"
    )
    assert not any(name.startswith("linksms_forward") for name, _ in after)


def test_what_waits_for_a_target_is_true_after_a_restart(
    environment: dict[str, str], linksms: Linksms
) -> None:
    """Counts begin anew with the process; what waits stands in the store."""
    with a_target(lambda came, _: 422 if b'"bad"' in came.body else 503) as target:
        words = ("--metrics", "--forward-to", f"{target.url}/SECRET")
        name = f"{target.url}/…"

        def forwarding(server: Server, what: str) -> float:
            return figure(figures(server), f"linksms_forward_{what}", target=name)

        with running(environment, "listen", *words) as server:
            assert forwarding(server, "waiting") == forwarding(server, "oldest_seconds") == 0
            for identity in ("bad", "a", "b", "b"):
                assert request(server.url, report(id=identity)).status == 200
            until(lambda: forwarding(server, "set_aside") == 1)
            assert forwarding(server, "waiting") == 3
            oldest = forwarding(server, "oldest_seconds")
            server.process.send_signal(signal.SIGKILL)
        with running(environment, "listen", *words) as server:
            assert forwarding(server, "waiting") == 3
            assert forwarding(server, "set_aside") == 1
            assert forwarding(server, "oldest_seconds") > oldest > 0
            counted = figure(
                figures(server), "linksms_reports_total", format="json", outcome="delivered"
            )
            assert counted == 0
            assert "SECRET" not in ask(server).body.decode()
        # Another receiver on the store that forwards nothing shows nothing of it.
        with running(environment, "listen", "--metrics") as server:
            assert not any(name.startswith("linksms_forward") for name, _ in figures(server))
        assert len(linksms("listen", "--forward-pending", "--json").records) == 4


def test_a_store_that_cannot_be_written_is_seen(environment: dict[str, str]) -> None:
    folder = Path(environment["LINKSMS_STATE"])
    with a_target() as target:
        words = ("--metrics", "--forward-to", target.url)
        with running(environment, "listen", *words) as server:
            folder.rename(folder.with_name("elsewhere"))
            folder.write_text("no folder")
            assert request(server.url, report()).status == 503
            found = figures(server)
            assert figure(found, "linksms_store_writable") == 0
            assert figure(found, "linksms_commit_failures_total") == 1
            assert figure(found, "linksms_requests_total", status="503") == 1
            folder.unlink()
            assert request(server.url, report()).status == 200
            assert figure(figures(server), "linksms_store_writable") == 1


def test_they_are_shown_to_those_who_may_report(environment: dict[str, str]) -> None:
    environment |= {"LINKSMS_LISTEN_PASSWORD": "p", "LINKSMS_LISTEN_HEADER": "h"}
    words = ("--metrics", "--auth", "link", "--require-header", "X-Token")
    with running(environment, "listen", *words) as server:
        assert ask(server).status == 401
        assert server.event()["reason"] == "credentials"
        assert ask(server, Authorization="Basic bGluazpw").status == 403
        answer = ask(server, Authorization="Basic bGluazpw", X_Token="h")
        assert answer.status == 200
        login = {"Authorization": "Basic bGluazpw", "X-Token": "h"}
        here = f"http://{urlsplit(server.url).netloc}/metrics"
        assert request(here, headers=login, method="HEAD").body == b""
        refused = request(here, b"x", login)
        assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD")
    with running(environment, "listen", "--metrics", "--allow", "192.0.2.1") as server:
        assert ask(server).status == 403


def test_they_are_there_only_if_asked_for(environment: dict[str, str], linksms: Linksms) -> None:
    with running(environment, "listen") as server:
        assert ask(server).status == 404
    for path in ("/metrics", "/metrics/"):
        done = linksms("listen", "--metrics", "--path", path, "--timeout", "0")
        assert (done.code, "--path /metrics is taken" in done.stderr) == (2, True)
    done = linksms("listen", "--port", "0", "--path", "/metrics", "--timeout", "0")
    assert done.code == 0
    words = ("--port", "0", "--timeout", "0", "--path", "/dlr/kYx3Qm8rTz5vWn2c")
    done = linksms("listen", "--host", "0.0.0.0", *words, env={"LINKSMS_LISTEN_METRICS": "1"})  # noqa: S104
    assert "anybody who can reach this address can read /metrics" in done.stderr


def test_whoever_asks_for_them_again_and_again_holds_up_no_report(
    environment: dict[str, str],
) -> None:
    with (
        ExitStack() as ends,
        a_target(lambda _came, _handler: 503) as target,
        running(environment, "listen", "--metrics", "--forward-to", target.url) as server,
    ):
        address = urlsplit(server.url)
        clients = []
        for _ in range(20):
            client = socket.create_connection((address.hostname, address.port))
            ends.enter_context(client)
            client.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 500)  # and read nothing
            clients.append(client)
        with ThreadPoolExecutor(8) as many:
            bodies = [report(id=f"m{number}") for number in range(200)]
            answers = list(many.map(lambda body: request(server.url, body).status, bodies))
        assert answers == [200] * 200
        assert figure(figures(server), "linksms_requests_total", status="200") == 200


@pytest.mark.parametrize("words", [("--replay",), ("--forward-pending",), ("--raw", "1")])
def test_nothing_is_served_by_what_only_looks(linksms: Linksms, words: tuple[str, ...]) -> None:
    done = linksms("listen", "--metrics", *words)
    assert (done.code, "--metrics" in done.stderr) == (2, True)

"""`linksms listen` as a service: behind a proxy, with options from the environment, unread."""

import json
import os
from pathlib import Path

import pytest

from tests.conftest import Linksms, until
from tests.reporting import report, request
from tests.server import running


def test_a_report_to_the_wrong_path_is_told_once_a_minute(environment: dict[str, str]) -> None:
    with running(environment, "listen", "--path", "/dlr/SECRET") as server:
        wrong = server.url.replace("/dlr/SECRET", "/dlr2?id=1")
        assert request(wrong, report()).status == request(wrong, report()).status == 404
        assert request(server.url, report()).status == 200
        told = server.event()
        assert told.pop("received_at").endswith("Z")
        assert told == {
            "event": "unmatched",
            "remote": "127.0.0.1",
            "method": "POST",
            "path": "/dlr2",
        }
        assert server.event()["event"] == "report"


def test_it_goes_on_when_nobody_reads_and_says_so_once(
    environment: dict[str, str], linksms: Linksms
) -> None:
    with running(environment, "listen") as server:
        server.leave()
        for number in range(3):
            assert request(server.url, report(id=f"m{number}")).status == 200
        assert "nobody reads stdout" in server.warning()
        assert request(server.url, report(id="m3")).status == 200
        ended = server.end()
    assert (ended.code, ended.stderr.count("nobody reads")) == (0, 0)
    assert len(linksms("listen", "--replay", "--json").records) == 4


def test_every_option_comes_from_the_environment(
    environment: dict[str, str], linksms: Linksms
) -> None:
    environment |= {
        "LINKSMS_LISTEN_PATH": "/dlr/SECRET",
        "LINKSMS_LISTEN_HOST": "127.0.0.2",
        "LINKSMS_LISTEN_REPLY_BODY": "<ok/>",
        "LINKSMS_LISTEN_AUTH": "link",
        "LINKSMS_LISTEN_PASSWORD": "s",
        "LINKSMS_LISTEN_ALLOW": "127.0.0.1 127.0.0.0/8",
        "LINKSMS_LISTEN_PUBLIC_URL": "https://sms.example.com/dlr/SECRET",
    }
    with running(environment, "listen") as server:
        assert server.url.startswith("http://127.0.0.2:")
        assert server.url.endswith("/dlr/SECRET")
        assert request(server.url, report()).status == 401
        answer = request(server.url, report(), {"Authorization": "Basic bGluazpz"})
        assert (answer.status, answer.body) == (200, b"<ok/>")
        command = Path(f"/proc/{server.process.pid}/cmdline").read_bytes()
        assert b"SECRET" not in command
        assert "https://sms.example.com/dlr/SECRET" not in server.end().stderr
    # They are there for every run, so those that make no sense break none.
    assert linksms("listen", "--replay", "--json").code == 0
    assert linksms("listen", "--forward-pending").code == 0


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("--public-url", "https://sms.example.com/x"), "URL     https://sms.example.com/x\n"),
        (("--host", "0.0.0.0"), "URL     http://HOST:"),  # noqa: S104 - that is what is tested
    ],
)
def test_link_support_is_told_a_url_that_it_can_reach(
    environment: dict[str, str], words: tuple[str, ...], shown: str
) -> None:
    with running(environment, "listen", *words, as_json=False) as server:
        assert shown in server.end().stderr


def test_a_proxy_that_is_trusted_says_who_asks(environment: dict[str, str]) -> None:
    words = ("--trusted-proxy", "127.0.0.1", "--allow", "192.0.2.0/24")
    with running(environment, "listen", *words) as server:

        def status(forwarded_for: str) -> int:
            return request(server.url, report(), {"X-Forwarded-For": forwarded_for}).status

        assert status("192.0.2.7") == 200
        assert server.event()["remote"] == "192.0.2.7"
        assert status("192.0.2.7, 198.51.100.1") == 403
        assert server.event()["remote"] == "198.51.100.1"
        assert request(server.url, report()).status == 403


def test_healthz_tells_the_truth(environment: dict[str, str]) -> None:
    """A store that is not one any more stops nobody from connecting."""
    folder = Path(environment["LINKSMS_STATE"])
    with running(environment, "listen") as server:
        health = server.url.replace("/dlr", "/healthz")
        assert request(health).status == 200
        folder.rename(folder.with_name("elsewhere"))
        folder.write_text("no folder")
        until(lambda: request(health).status == 503)
        assert "moved" in server.warning()
        assert "503" in server.warning()
        folder.unlink()
        until(lambda: request(health).status == 200)
        assert request(server.url, report()).status == 200
        os.stat(folder / "linksms.db")  # noqa: PTH116 - that it raises nothing is the point


def test_events_have_the_url_of_nobody_else(environment: dict[str, str]) -> None:
    words = ("--public-url", "https://sms.example.com/SECRET")
    with running(environment, "listen", *words) as server:
        assert "SECRET" not in json.dumps(server.ready)

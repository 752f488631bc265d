"""`linksms listen`, run as a process of its own."""

import base64
import os
import re
import signal
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from linksms_cli.adapters.http import server
from tests.conftest import Finished, Linksms, account
from tests.loopback import Recorder, http
from tests.reporting import INCOMING, Answer, report, request
from tests.server import running

STOPPED = Finished(code=0, stdout='{"event": "stopped", "reason": "signal"}\n', stderr="")
MESSAGE = "Dcshuhod0PMAAAFQ+/PbnR3x=="
EXPECTED = {
    "event": "report",
    "id": MESSAGE,
    "message_id": MESSAGE,
    "part": None,
    "result_code": 1001,
    "description": "Billed and delivered",
    "final": True,
    "delivered": "yes",
    "billed": "yes",
    "retry": "done",
    "operator": "no.telenor",
    "operator_result_code": "2",
    "segments": 1,
    "ref_id": None,
    "source": "2333",
    "destination": "+99955501234",
    "sent_timestamp": "2026-07-01T09:37:35Z",
    "timestamp": "2026-07-01T09:37:36Z",
    "gate_custom_parameters": {},
    "custom_parameters": {"source": "2333", "destination": "+99955501234"},
    "format": "json",
    "received_at": "…",
    "remote": "127.0.0.1",
    "duplicate": False,
    "message": {
        "outcome": "delivered",
        "final": True,
        "parts_expected": 1,
        "parts_reported": 1,
    },
}
XML = f"""<?xml version="1.0"?><report><id>{MESSAGE}</id><operator>no.telenor</operator>
<sentTimestamp>2026-07-01T09:37:35Z</sentTimestamp><timestamp>2026-07-01T09:37:36Z</timestamp>
<resultCode>1001</resultCode><operatorResultCode>2</operatorResultCode><segments>1</segments>
<customParameters><source>2333</source><destination>+99955501234</destination></customParameters>
</report>""".encode()
PAIRS = (
    f"id={MESSAGE}&operator=no.telenor&sentTimestamp=2026-07-01T09:37:35Z&"
    "timestamp=2026-07-01T09:37:36Z&resultCode=1001&operatorResultCode=2&segments=1&"
    "source=2333&destination=+99955501234"
)
# Each with the Content-Type it would come with, and with a wrong one: what it is decides.
SAMPLES: dict[str, tuple[str, bytes | None, str | None]] = {
    "json": ("", report(), "application/json"),
    "xml": ("", XML, "text/xml; charset=utf-8"),
    "form": ("", PAIRS.encode(), "application/x-www-form-urlencoded"),
    "query by GET": (f"?{PAIRS}", None, None),
    "query by POST": (f"?{PAIRS}", b"", None),
    "json called a form": ("", report(), "application/x-www-form-urlencoded"),
    "xml called JSON": ("", XML, "application/json"),
    "form called XML": ("", PAIRS.encode(), "text/xml"),
}


def without_time(event: dict[str, Any]) -> dict[str, Any]:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["received_at"])
    return event | {"received_at": "…"}


def test_every_format_is_the_same_event(environment: dict[str, str]) -> None:
    with running(environment, "listen") as receiver:
        for place, (name, (query, body, content_type)) in enumerate(SAMPLES.items()):
            headers = {"Content-Type": content_type} if content_type else {}
            assert request(receiver.url + query, body, headers) == Answer(
                status=200, body=b"", headers={}
            )
            expected = EXPECTED | {"format": name.split()[0], "duplicate": place > 0}
            assert without_time(receiver.event()) == expected
        assert receiver.end() == STOPPED


def test_statuses_of_what_is_no_report(environment: dict[str, str]) -> None:
    with running(environment, "listen") as receiver:
        origin = receiver.url.removesuffix("/dlr")

        def status(path: str, body: bytes | None = None, method: str | None = None) -> int:
            return request(origin + path, body, method=method).status

        assert status("/healthz") == status("/healthz", method="HEAD") == 200
        assert status("/healthz", b"x") == status("/dlr", b"x", "PUT") == 405
        assert status("/") == status("/dlr//") == status("/DLR") == status("/x", report()) == 404
        assert status("/dlr") == status("/dlr/") == status("/dlr", b"") == 400
        assert status("/dlr", b" " * 65537) == status("/dlr", b" " * 2_000_000) == 413
        assert status("/dlr", report(x="y" * (65536 - len(report(x=""))))) == 200
        unmatched = receiver.event()
        assert (unmatched["event"], unmatched["method"], unmatched["path"]) == (
            "unmatched",
            "GET",
            "/",
        )
        assert receiver.event()["event"] == "report"
        assert receiver.end() == STOPPED


def test_what_cannot_be_read_is_stored_announced_and_acknowledged(
    environment: dict[str, str], linksms: Linksms
) -> None:
    with running(environment, "listen") as receiver:
        assert request(receiver.url, b"hello\x1b[2J", {"Content-Type": "text/plain"}).status == 200
        event = receiver.event()
    assert without_time(event) == {
        "event": "unreadable",
        "reason": "neither JSON nor XML nor key-value pairs",
        "number": 1,
        "method": "POST",
        "content_type": "text/plain",
        "size": 9,
        "excerpt": "hello\x1b[2J",
        "received_at": "…",
        "remote": "127.0.0.1",
    }
    assert linksms("listen", "--replay", "--json").records == [event]
    assert "\x1b" not in linksms("listen", "--replay").stdout


def test_an_incoming_message_is_told_as_what_it_is(
    environment: dict[str, str], linksms: Linksms
) -> None:
    with running(environment, "listen") as receiver:
        for body in (INCOMING, INCOMING, INCOMING.replace(b"STOP", b"Hi\\n\x1b[2J")):
            assert request(receiver.url, body).status == 200
        first, again, hostile = (receiver.event() for _ in range(3))
    assert without_time(first) == {
        "event": "incoming",
        "message_id": "mo1",
        "source": "+99955501234",
        "destination": "2333",
        "content": "STOP",
        "operator": None,
        "timestamp": None,
        "gate_custom_parameters": {},
        "custom_parameters": {},
        "format": "json",
        "received_at": "…",
        "remote": "127.0.0.1",
        "duplicate": False,
    }
    assert (again["duplicate"], hostile["content"]) == (True, "Hi\n\x1b[2J")
    assert linksms("listen", "--replay", "--json").records == [first, again, hostile]
    shown = linksms("listen", "--replay").stdout
    assert re.sub(r"\d\d:\d\d:\d\dZ", "HH:MM:SSZ", shown.partition("\n")[2]) == (
        "HH:MM:SSZ  incoming   +99955501234 to 2333\n           STOP\n           mo1\n"
        "HH:MM:SSZ  incoming   +99955501234 to 2333\n           STOP\n"
        "           mo1, came before\n"
        "HH:MM:SSZ  incoming   +99955501234 to 2333\n           Hi\n           \\x1b[2J\n"
        "           mo1, came before\n"
    )
    assert linksms("status").stderr == "nothing has been sent or reported yet\n"


def test_each_report_of_a_request_is_an_event(
    environment: dict[str, str], linksms: Linksms
) -> None:
    parts = [report(id=f"abc${part}", segments=2) for part in (0, 1, 1)]
    with running(environment, "listen") as receiver:
        assert request(receiver.url, b"[" + b",".join([*parts, b"5"]) + b"]").status == 200
        told = [receiver.event() for _ in range(4)]
    assert [(event["event"], event.get("part"), event.get("duplicate")) for event in told] == [
        ("report", 0, False),
        ("report", 1, False),
        ("report", 1, True),
        ("unreadable", None, None),
    ]
    assert told[-1]["reason"] == "1 of 4 in this request: no id or no resultCode"
    assert linksms("listen", "--replay", "--json").records == told
    found = linksms("status", "abc", "--json")
    assert (found.code, len(found.record["reports"])) == (0, 2)


def test_the_reply_body_is_given_byte_for_byte(environment: dict[str, str]) -> None:
    with running(environment, "listen", "--reply-body", os.fsdecode(b" <ok/>\xff\n")) as receiver:
        answer = request(receiver.url, report())
        assert (answer.status, answer.body) == (200, b" <ok/>\xff\n")
        assert answer.headers["content-type"] == "text/plain"
        assert request(receiver.url, b"hello").body == b" <ok/>\xff\n"
        assert request(receiver.url).body != b" <ok/>\xff\n"


def test_parts_join_into_a_message(environment: dict[str, str]) -> None:
    with running(environment, "listen") as receiver:

        def tell(part: int, code: int, second: int) -> dict[str, Any]:
            body = report(
                id=f"abc${part}",
                resultCode=code,
                segments="2",
                timestamp=f"2026-07-01T09:37:{second:02}Z",
            )
            assert request(receiver.url, body).status == 200
            message: dict[str, Any] = receiver.event()["message"]
            return message

        first = {"outcome": "pending", "final": False, "parts_expected": 2, "parts_reported": 1}
        both = {"outcome": "delivered", "final": True, "parts_expected": 2, "parts_reported": 2}
        assert tell(1, 1001, 5) == first
        assert tell(0, 1001, 6) == both
        assert tell(0, 1000, 9) == both
        assert tell(0, 2104, 7) == both | {"outcome": "failed"}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("right", 200),
        ("wrong", 401),
        ("", 401),
    ],
)
def test_auth_asks_for_the_password_of_the_environment(
    environment: dict[str, str], word: str, expected: int
) -> None:
    secret = {"LINKSMS_LISTEN_PASSWORD": "right"}
    with running(environment | secret, "listen", "--auth", "link") as receiver:
        token = base64.b64encode(f"link:{word}".encode()).decode()
        headers = {"Authorization": f"Basic {token}"} if word else {}
        answer = request(receiver.url, report(), headers)
        assert answer.status == expected
        event = receiver.event()
        if expected == 200:
            assert event["event"] == "report"
        else:
            assert answer.headers["www-authenticate"].startswith("Basic ")
            assert (event["event"], event["reason"]) == ("denied", "credentials")
            assert request(receiver.url, report()).status == 401
        ended = receiver.end()
        assert [event["event"] for event in ended.records] == ["stopped"]
        assert "right" not in ended.stderr


def test_a_required_header_must_have_its_value(environment: dict[str, str]) -> None:
    secret = {"LINKSMS_LISTEN_HEADER": "tøken"}
    with running(environment | secret, "listen", "--require-header", "X-Token") as receiver:
        good = {"X-Token": "tøken".encode().decode("latin-1")}
        assert request(receiver.url, report(), good).status == 200
        assert request(receiver.url, report(), {"X-Token": "token"}).status == 403
        assert request(receiver.url, report()).status == 403
        assert request(receiver.url.replace("/dlr", "/healthz")).status == 200
        events = [receiver.event() for _ in range(2)]
        assert [event["event"] for event in events] == ["report", "denied"]


@pytest.mark.parametrize("added", ["\n", "\r\n", "\r", " ", " \n"])
def test_what_a_secret_store_adds_shuts_nobody_out(environment: dict[str, str], added: str) -> None:
    secrets = {"LINKSMS_LISTEN_PASSWORD": f"right{added}", "LINKSMS_LISTEN_HEADER": f"tok{added}"}
    words = ("--auth", "link", "--require-header", "X-Token")
    with running(environment | secrets, "listen", *words) as receiver:
        for password in ("right", f"right{added.strip(chr(10))}"):
            basic = base64.b64encode(f"link:{password}".encode()).decode()
            headers = {"Authorization": f"Basic {basic}", "X-Token": "tok"}
            assert request(receiver.url, report(), headers).status == 200


@pytest.mark.parametrize(
    ("option", "variable"),
    [
        (("--auth", "link"), "LINKSMS_LISTEN_PASSWORD"),
        (("--require-header", "X-Token"), "LINKSMS_LISTEN_HEADER"),
    ],
)
@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("hid\udcffden", "contains a control character or is not UTF-8"),
        ("hidden\nhidden", "contains a line break. A secret is one line."),
        (" ", "is empty"),
    ],
)
def test_a_secret_that_nobody_could_show_is_refused(
    linksms: Linksms, option: tuple[str, str], variable: str, value: str, problem: str
) -> None:
    done = linksms("listen", "--port", "0", *option, env={variable: value})
    assert (done.code, done.stdout, done.stderr) == (3, "", f"error: {variable} {problem}\n")


def test_only_allowed_addresses_are_let_in(environment: dict[str, str]) -> None:
    with running(environment, "listen", "--allow", "link", "--allow", "10.0.0.0/8") as receiver:
        assert request(receiver.url, report()).status == 403
        assert receiver.event()["reason"] == "address"
        assert "behind a proxy" in receiver.end().stderr
    with running(environment, "listen", "--allow", "127.0.0.0/8", "--host", "::") as receiver:
        # On a socket for both, an IPv4 caller comes as ::ffff:127.0.0.1.
        url = receiver.url.replace("[::]", "127.0.0.1")
        assert request(url, report()).status == 200
        assert receiver.event()["remote"] == "127.0.0.1"


@pytest.mark.parametrize(
    ("code", "exit_code"), [(1001, 0), (2104, 5), (1010, 7)], ids=["delivered", "failed", "unknown"]
)
def test_until_final_ends_as_the_message_does(
    environment: dict[str, str], linksms: Linksms, code: int, exit_code: int
) -> None:
    with running(environment, "listen", "--until-final", "abc") as receiver:
        for body in (
            report(id="xyz", resultCode=code),
            report(id="abc", resultCode=1000),
            report(id="abc", resultCode=code, timestamp="2026-07-01T09:38:00Z"),
        ):
            assert request(receiver.url, body).status == 200
            assert receiver.event()["event"] == "report"
        ended = receiver.ended()
    stopped = [{"event": "stopped", "reason": "until-final"}]
    assert (ended.code, ended.records, ended.stderr) == (exit_code, stopped, "")
    again = linksms("listen", "--until-final", "abc", "--port", "0", "--json")
    assert (again.code, again.records) == (exit_code, stopped)


def test_until_final_sees_what_another_receiver_had(environment: dict[str, str]) -> None:
    with (
        running(environment, "listen", "--until-final", "abc") as waiting,
        running(environment, "listen") as other,
    ):
        assert request(other.url, report(id="abc")).status == 200
        assert waiting.ended().code == 0
        assert request(other.url, report(id="abc")).status == 200
        assert [other.event()["duplicate"] for _ in range(2)] == [False, True]


@pytest.mark.parametrize("asked", ["abc123", "abc", "abc123$0"])
def test_until_final_knows_what_the_gateway_answered(call: Linksms, asked: str) -> None:
    with Recorder(http(b"1001;Billed and delivered;abc123")) as gateway:
        send = ("send", "-t", "+99955501234", "-f", "LINK", "-q", "x")
        assert call(*send, env=account(gateway.url)).code == 0
    done = call("listen", "--port", "0", "--until-final", asked, "--timeout", "20s", "--json")
    assert (done.code, done.records) == (0, [{"event": "stopped", "reason": "until-final"}])
    assert call("status", asked).code == 0


@pytest.mark.parametrize("asked", ["abc$1", "a", "xyz$0"])
def test_until_final_means_the_message_by_a_part_or_a_beginning(
    environment: dict[str, str], asked: str
) -> None:
    with running(environment, "listen") as before:
        assert request(before.url, report(id="abc$0", segments=2)).status == 200
    with running(environment, "listen", "--until-final", asked) as receiver:
        for identity in ("def", "abc$1", "xyz"):
            assert request(receiver.url, report(id=identity, segments=2)).status == 200
            event = receiver.event()
            assert event["message_id"] == identity.partition("$")[0]
            if event["message_id"] == ("xyz" if asked == "xyz$0" else "abc"):
                break
        assert receiver.ended().code == 0


def test_until_final_is_pending_where_enough_reports_come_first(
    environment: dict[str, str],
) -> None:
    with running(environment, "listen", "--until-final", "zz", "--exit-after", "2") as receiver:
        for identity in ("abc", "zz$0"):
            assert request(receiver.url, report(id=identity, segments=2)).status == 200
        assert receiver.ended().code == 8


def test_exit_after_counts_new_reports(environment: dict[str, str]) -> None:
    with running(environment, "listen", "--exit-after", "2") as receiver:
        for identity in ("a", "a", "b"):
            assert request(receiver.url, report(id=identity)).status == 200
        ended = receiver.ended()
    assert ended.code == 0
    assert [(event["event"], event.get("duplicate")) for event in ended.records] == [
        ("report", False),
        ("report", True),
        ("report", False),
        ("stopped", None),
    ]


@pytest.mark.parametrize(
    ("words", "code"), [((), 0), (("--exit-after", "1"), 8), (("--until-final", "x"), 8)]
)
def test_a_timeout_is_pending_where_something_was_waited_for(
    linksms: Linksms, words: tuple[str, ...], code: int
) -> None:
    done = linksms("listen", "--port", "0", "--json", "--timeout", "0.2s", *words)
    assert (done.code, [event["event"] for event in done.records]) == (code, ["ready", "stopped"])


def test_replay_tells_the_same_again(environment: dict[str, str], linksms: Linksms) -> None:
    with running(environment, "listen") as receiver:
        for part in (1, 0, 0):
            assert request(receiver.url, report(id=f"abc${part}", segments=2)).status == 200
        assert request(receiver.url, b"hello").status == 200
        told = [receiver.event() for _ in range(4)]
    assert linksms("listen", "--replay", "--json").records == told
    since = told[2]["received_at"]
    assert linksms("listen", "--replay", "--since", since, "--json").records == told[2:]
    assert linksms("listen", "--replay", "--since", "1h", "--json").records == told
    assert linksms("listen", "--replay", "--since", "yesterday", "--json").records == told
    assert linksms("listen", "--replay", "--since", "0s", "--json").records == []
    wrong = linksms("listen", "--replay", "--since", "someday")
    assert wrong.stderr.startswith("error: --since 'someday' is not a time. Write it like 2h, ")


def test_replay_of_no_store_is_nothing(linksms: Linksms) -> None:
    done = linksms("listen", "--replay", "--json")
    assert (done.code, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_the_normal_end(environment: dict[str, str], ending: signal.Signals) -> None:
    with running(environment, "listen") as receiver:
        assert receiver.end(ending) == STOPPED


def test_a_busy_port_is_a_configuration_error(
    environment: dict[str, str], linksms: Linksms
) -> None:
    with running(environment, "listen") as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        done = linksms("listen", "--port", port)
    assert (done.code, done.stdout) == (3, "")
    assert done.stderr == (
        f"error: cannot listen on 127.0.0.1:{port}: Address already in use. "
        "Choose another --port (0 for any free one) or --host.\n"
    )


def test_without_the_server_one_line_says_so(
    call: Linksms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "find_spec", lambda _name: None)
    done = call("listen", "--port", "0")
    assert (done.code, done.stdout) == (3, "")
    assert done.stderr == (
        "error: listening needs the package httptools, which is not installed. "
        "Install it: pip install httptools\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--auth", "link"), 3, "LINKSMS_LISTEN_PASSWORD is not set"),
        (("--require-header", "X-Token"), 3, "LINKSMS_LISTEN_HEADER is not set"),
        (("--auth", "a:b"), 2, "--auth 'a:b' is not a valid user name"),
        (("--require-header", "X Token"), 2, "is not a valid header name"),
        (("--allow", "linkmobility.io"), 2, "is not a valid address"),
        (("--path", "dlr"), 2, "is not a valid path"),
        (("--path", "/dlr?x=1"), 2, "is not a valid path"),
        (("--path", "/healthz"), 2, "is taken"),
        (("--path", "/healthz/"), 2, "is taken"),
        (("--timeout", "soon"), 2, "is not a duration"),
        (("--until-final", ""), 2, "--until-final needs a message id"),
        (("--host", "no.such.host.invalid"), 3, "cannot listen on"),
        (("--host", "a..b"), 3, "cannot listen on a..b:0: there is no such host name."),
    ],
)
def test_what_cannot_be_is_said_in_a_line(
    call: Linksms, words: tuple[str, ...], code: int, message: str
) -> None:
    done = call("listen", "--port", "0", *words)
    assert (done.code, done.stdout) == (code, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_unusable_store_is_a_configuration_error(linksms: Linksms, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    for words in (("--port", "0"), ("--port", "0", "--until-final", "abc"), ("--replay",)):
        done = linksms("listen", *words)
        assert (done.code, "cannot be used" in done.stderr) == (3, True)


def test_a_person_sees_what_became_of_each_message(environment: dict[str, str]) -> None:
    with running(environment, "listen", "--timeout", "3s", as_json=False) as receiver:
        url = receiver.url
        for body in (report(id="abc$0", segments=2), report(id="def", resultCode=1004), b"hello"):
            assert request(url, body).status == 200
        ended = receiver.ended()
    assert receiver.ready == f"Listening at {url} (Ctrl-C ends it)\n"
    assert re.sub(r"\d\d:\d\d:\d\dZ", "HH:MM:SSZ", ended.stdout) == (
        "HH:MM:SSZ  delivered  +99955501234  no.telenor  1001 Billed and delivered\n"
        "           abc, part 1 of 2, message pending\n"
        "HH:MM:SSZ  failed     +99955501234  no.telenor  1004 Mobile full\n"
        "           def\n"
        "           not delivered, not billed, final, 1 of 1 parts reported\n"
        f"  Meaning  {meaning(1004)}\n"
        "  Next     Try again later, once the recipient has made room.\n"
        "  Resend   You can: nothing was delivered or billed.\n"
        "HH:MM:SSZ  unreadable  5 bytes from 127.0.0.1, stored as number 3\n"
        "           neither JSON nor XML nor key-value pairs\n"
        "           hello\n"
        "           All of it: linksms listen --raw 3\n"
    )
    assert ended.stderr == (
        "What LINK Support needs to know:\n"
        f"  URL     {url}\n"
        "          Only this machine can reach that URL: give them the URL of the proxy\n"
        "          or tunnel that leads here.\n"
        "  Format  JSON; XML, form and query string are read too, by POST or GET\n"
        "  Answer  200, with an empty body\n"
        "Stopped: time is up.\n"
    )


def meaning(code: int) -> str:
    from linksms_cli.sms.codes import explain

    return explain(code).meaning


@pytest.mark.parametrize(
    ("words", "warned"),
    [
        (("--host", "0.0.0.0"), True),  # noqa: S104 - that is what it warns of
        (("--host", "0.0.0.0", "--path", "/dlr/kYx3Qm8rTz5vWn2c"), False),  # noqa: S104
        (("--host", "0.0.0.0", "--allow", "link"), False),  # noqa: S104
        ((), False),
    ],
)
def test_an_open_door_is_warned_of(linksms: Linksms, words: tuple[str, ...], warned: bool) -> None:
    done = linksms("listen", "--port", "0", "--timeout", "0", "--json", *words)
    assert ("anybody who can reach this address can send reports" in done.stderr) is warned


def test_base_urls_that_the_guide_lists_no_addresses_for_are_warned_of(linksms: Linksms) -> None:
    words = ("listen", "--port", "0", "--timeout", "0", "--host", "0.0.0.0", "--allow", "link")  # noqa: S104
    for host, warned in (("se", True), ("n-eu", False)):
        env = {"LINKSMS_BASE_URL": f"https://{host}.linkmobility.io/smscsimplehttp"}
        assert ("--allow link may refuse them all" in linksms(*words, env=env).stderr) is warned


def test_a_listener_who_does_not_read_stops_nobody(environment: dict[str, str]) -> None:
    """More than a pipe holds, and nobody reads it: reports are stored all the same."""
    with running(environment, "listen") as receiver:
        for number in range(300):
            assert request(receiver.url, report(id=f"m{number}")).status == 200
        time.sleep(0.5)
        receiver.process.terminate()
        assert receiver.process.wait(timeout=30) == 0


def test_a_closed_pipe_is_a_quiet_end_for_who_asks(environment: dict[str, str]) -> None:
    with running(environment, "listen", "--exit-with-reader") as receiver:
        receiver.leave()
        assert request(receiver.url, report()).status == 200
        assert receiver.ended() == Finished(code=1, stdout="", stderr="")


def test_tls_and_garbage_on_the_port_keep_no_report_away(environment: dict[str, str]) -> None:
    with running(environment, "listen") as receiver:
        port = int(receiver.url.split(":")[2].split("/")[0])
        for garbage in (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
            bytes(range(256)) * 8,
            b"GET\r\n\r\n",
            b"POST /dlr HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
            b"POST /dlr HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n",
        ):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
                client.sendall(garbage)
                assert client.recv(100).startswith(b"HTTP/1.1 400")
        assert request(receiver.url, report()).status == 200
        assert receiver.event()["event"] == "report"
        assert receiver.end().stderr == ""

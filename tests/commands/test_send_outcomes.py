"""Every way a send can end, with the outcome and the exit code that the contract gives it."""

import os
import re
from collections.abc import Iterator

import pytest

from tests.admin import TestGateway, gateway_of_tests
from tests.conftest import Linksms, account
from tests.loopback import Answer, Recorder, http, reset, then_close, trickle
from tests.ports import refusing, swallowing


@pytest.fixture(scope="module")
def process() -> Iterator[TestGateway]:
    with gateway_of_tests(os.environ) as gateway:
        yield gateway


@pytest.fixture
def sandbox(process: TestGateway) -> TestGateway:
    """A gateway that has seen nothing yet."""
    process.reset()
    return process


# number: outcome, exit code, result code, final, delivered, billed, retry, kind of error.
# Written from the contract's "What decides it" and the guide's table, by hand.
TABLE = {
    "+99955501234": ("accepted", 0, 1005, False, "no", "no", "wait", None),
    "+99910001000": ("accepted", 0, 1000, False, "no", "no", "wait", None),
    "+99910001005": ("accepted", 0, 1005, False, "no", "no", "wait", None),
    "+99910001007": ("accepted", 0, 1007, False, "yes", "no", "wait", None),
    "+99910001008": ("accepted", 0, 1008, False, "no", "yes", "wait", None),
    "+99910001011": ("accepted", 0, 1011, False, "no", "yes", "wait", None),
    "+99910001012": ("accepted", 0, 1012, False, "no", "no", "wait", None),
    "+99910001013": ("accepted", 0, 1013, False, "no", "no", "wait", None),
    "+99910001001": ("delivered", 0, 1001, True, "yes", "yes", "done", None),
    "+99910000001": ("not_sent", 6, 1, True, "no", "no", "safe", "temporary"),
    "+99910000003": ("not_sent", 6, 3, True, "no", "no", "safe", "temporary"),
    "+99910000100": ("rejected", 4, 100, True, "no", "no", "pointless", "credentials"),
    "+99910000101": ("rejected", 4, 101, True, "no", "no", "pointless", "credentials"),
    "+99910000102": ("rejected", 4, 102, True, "no", "no", "pointless", "credentials"),
    "+99910000103": ("rejected", 4, 103, True, "no", "no", "pointless", "credentials"),
    "+99910000004": ("unknown", 7, 4, True, "unknown", "unknown", "never", "unknown_outcome"),
    "+99910000005": ("unknown", 7, 5, True, "unknown", "unknown", "never", "unknown_outcome"),
    "+99910001010": ("unknown", 7, 1010, True, "unknown", "unknown", "never", "unknown_outcome"),
    "+99910009999": ("unknown", 7, 9999, False, "unknown", "unknown", "never", "unknown_code"),
    "+99910000000": ("rejected", 5, 0, True, "no", "no", "safe", "rejected"),
    "+99910000002": ("rejected", 5, 2, True, "no", "no", "pointless", "rejected"),
    "+99910000006": ("rejected", 5, 6, True, "no", "no", "safe", "rejected"),
    "+99910000105": ("rejected", 5, 105, True, "no", "no", "safe", "rejected"),
    "+99910001009": ("rejected", 5, 1009, True, "no", "yes", "never", "rejected"),
    "+99910002103": ("rejected", 5, 2103, True, "no", "no", "pointless", "rejected"),
    "+99910002104": ("rejected", 5, 2104, True, "no", "no", "pointless", "rejected"),
    "+99910002107": ("rejected", 5, 2107, True, "no", "no", "safe", "rejected"),
    "+99920000001": ("unknown", 7, None, False, "unknown", "unknown", "never", "timeout"),
    "+99920000002": ("unknown", 7, None, False, "unknown", "unknown", "never", "no_answer"),
    "+99920000003": ("unknown", 7, None, False, "unknown", "unknown", "never", "no_answer"),
    "+99920000004": ("unknown", 7, None, False, "unknown", "unknown", "never", "no_answer"),
    "+99920000005": ("not_sent", 3, None, True, "no", "no", "pointless", "redirect"),
    "+99920000006": ("unknown", 7, None, False, "unknown", "unknown", "never", "no_answer"),
    "+99920000007": ("unknown", 7, None, False, "unknown", "unknown", "never", "no_answer"),
    "+99920000008": ("unknown", 7, None, False, "unknown", "unknown", "never", "no_answer"),
    "+99920000009": ("accepted", 0, 1005, False, "no", "no", "wait", None),
    "+99920000010": ("unknown", 7, None, False, "unknown", "unknown", "never", "timeout"),
    "+99920000011": ("unknown", 7, None, False, "unknown", "unknown", "never", "no_answer"),
    "+99920000012": ("accepted", 0, 1005, False, "no", "no", "wait", None),
    "+99920000013": ("accepted", 0, 1005, False, "no", "no", "wait", None),
    "+99920000301": ("not_sent", 3, None, True, "no", "no", "pointless", "redirect"),
    "+99920000307": ("not_sent", 3, None, True, "no", "no", "pointless", "redirect"),
    "+99920000400": ("rejected", 5, None, True, "no", "no", "pointless", "http_status"),
    "+99920000401": ("rejected", 4, None, True, "no", "no", "pointless", "credentials"),
    "+99920000403": ("rejected", 4, None, True, "no", "no", "pointless", "credentials"),
    "+99920000404": ("not_sent", 3, None, True, "no", "no", "pointless", "not_a_gateway"),
    "+99920000407": ("not_sent", 3, None, True, "no", "no", "pointless", "proxy"),
    "+99920000408": ("unknown", 7, None, False, "unknown", "unknown", "never", "no_answer"),
    "+99920000410": ("rejected", 5, None, True, "no", "no", "pointless", "http_status"),
    "+99920000429": ("not_sent", 6, None, True, "no", "no", "safe", "throttled"),
    "+99920000500": ("unknown", 7, None, False, "unknown", "unknown", "never", "no_answer"),
    "+99920000502": ("unknown", 7, None, False, "unknown", "unknown", "never", "no_answer"),
    "+99920000511": ("not_sent", 3, None, True, "no", "no", "pointless", "network_login"),
    "+99920000503": ("unknown", 7, None, False, "unknown", "unknown", "never", "no_answer"),
}


# The behaviours in the order of their numbers, from +99920000001 (linksms-sandbox(1)).
BEHAVIOURS = (
    *("silent", "reset", "unreadable", "server_error", "redirect", "cut", "html", "empty"),
    *("without_id", "trickled", "huge", "gzip", "semicolon"),
)


def fault_of(number: str) -> dict[str, object] | None:
    """Return what has any number answered as that test number is; None for a plain one."""
    kind, figures = number[:8], int(number[8:])
    if kind == "+9991000":
        return {"answer": {"code": figures}}
    if kind == "+9992000":
        return {"status": figures} if figures > 99 else {"behaviour": BEHAVIOURS[figures - 1]}
    return None


def told(call: Linksms, sandbox: TestGateway, recipient: str) -> tuple[object, ...]:
    done = call(
        *("send", "-t", recipient, "-f", "LINK", "x", "--json", "--timeout", "0.7"),
        env=account(sandbox.url, password="a-marked-password"),
    )
    record = done.record
    assert record["sent_at"] is not None
    assert "a-marked-password" not in done.stdout + done.stderr
    error = record["error"] and record["error"]["kind"]
    keys = ("result_code", "final", "delivered", "billed", "retry")
    return record["outcome"], done.code, *(record[key] for key in keys), error


@pytest.mark.parametrize("recipient", TABLE)
def test_a_test_number(call: Linksms, sandbox: TestGateway, recipient: str) -> None:
    assert told(call, sandbox, recipient) == TABLE[recipient]


@pytest.mark.parametrize("recipient", [number for number in TABLE if fault_of(number)])
def test_a_fault_whatever_the_number(call: Linksms, sandbox: TestGateway, recipient: str) -> None:
    sandbox.fail(times=1, **fault_of(recipient) or {})
    assert told(call, sandbox, "+46700000000") == TABLE[recipient]
    assert told(call, sandbox, "+46700000000") == TABLE["+99955501234"]


# What a raw socket says: outcome, exit code, kind of error.
RAW: dict[str, tuple[Answer, tuple[str, int, str | None]]] = {
    "well formed at HTTP 500": (
        http(b"1005;Queued;abc", "500 Internal Server Error"),
        ("accepted", 0, None),
    ),
    "well formed at a redirect": (http(b"2104;Unknown;", "302 Found"), ("rejected", 5, "rejected")),
    "spaces and newline": (http(b" 1005 ; Queued ; abc \r\n"), ("accepted", 0, None)),
    "a code alone": (http(b"1005"), ("unknown", 7, "no_answer")),
    "not HTTP": (b"220 smtp.example ESMTP\r\n", ("unknown", 7, "no_answer")),
    "closed without an answer": (then_close(b""), ("unknown", 7, "no_answer")),
    "reset": (reset, ("unknown", 7, "no_answer")),
    "headers that never end": (trickle(b"HTTP/1.1 200 OK\r\nX-Slow: "), ("unknown", 7, "timeout")),
    "a lying gzip": (
        http(b"1005;Queued;abc", "200 OK", "Content-Encoding: gzip"),
        ("unknown", 7, "no_answer"),
    ),
    "cut off": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nConnection: close\r\n\r\n1005;Queued;abc",
        ("unknown", 7, "timeout"),
    ),
    "a header of 1 MB": (
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 1_000_000 + b"\r\n\r\n1005;Queued;abc",
        ("unknown", 7, "no_answer"),
    ),
    "a thousand headers": (
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: a\r\n" * 1000 + b"\r\n1005;Queued;abc",
        ("unknown", 7, "no_answer"),
    ),
}


@pytest.mark.parametrize(("answer", "expected"), RAW.values(), ids=RAW)
def test_raw_sockets(call: Linksms, answer: Answer, expected: tuple[str, int, str | None]) -> None:
    with Recorder(answer) as gateway:
        done = call(
            *("send", "-t", "+99955501234", "-f", "LINK", "x", "--json", "--timeout", "1.5"),
            env=account(gateway.url),
        )
    error = done.record["error"]
    assert (done.record["outcome"], done.code, error and error["kind"]) == expected
    assert len(gateway.requests) == 1


def test_no_connection_is_not_sent(call: Linksms) -> None:
    with refusing() as port:
        env = account(f"http://127.0.0.1:{port}/smscsimplehttp")
        done = call("send", "-t", "+99955501234", "-f", "LINK", "x", "--json", env=env)
    record = done.record
    assert (done.code, record["outcome"], record["retry"]) == (6, "not_sent", "safe")
    assert record["error"]["message"] == "no connection: connection refused"
    assert record["sent_at"] is None


def test_no_name_is_not_sent(call: Linksms) -> None:
    env = account("https://gateway.invalid/smscsimplehttp")
    done = call(
        *("send", "-t", "+99955501234", "-f", "LINK", "x", "--json", "--timeout", "5"), env=env
    )
    assert (done.code, done.record["outcome"], done.record["retry"]) == (6, "not_sent", "safe")


def test_a_connection_that_is_never_taken_is_not_sent(call: Linksms) -> None:
    with swallowing() as port:
        done = call(
            *("send", "-t", "+99955501234", "-f", "LINK", "x", "--json", "--timeout", "0.5"),
            env=account(f"http://127.0.0.1:{port}/x"),
        )
    assert (done.code, done.record["outcome"], done.record["sent_at"]) == (6, "not_sent", None)


def test_what_comes_from_outside_never_reaches_the_terminal_raw(call: Linksms) -> None:
    with Recorder(http(b"104;\x1b[31mred\x9b0m \x07\xe2\x80\xaebell;\x1b]0;x\x07")) as gateway:
        words = ("send", "-t", "+99955501234", "-f", "LINK", "x")
        plain = call(*words, env=account(gateway.url))
        colour = call(*words, env=account(gateway.url) | {"FORCE_COLOR": "1"})
        program = call(*words, "--json", env=account(gateway.url))
    assert r"104 \x1b[31mred" in plain.stdout
    assert colour.stdout.startswith("\x1b[31mrejected \x1b[0m")
    assert re.sub(r"\x1b\[(31|2|0)m", "", colour.stdout) == plain.stdout
    for done in (plain, program):
        assert not [c for c in done.stdout + done.stderr if c in "\x07\x1b\x9b\u202e"]


def test_several_results_share_one_exit_code(call: Linksms, sandbox: TestGateway) -> None:
    def code(*numbers: str) -> int:
        recipients = [word for number in numbers for word in ("-t", number)]
        words = ("send", *recipients, "-f", "LINK", "x", "--timeout", "0.7")
        return call(*words, env=account(sandbox.url)).code

    assert code("+99955501234", "+99955501235") == 0
    assert code("+99910002104", "+99910002106") == 5
    assert code("+99910002104", "+99955501234") == 9
    assert code("+99910002104", "+99910000004", "+99955501234") == 7


def test_refused_credentials_stop_the_rest(call: Linksms, sandbox: TestGateway) -> None:
    done = call(
        *("send", "-t", "+99910000103", "-t", "+99955501234", "-f", "LINK", "x", "--json"),
        env=account(sandbox.url),
    )
    assert done.code == 4
    assert [record["outcome"] for record in done.records] == ["rejected", "not_sent"]
    assert done.records[1]["error"]["kind"] == "stopped"
    assert [each["to"] for each in sandbox.messages()] == ["+99910000103"]


def test_a_recipient_given_twice_is_sent_once(call: Linksms, sandbox: TestGateway) -> None:
    words = ("send", "-t", "+99955501234", "-t", "+999 555 01234", "-f", "LINK", "x", "--json")
    once = call(*words, env=account(sandbox.url))
    between = len(sandbox.messages())
    twice = call(*words, "--allow-duplicates", env=account(sandbox.url))
    after = len(sandbox.messages())
    assert [record["outcome"] for record in once.records] == ["accepted", "skipped"]
    assert once.records[1]["message_id"] == once.records[0]["message_id"]
    assert [record["outcome"] for record in twice.records] == ["accepted", "accepted"]
    assert (between, after - between) == (1, 2)
    assert (once.code, twice.code) == (0, 0)

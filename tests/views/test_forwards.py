"""What is said of reports that are forwarded, as they go and afterwards."""

from dataclasses import replace

import pytest

from linksms_cli.sms.dlr.receiving import ForwardFailed, ReportForwarded
from linksms_cli.sms.forward.due import ForwardState, State
from linksms_cli.sms.text.ansi import stripped
from linksms_cli.views import forwards as view
from tests.stories import forward

TARGET = "https://crm.example/dlr"
TAKEN = ReportForwarded(
    target=TARGET,
    number=7,
    id="abc$0",
    webhook_id="msg_1",
    attempt=1,
    status=204,
    elapsed_ms=12,
    forwarded_at="2026-11-26T09:00:07.000Z",
)
FAILED = ForwardFailed(
    target=TARGET,
    number=7,
    id="abc$0",
    webhook_id="msg_1",
    attempt=2,
    status=503,
    error=None,
    set_aside=False,
    next_attempt_at="2026-11-26T09:00:09.000Z",
    failures=1,
    failed_at="2026-11-26T09:00:07.000Z",
)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (TAKEN, "09:00:07Z  forwarded  abc$0 to https://crm.example/dlr (204, 12 ms)"),
        (
            replace(TAKEN, id=None),
            "09:00:07Z  forwarded  number 7 to https://crm.example/dlr (204, 12 ms)",
        ),
        (
            replace(TAKEN, id="a\n\x1b[1m"),
            "09:00:07Z  forwarded  a\\x0a\\x1b[1m to https://crm.example/dlr (204, 12 ms)",
        ),
        (
            FAILED,
            (
                "09:00:07Z  not forwarded  abc$0 to https://crm.example/dlr: status 503; next "
                "attempt at 09:00:09Z"
            ),
        ),
        (
            replace(FAILED, status=None, error="connection refused", failures=2),
            (
                "09:00:07Z  not forwarded  abc$0 to https://crm.example/dlr: connection refused; "
                "next attempt at 09:00:09Z, 2 failures so far"
            ),
        ),
        (
            replace(FAILED, status=404, set_aside=True, next_attempt_at=None),
            "09:00:07Z  not forwarded  abc$0 to https://crm.example/dlr: status 404; set aside",
        ),
    ],
)
def test_an_event_is_a_line(event: ReportForwarded | ForwardFailed, said: str) -> None:
    assert stripped(view.as_text(event)) == said


def test_the_colour_says_whether_it_was_taken() -> None:
    assert "\x1b[32mforwarded\x1b[0m" in view.as_text(TAKEN)
    assert "\x1b[31mnot forwarded\x1b[0m" in view.as_text(FAILED)


def test_the_record_of_an_event_has_all_that_is_known() -> None:
    assert view.as_record(TAKEN) == {
        "event": "forwarded",
        "target": TARGET,
        "number": 7,
        "id": "abc$0",
        "webhook_id": "msg_1",
        "attempt": 1,
        "status": 204,
        "elapsed_ms": 12,
        "forwarded_at": "2026-11-26T09:00:07.000Z",
    }
    assert view.as_record(FAILED) == {
        "event": "forward_failed",
        "target": TARGET,
        "number": 7,
        "id": "abc$0",
        "webhook_id": "msg_1",
        "attempt": 2,
        "status": 503,
        "error": None,
        "set_aside": False,
        "next_attempt_at": "2026-11-26T09:00:09.000Z",
        "failures": 1,
        "failed_at": "2026-11-26T09:00:07.000Z",
    }


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (forward(), "forwarded at 2026-11-26 09:00:07Z to https://crm.example/dlr"),
        (
            forward(attempts=2),
            "forwarded at 2026-11-26 09:00:07Z to https://crm.example/dlr after 2 attempts",
        ),
        (forward(forwarded_at=None), "forwarded to https://crm.example/dlr"),
        (forward(State.WAITING, attempts=0), "waits for https://crm.example/dlr"),
        (
            forward(State.WAITING, status=503),
            "waits for https://crm.example/dlr: status 503",
        ),
        (
            forward(State.WAITING, attempts=3, failure="connection refused"),
            "waits for https://crm.example/dlr after 3 attempts: connection refused",
        ),
        (
            forward(State.SET_ASIDE, attempts=2, status=404),
            "set aside for https://crm.example/dlr after 2 attempts: status 404",
        ),
        (forward(State.SET_ASIDE), "set aside for https://crm.example/dlr"),
    ],
)
def test_a_report_tells_what_became_of_it_at_a_target(state: ForwardState, said: str) -> None:
    assert view.state_text(state) == said


def test_what_is_not_forwarded_is_counted() -> None:
    counts = {State.WAITING: 2, State.SET_ASIDE: 1}
    assert view.pending_text(TARGET, counts) == f"{TARGET}: 2 waiting, 1 set aside"
    assert view.pending_text(TARGET, counts | {State.WAITING: 0}) == f"{TARGET}: 1 set aside"


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 set aside for https://crm.example/dlr waits again"),
        (2, "2 set aside for https://crm.example/dlr wait again"),
    ],
)
def test_what_is_forwarded_again_is_counted(count: int, said: str) -> None:
    assert view.again_text(TARGET, count) == said
    assert view.again_record(TARGET, count) == {"target": TARGET, "forwarded_again": count}

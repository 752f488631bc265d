"""What decides the outcome of an attempt: the answer, else the HTTP status, else what was sent."""

import pytest

from linksms_cli.errors import ExitCode
from linksms_cli.sms.codes import Certainty, Retry, explain, table
from linksms_cli.sms.mt import answer, verdict
from linksms_cli.sms.mt.exchange import Exchange, Fault
from linksms_cli.sms.mt.rulings import RULINGS
from linksms_cli.sms.mt.verdict import Verdict, decide, missing_id

CODES = [code.code for code in table()]
UNKNOWN_CODES = [7, 999, 1014, 123456]
TEMPORARY = [1000, 1005, 1007, 1008, 1011, 1012, 1013]
THROTTLING = [1, 3]
CREDENTIALS = [100, 101, 102, 103]
IN_DOUBT = [4, 5, 1010]
BILLED_FOR_NOTHING = 1009
# Neither accepted nor one of those above: the gateway's plain no.
REFUSALS = sorted(
    set(CODES) - {*TEMPORARY, 1001, *THROTTLING, *CREDENTIALS, *IN_DOUBT, BILLED_FOR_NOTHING}
)

NO_EFFECT = "It had no effect and is safe to send again."
NOTHING_SENT = "Nothing was sent."
IN_DOUBT_HINT = "Do not send it again blindly: it may have been sent and billed."


def answered(code: int, *, status: int = 200, words: str = "Some words") -> Exchange:
    body = f"{code};{words};the-id"
    return Exchange(sent=True, elapsed=0.1, status=status, answer=answer.parse(body))


def replied(status: int, *, cut_off: bool = False) -> Exchange:
    """Return an attempt that HTTP answered with something that is no answer of the gateway."""
    return Exchange(sent=True, elapsed=0.1, status=status, may_have_answered=cut_off)


def broken(fault: Fault, *, sent: bool) -> Exchange:
    return Exchange(sent=sent, elapsed=0.1, fault=fault, detail="what broke")


# How it ends: outcome, exit code, the word for programs.
Ending = tuple[str, int, str | None]
ACCEPTED: Ending = ("accepted", 0, None)
DELIVERED: Ending = ("delivered", 0, None)
TRY_LATER: Ending = ("not_sent", 6, "temporary")
BAD_CREDENTIALS: Ending = ("rejected", 4, "credentials")
REJECTED: Ending = ("rejected", 5, "rejected")
REFUSED_BY_HTTP: Ending = ("rejected", 5, "http_status")
UNKNOWN: Ending = ("unknown", 7, "no_answer")

BY_CODE: list[tuple[list[int], Ending]] = [
    (TEMPORARY, ACCEPTED),
    ([1001], DELIVERED),
    (THROTTLING, TRY_LATER),
    (CREDENTIALS, BAD_CREDENTIALS),
    (IN_DOUBT, ("unknown", 7, "unknown_outcome")),
    (UNKNOWN_CODES, ("unknown", 7, "unknown_code")),
    ([BILLED_FOR_NOTHING, *REFUSALS], REJECTED),
]
OTHER_4XX = [s for s in range(400, 500) if s not in {401, 403, 404, 407, 408, 429}]
BY_STATUS: list[tuple[list[int], Ending]] = [
    ([401, 403], BAD_CREDENTIALS),
    (list(range(300, 400)), ("not_sent", 3, "redirect")),
    ([404], ("not_sent", 3, "not_a_gateway")),
    ([407], ("not_sent", 3, "proxy")),
    ([511], ("not_sent", 3, "network_login")),
    ([429], ("not_sent", 6, "throttled")),
    (OTHER_4XX, REFUSED_BY_HTTP),
    ([200, 204, 299, 408, 500, 502, 503, 504, 510, 512, 599], UNKNOWN),
]
BY_FAULT_UNSENT: list[tuple[Fault, Ending]] = [
    (Fault.NAME, ("not_sent", 6, "name")),
    (Fault.TLS, ("not_sent", 6, "tls")),
    (Fault.PROXY, ("not_sent", 6, "proxy")),
    (Fault.INTERRUPTED, ("not_sent", 6, "interrupted")),
    (Fault.RESOURCES, ("not_sent", 6, "resources")),
    *((fault, ("not_sent", 6, "connection")) for fault in (Fault.CONNECTION, Fault.TIMEOUT)),
]
BY_FAULT_SENT: list[tuple[Fault, Ending]] = [
    (Fault.TIMEOUT, ("unknown", 7, "timeout")),
    (Fault.INTERRUPTED, ("unknown", 7, "interrupted")),
    *(
        (fault, UNKNOWN)
        for fault in Fault
        if fault not in {Fault.TIMEOUT, Fault.INTERRUPTED, Fault.RESOURCES}
    ),
]

CASES: list[tuple[Exchange, Ending]] = [
    *((answered(code), ending) for codes, ending in BY_CODE for code in codes),
    *((replied(status), ending) for statuses, ending in BY_STATUS for status in statuses),
    # What arrived may be the start of an answer, so the status proves nothing.
    *((replied(s, cut_off=True), UNKNOWN) for s in (200, 302, 401, 404, 407, 418, 429, 500, 511)),
    *((broken(fault, sent=False), ending) for fault, ending in BY_FAULT_UNSENT),
    *((broken(fault, sent=True), ending) for fault, ending in BY_FAULT_SENT),
]


def ending(found: Verdict) -> Ending:
    return found.outcome, found.exit_code, found.problem.kind if found.problem else None


def named(exchange: Exchange) -> str:
    sent = "sent" if exchange.sent else "unsent"
    what = exchange.answer.code if exchange.answer else exchange.fault or exchange.status
    return f"{sent}-{what}{'-cut' if exchange.may_have_answered else ''}"


@pytest.mark.parametrize(("exchange", "expected"), CASES, ids=[named(case) for case, _ in CASES])
def test_an_attempt_ends_as_it_can_be_proved(exchange: Exchange, expected: Ending) -> None:
    assert ending(decide(exchange)) == expected


def test_the_table_has_every_code_of_the_guide() -> None:
    listed = [code for codes, _ in BY_CODE for code in codes if code not in UNKNOWN_CODES]
    assert sorted(listed) == CODES


@pytest.mark.parametrize("code", [*CODES, *UNKNOWN_CODES])
def test_a_well_formed_answer_decides_whatever_the_http_status(code: int) -> None:
    usual = decide(answered(code))
    for status in (201, 302, 400, 401, 403, 404, 407, 408, 429, 500, 503, 511):
        assert decide(answered(code, status=status)) == usual


@pytest.mark.parametrize("code", [*CODES, *UNKNOWN_CODES])
def test_the_three_values_are_those_of_the_code(code: int) -> None:
    found, known = decide(answered(code)), explain(code)
    assert (found.final, found.delivered, found.billed, found.retry) == (
        known.final,
        known.delivered,
        known.billed,
        known.retry,
    )
    assert (found.result_code, found.description) == (code, "Some words")
    assert (found.message_id, found.doubtful_id) == ("the-id", None)


@pytest.mark.parametrize(
    ("exit_code", "expected"),
    [
        (ExitCode.NOT_SENT, (True, Certainty.NO, Certainty.NO, Retry.SAFE)),
        (ExitCode.CONFIGURATION, (True, Certainty.NO, Certainty.NO, Retry.POINTLESS)),
        (ExitCode.CREDENTIALS, (True, Certainty.NO, Certainty.NO, Retry.POINTLESS)),
        (ExitCode.REJECTED, (True, Certainty.NO, Certainty.NO, Retry.POINTLESS)),
        (ExitCode.UNKNOWN, (False, Certainty.UNKNOWN, Certainty.UNKNOWN, Retry.NEVER)),
    ],
)
def test_without_an_answer_the_values_follow_from_what_is_proved(
    exit_code: ExitCode, expected: tuple[bool, Certainty, Certainty, Retry]
) -> None:
    silent = [decide(case) for case, _ in CASES if not case.answer]
    of_this = [found for found in silent if found.exit_code is exit_code]
    assert of_this
    for found in of_this:
        assert (found.final, found.delivered, found.billed, found.retry) == expected
        assert (found.result_code, found.description, found.message_id) == (None, None, None)
        assert found.doubtful_id is None


def test_only_what_had_no_effect_and_may_pass_is_tried_again() -> None:
    again = {named(case) for case, _ in CASES if decide(case).may_retry}
    assert again == {
        *("sent-1", "sent-3", "sent-429"),
        *("unsent-name", "unsent-proxy", "unsent-resources", "unsent-connection", "unsent-timeout"),
    }


def test_what_the_other_recipients_would_meet_too_stops_them() -> None:
    stopping = {named(case) for case, _ in CASES if decide(case).stops_the_rest}
    assert stopping == {
        *(f"sent-{code}" for code in CREDENTIALS),
        *("sent-401", "sent-403", "sent-404", "sent-407", "sent-511"),
        *(f"sent-{status}" for status in range(300, 400)),
    }


def problem_of(exchange: Exchange) -> tuple[str, str]:
    """Return what went wrong and what to do, in words; empty if nothing did."""
    problem = decide(exchange).problem
    return (problem.message, problem.hint or "") if problem else ("", "")


@pytest.mark.parametrize("exchange", [case for case, _ in CASES], ids=named)
def test_the_hint_says_whether_to_send_it_again(exchange: Exchange) -> None:
    found = decide(exchange)
    _, hint = problem_of(exchange)
    if found.exit_code is ExitCode.DONE:
        assert found.problem is None
    elif found.exit_code is ExitCode.UNKNOWN:
        assert hint == IN_DOUBT_HINT
    elif found.exit_code is ExitCode.NOT_SENT:
        assert hint.startswith(NO_EFFECT)
        assert hint == hint.strip()
    elif found.exit_code in {ExitCode.CREDENTIALS, ExitCode.CONFIGURATION}:
        assert hint.startswith(f"{NOTHING_SENT} ")
        assert len(hint) > len(NOTHING_SENT) + 1
    elif exchange.answer is None:
        assert hint.startswith(NOTHING_SENT)
    elif exchange.answer.code == BILLED_FOR_NOTHING:
        assert "billed twice" in hint
    else:
        assert hint == explain(exchange.answer.code).action


@pytest.mark.parametrize("exchange", [case for case, _ in CASES], ids=named)
def test_the_message_shows_what_came(exchange: Exchange) -> None:
    message, _ = problem_of(exchange)
    if not message:
        assert decide(exchange).exit_code is ExitCode.DONE
    elif exchange.answer:
        assert message.endswith(f": {exchange.answer.code} Some words")
    elif exchange.status:
        assert message.startswith(f"HTTP {exchange.status}")
    else:
        assert ("what broke" in message) is (exchange.fault is not Fault.INTERRUPTED)


def test_an_answer_without_words_gets_those_of_the_guide() -> None:
    message, _ = problem_of(answered(2104, words=""))
    assert message == "the gateway rejected it: 2104 Unknown subscriber"
    message, _ = problem_of(answered(7, words=""))
    assert message == "the gateway answered with an unknown code: 7"


def test_a_rejection_that_was_billed_says_so() -> None:
    billed, plain = problem_of(answered(BILLED_FOR_NOTHING)), problem_of(answered(2104))
    assert "it was billed" in billed[0]
    assert "billed" not in plain[0]


def test_a_cut_off_answer_says_so() -> None:
    whole, cut = problem_of(replied(200))[0], problem_of(replied(200, cut_off=True))[0]
    assert "cut off" in cut
    assert "cut off" not in whole


@pytest.mark.parametrize("place", range(len(RULINGS)))
def test_every_ruling_decides_a_case_of_this_table(
    place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [decide(case) for case, _ in CASES]
    rest = [*RULINGS[:place], *RULINGS[place + 1 :]]
    # Whatever falls through the rest.
    nothing = RULINGS[-1]._replace(holds=lambda _: True, kind="nothing", message="")
    monkeypatch.setattr(verdict, "RULINGS", [*rest, nothing])
    assert [decide(case) for case, _ in CASES] != before


@pytest.mark.parametrize(
    ("body", "whole", "says"),
    [
        ("1005;Queued;the-id", True, None),
        ("1005;Queued;", True, "without giving it an id"),
        ("1005;Queued;the-", False, "it came as the-"),
        ("2104;Unknown subscriber;", True, None),
        ("1001;Billed and delivered;", True, None),
    ],
)
def test_an_id_that_is_missing_or_in_doubt_is_warned_of(
    body: str, whole: bool, says: str | None
) -> None:
    taken = Exchange(sent=True, elapsed=0.1, status=200, answer=answer.parse(body, whole=whole))
    warning = missing_id("+99951", decide(taken))
    assert (warning is None) is (says is None)
    if warning and says:
        assert says in warning
        assert "+99951" in warning


def test_a_silence_misses_no_id() -> None:
    assert missing_id("+99951", decide(replied(500))) is None

"""The result of a recipient, made from the way its turn ended."""

import pytest

from linksms_cli.errors import ExitCode, StoreError
from linksms_cli.sms.codes import Certainty, Retry, explain
from linksms_cli.sms.dlr.delivery import Delivery
from linksms_cli.sms.dlr.tally import PartStatus, fold
from linksms_cli.sms.mt import answer
from linksms_cli.sms.mt.exchange import Exchange
from linksms_cli.sms.mt.message import Draft
from linksms_cli.sms.mt.order import Order
from linksms_cli.sms.mt.result import Problem, Result
from linksms_cli.sms.mt.result_of import ResultOf, as_stored, is_repeat, repeat, sent_before
from linksms_cli.sms.mt.submission import Submission
from linksms_cli.sms.mt.verdict import decide
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.text import segments

TO, OLD = "+99951", "+99952"
TEXT = "ж" * 71
ORDER = Order(
    recipients=(TO,),
    draft=Draft(source="LINK", text=TEXT),
    figures=segments.measure(TEXT),
    key="the-key",
)
MAKE = ResultOf(order=ORDER, profile="work")
PROBLEM = Problem("some_kind", "what happened", "what to do")


def submitted(outcome: Outcome, code: int | None = 1005, *, final: bool = False) -> Submission:
    return Submission(
        to=OLD,
        source="OLD",
        outcome=outcome,
        result_code=code,
        description="Some words",
        message_id="the-id",
        final=final,
        delivered=Certainty.NO,
        billed=Certainty.NO,
        retry=Retry.WAIT,
        encoding=segments.Encoding.UCS2,
        parts=3,
        profile="then",
        created_at="Monday",
        sent_at="Tuesday",
        updated_at="Wednesday",
        elapsed_ms=12,
    )


def reports(code: int) -> Delivery:
    return fold([PartStatus(None, code, "2026-01-01T00:00:00Z", 1, "2026-01-01T00:00:01Z")], 1)


def common(result: Result) -> tuple[str, str, str | None, int | None, str | None, str | None]:
    return result.to, result.source, result.encoding, result.parts, result.profile, result.key


ALL_OF_THE_ORDER = (TO, "LINK", "UCS-2", 2, "work", "the-key")
NO_EFFECT = (True, "no", "no")


def values(result: Result) -> tuple[bool, str, str]:
    return result.final, result.delivered, result.billed


@pytest.mark.parametrize(
    ("result", "outcome", "exit_code", "retry"),
    [
        (MAKE.refused(TO, PROBLEM), "refused", 10, "pointless"),
        (MAKE.interrupted(TO), "not_sent", 6, "safe"),
        (MAKE.held_back(TO, "the batch stopped"), "not_sent", 6, "safe"),
        (MAKE.held_back(TO, "no account", ExitCode.CONFIGURATION), "not_sent", 3, "safe"),
        (MAKE.not_stored(TO, StoreError("disk full", "Make room.")), "not_sent", 3, "safe"),
    ],
)
def test_what_had_no_effect_is_final_and_neither_delivered_nor_billed(
    result: Result, outcome: str, exit_code: int, retry: str
) -> None:
    assert (result.outcome, result.exit_code, result.retry) == (outcome, exit_code, retry)
    assert values(result) == NO_EFFECT
    assert common(result) == ALL_OF_THE_ORDER
    assert result.error
    assert (result.result_code, result.message_id, result.sent_at) == (None, None, None)


def test_the_reason_is_told() -> None:
    assert MAKE.refused(TO, PROBLEM).error == PROBLEM
    assert MAKE.unknown(TO, PROBLEM).error == PROBLEM
    told = MAKE.not_stored(TO, StoreError("disk full", "Make room.")).error
    assert told == Problem("store", "disk full: not sent", "Make room.")
    interrupted = MAKE.interrupted(TO).error
    assert interrupted
    assert (interrupted.kind, interrupted.message) == ("interrupted", "interrupted before its turn")


def test_what_another_process_may_be_sending_is_unknown() -> None:
    found = MAKE.unknown(TO, PROBLEM)
    assert (found.outcome, found.exit_code, found.retry) == ("unknown", 7, "never")
    assert values(found) == (False, "unknown", "unknown")
    assert common(found) == ALL_OF_THE_ORDER


def test_a_plan_is_not_final_and_has_nothing_to_try_again() -> None:
    found = MAKE.planned(TO)
    assert (found.outcome, found.exit_code, found.retry) == ("planned", 0, None)
    assert (values(found), found.error) == ((False, "no", "no"), None)
    assert common(found) == ALL_OF_THE_ORDER


def test_an_order_without_a_text_has_no_figures() -> None:
    bare = ResultOf(order=ORDER._replace(figures=None), profile=None)
    assert common(bare.planned(TO)) == (TO, "LINK", None, None, None, "the-key")


def test_an_attempt_has_all_that_its_verdict_says() -> None:
    said = answer.parse("1009;Some words;the-id")
    verdict = decide(Exchange(sent=True, elapsed=0.1, status=200, answer=said))
    found = MAKE.decided(TO, verdict, "Tuesday", 1.2346)
    assert common(found) == ALL_OF_THE_ORDER
    assert (found.outcome, found.exit_code, found.retry) == ("rejected", 5, "never")
    assert values(found) == (True, "no", "yes")
    assert (found.result_code, found.description) == (1009, "Some words")
    assert (found.message_id, found.sent_at, found.elapsed_ms) == ("the-id", "Tuesday", 1235)
    assert found.error == verdict.problem


@pytest.mark.parametrize("code", [1000, 1001, 1007, 1008, 1009, 1010, 2104, 7777])
def test_the_values_of_an_attempt_are_those_of_its_verdict(code: int) -> None:
    said = answer.parse(f"{code};Some words;the-id")
    verdict = decide(Exchange(sent=True, elapsed=0.1, status=200, answer=said))
    expected = (verdict.final, verdict.delivered, verdict.billed)
    assert values(MAKE.decided(TO, verdict, None, 0.1)) == expected


def test_those_behind_a_failure_that_all_would_share_are_not_sent() -> None:
    first = MAKE.refused(OLD, PROBLEM)._replace(exit_code=ExitCode.CREDENTIALS)
    found = MAKE.stopped(TO, first)
    assert (found.to, found.outcome, found.exit_code) == (TO, "not_sent", 4)
    assert found.error
    assert found.error.kind == "stopped"
    assert found.error.message == f"not tried after {OLD}: what happened"
    silent = MAKE.stopped(TO, first._replace(error=None)).error
    assert silent
    assert silent.message == f"not tried after {OLD}: refused"


@pytest.mark.parametrize(
    ("earlier", "reported", "exit_code", "kind", "message"),
    [
        (submitted(Outcome.ACCEPTED), None, 0, "once", "it was sent under this key on Monday"),
        (
            *(submitted(Outcome.ACCEPTED), reports(1000), 0, "once"),
            "it was sent under this key on Monday",
        ),
        (
            *(submitted(Outcome.ACCEPTED), reports(1001), 0, "once"),
            "it was sent under this key on Monday, and is delivered",
        ),
        (
            *(submitted(Outcome.ACCEPTED), reports(2104), 0, "once"),
            "it was sent under this key on Monday, and is finally not delivered",
        ),
        (
            *(submitted(Outcome.UNKNOWN, None), None, 7, "once_unknown"),
            "it may have been sent under this key on Monday",
        ),
        (
            *(submitted(Outcome.ACCEPTED), reports(1010), 7, "once_unknown"),
            "it may have been sent under this key on Monday",
        ),
        # What was not known is known by a report.
        (
            *(submitted(Outcome.UNKNOWN, None), reports(1001), 0, "once"),
            "it was sent under this key on Monday, and is delivered",
        ),
        (
            *(submitted(Outcome.REJECTED, 1009, final=True), None, 5, "once_billed"),
            "it was rejected and yet billed under this key on Monday",
        ),
    ],
)
def test_a_hit_of_a_key_is_skipped_with_what_is_known_now(
    earlier: Submission, reported: Delivery | None, exit_code: int, kind: str, message: str
) -> None:
    found = MAKE.skipped(TO, earlier, reported)
    assert (found.outcome, found.exit_code) == ("skipped", exit_code)
    assert found.error
    assert (found.error.kind, found.error.message) == (kind, message)
    assert (found.error.hint is None) is (exit_code == 0)
    # Numbers and key are those of this run, the rest is the message's own.
    assert (found.to, found.source, found.key) == (TO, "LINK", "the-key")
    assert (found.message_id, found.parts, found.profile) == ("the-id", 3, "then")
    known = reported or earlier
    words = explain(reported.result_code or 0).description if reported else "Some words"
    assert (found.description, found.encoding) == (words, "UCS-2")
    assert (found.result_code, found.final) == (known.result_code, known.final)
    assert (found.delivered, found.billed, found.retry) == (
        known.delivered,
        known.billed,
        known.retry,
    )


@pytest.mark.parametrize(
    ("outcome", "exit_code", "kind", "what"),
    [
        (Outcome.ACCEPTED, 0, "batch", "was sent"),
        (Outcome.DELIVERED, 0, "batch", "was sent"),
        (Outcome.PENDING, 0, "batch", "was sent"),
        (Outcome.UNKNOWN, 7, "batch_unknown", "may have been sent"),
        (Outcome.REJECTED, 5, "batch_rejected", "was sent, and rejected,"),
        (Outcome.FAILED, 5, "batch_failed", "was sent, and finally not delivered,"),
    ],
)
def test_a_row_sent_before_counts_as_what_it_came_to_then(
    outcome: Outcome, exit_code: int, kind: str, what: str
) -> None:
    found = sent_before(submitted(outcome), kind="batch", by="this batch")
    assert (found.outcome, found.exit_code, found.to) == ("skipped", exit_code, OLD)
    assert found.error
    assert found.error.kind == kind
    assert found.error.message == f"it {what} by this batch on Monday"
    assert (found.error.hint is None) is (outcome is not Outcome.UNKNOWN)
    assert (found.result_code, found.description) == (1005, "Some words")


def test_a_stored_submission_is_a_result_with_all_its_fields() -> None:
    sent = submitted(Outcome.DELIVERED, 1001, final=True)
    found = as_stored(sent)
    assert found.exit_code is ExitCode.DONE
    shared = set(Result._fields) & set(Submission._fields)
    assert len(shared) == 15
    for name in shared:
        assert getattr(found, name) == getattr(sent, name)


def test_a_recipient_given_again_is_skipped_with_the_first_result() -> None:
    first = MAKE.interrupted(TO)
    found = repeat(first)
    assert (found.outcome, found.exit_code, found.to) == ("skipped", first.exit_code, TO)
    assert found.error
    assert (found.error.kind, found.error.message) == (
        "duplicate",
        "given more than once, and handled only once: not sent",
    )
    assert is_repeat(found)
    assert not is_repeat(first)
    assert not is_repeat(MAKE.planned(TO))

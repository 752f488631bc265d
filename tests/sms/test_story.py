"""The story of a message: the submission, and what its reports say since."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from linksms_cli.sms.codes import explain
from linksms_cli.sms.dlr.report import Report
from linksms_cli.sms.dlr.tally import PartStatus, fold
from linksms_cli.sms.mt.submission import Submission
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.story import Story, StoryReport, exit_code_of

SENT = datetime(2026, 1, 1, tzinfo=UTC)


def submission(outcome: Outcome, code: int | None, created_at: str = "") -> Submission:
    known = explain(code if code is not None else 4)
    return Submission(
        to="+99951",
        source="LINK",
        outcome=outcome,
        result_code=code,
        description="the gateway's words",
        message_id="the-id",
        final=known.final,
        delivered=known.delivered,
        billed=known.billed,
        retry=known.retry,
        encoding=None,
        parts=2,
        profile=None,
        created_at=created_at or SENT.isoformat(),
        sent_at="then",
        updated_at="later",
        elapsed_ms=1,
    )


def story(outcome: Outcome, answered: int | None, reported: int | None = None) -> Story:
    said = PartStatus(None, reported or 0, "2026-01-01T00:00:00Z", 2, "2026-01-01T00:00:00.000Z")
    delivery = fold([said], 2) if reported is not None else None
    return Story(submission=submission(outcome, answered), delivery=delivery, reports=())


@pytest.mark.parametrize(
    ("told", "outcome", "code", "exit_code"),
    [
        (story(Outcome.ACCEPTED, 1005), "pending", 1005, 8),
        (story(Outcome.DELIVERED, 1001), "delivered", 1001, 0),
        (story(Outcome.REJECTED, 2104), "rejected", 2104, 5),
        (story(Outcome.NOT_SENT, 3), "not_sent", 3, 6),
        (story(Outcome.UNKNOWN, None), "unknown", None, 7),
        # Reports decide, whatever they say,
        (story(Outcome.ACCEPTED, 1005, 1000), "pending", 1000, 8),
        (story(Outcome.ACCEPTED, 1005, 1001), "delivered", 1001, 0),
        (story(Outcome.ACCEPTED, 1005, 2104), "failed", 2104, 5),
        (story(Outcome.ACCEPTED, 1005, 1010), "unknown", 1010, 7),
        (story(Outcome.UNKNOWN, 4, 1001), "delivered", 1001, 0),
        # but a final answer is not taken back by one that it is on its way.
        (story(Outcome.DELIVERED, 1001, 1000), "delivered", 1001, 0),
        (story(Outcome.REJECTED, 2104, 1000), "rejected", 2104, 5),
    ],
)
def test_what_became_of_a_message(told: Story, outcome: str, code: int, exit_code: int) -> None:
    assert (told.outcome, told.result_code, told.exit_code) == (outcome, code, exit_code)


def test_the_words_are_the_tables_for_a_report_and_the_gateways_for_its_answer() -> None:
    assert story(Outcome.ACCEPTED, 1005, 1001).description == "Billed and delivered"
    assert story(Outcome.ACCEPTED, 1005).description == "the gateway's words"
    assert Story(submission=None, delivery=fold([], None), reports=()).description is None


def test_every_outcome_has_the_exit_code_of_status() -> None:
    ends = {Outcome.DELIVERED: 0, Outcome.PENDING: 8, Outcome.UNKNOWN: 7, Outcome.NOT_SENT: 6}
    for outcome in Outcome:
        assert exit_code_of(outcome) == ends.get(outcome, 5)


@pytest.mark.parametrize(
    ("told", "hours", "expected"),
    [
        (story(Outcome.ACCEPTED, 1005), 47, False),
        (story(Outcome.ACCEPTED, 1005), 48, False),
        (story(Outcome.ACCEPTED, 1005), 49, True),
        (story(Outcome.ACCEPTED, 1005, 1000), 49, True),
        (story(Outcome.DELIVERED, 1001), 49, False),
        (story(Outcome.ACCEPTED, 1005, 2104), 49, False),
    ],
)
def test_only_what_is_pending_for_too_long_is_overdue(
    told: Story, hours: int, expected: bool
) -> None:
    assert told.is_overdue(SENT + timedelta(hours=hours), after=48 * 3600) is expected


def test_a_damaged_time_makes_nothing_overdue() -> None:
    damaged = submission(Outcome.ACCEPTED, 1005, created_at="yesterday")
    told = Story(submission=damaged, delivery=None, reports=())
    assert not told.is_overdue(SENT + timedelta(days=999), after=1)


def heard(received_at: str, **said: Any) -> StoryReport:
    bare = Report(
        id="theirs$0",
        message_id="theirs",
        part=0,
        result_code=1000,
        operator=None,
        operator_result_code=None,
        segments=1,
        ref_id=None,
        source="1234",
        destination="+99952",
        sent_timestamp="earlier",
        timestamp=None,
        gate_custom_parameters={},
        custom_parameters={},
        format=None,
    )
    return StoryReport(report=bare._replace(**said), received_at=received_at)


FIRST, LAST = "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"
TWO_REPORTS = (
    heard(FIRST, operator="One", ref_id="r-1"),
    heard(LAST, operator="Two", ref_id="r-2"),
    heard(FIRST),
)
# A message that others sent: its reports are all that is known.
THEIRS = Story(
    submission=None,
    delivery=fold([PartStatus(0, 1000, None, 1, FIRST)], None),
    reports=TWO_REPORTS,
)


def test_a_message_that_others_sent_is_known_by_its_reports() -> None:
    assert (THEIRS.message_id, THEIRS.handle) == ("theirs", "theirs")
    assert (THEIRS.to, THEIRS.source, THEIRS.sent_at) == ("+99952", "1234", "earlier")
    assert (THEIRS.answer, THEIRS.outcome, THEIRS.updated_at) == (None, "pending", LAST)
    # The last report that names one.
    assert (THEIRS.operator, THEIRS.reference) == ("Two", "r-2")
    assert (THEIRS.parts_expected, THEIRS.parts_reported) == (1, 1)
    assert replace(THEIRS, reports=TWO_REPORTS[2:]).operator is None
    assert replace(THEIRS, reports=TWO_REPORTS[2:]).reference is None


@pytest.mark.parametrize(
    "told",
    [replace(THEIRS, reports=(one,)) for one in TWO_REPORTS[:2]],
    ids=["its first", "its last"],
)
def test_one_report_is_enough_to_know_it_by(told: Story) -> None:
    (seen,) = told.reports
    assert (told.message_id, told.to, told.source) == ("theirs", "+99952", "1234")
    assert (told.sent_at, told.updated_at) == ("earlier", seen.received_at)
    assert (told.operator, told.reference) == (seen.report.operator, seen.report.ref_id)


def test_parts_are_counted_by_its_reports_and_before_them_by_what_was_sent() -> None:
    sent = story(Outcome.ACCEPTED, 1005)
    assert (sent.parts_expected, sent.parts_reported) == (2, 0)
    # The operator joined other parts than we counted.
    three = fold([PartStatus(0, 1001, None, 3, FIRST)], 2)
    told = replace(sent, delivery=three)
    assert (told.parts_expected, told.parts_reported) == (3, 1)


def test_its_age_counts_from_the_first_report() -> None:
    assert THEIRS.is_overdue(SENT + timedelta(hours=3), after=2 * 3600)
    assert not THEIRS.is_overdue(SENT + timedelta(hours=1), after=2 * 3600)
    late = replace(THEIRS, reports=tuple(reversed(TWO_REPORTS[:2])))
    assert not late.is_overdue(SENT + timedelta(hours=25), after=2 * 3600)


def test_a_submission_says_more_than_its_reports() -> None:
    ours = submission(Outcome.ACCEPTED, 1005)
    told = replace(THEIRS, submission=ours, number=7)
    assert (told.message_id, told.to, told.source) == ("the-id", "+99951", "LINK")
    assert (told.sent_at, told.updated_at) == ("then", "later")
    assert told.answer == "1005 the gateway's words"
    nameless = replace(told, submission=ours._replace(message_id=None))
    assert nameless.handle == "#7"
    assert replace(nameless, number=None).handle is None


@pytest.mark.parametrize(
    ("outcome", "code", "answer"),
    [
        (Outcome.UNKNOWN, None, None),
        (Outcome.REJECTED, 2104, "2104 the gateway's words"),
        # A wait has written what it saw last in the answer's place.
        (Outcome.FAILED, 2104, "accepted"),
        (Outcome.PENDING, 1000, "accepted"),
        (Outcome.DELIVERED, 1000, "accepted"),
    ],
)
def test_what_the_gateway_answered(outcome: Outcome, code: int | None, answer: str | None) -> None:
    told = Story(submission=submission(outcome, code), delivery=None, reports=(heard(FIRST),))
    assert told.answer == answer


def test_an_answer_without_words_is_its_code() -> None:
    told = story(Outcome.REJECTED, 2104)
    assert told.submission is not None
    for words in (None, ""):
        silent = replace(told, submission=told.submission._replace(description=words))
        assert silent.answer == "2104"

"""Grades of a receiver's answers, from the answers alone."""

import pytest

from linksms_cli.sms.dlr.report import Format
from linksms_cli.sms.sandbox.firing import Case, FiredAnswer, FiringSummary, Grade, Graded
from linksms_cli.sms.sandbox.grading import judge, not_tried

CASE = Case(name="twice", format=Format.JSON, title="the same report twice", mend="Take it again.")
RIGHT = FiredAnswer(status=200, body=b"OK", seconds=0.1)


def graded(
    *answers: FiredAnswer,
    expected: bytes | None = None,
    plain: Graded | None = None,
    case: Case = CASE,
) -> tuple[Grade, str | None, str | None]:
    found = judge(case, answers, expected=expected, plain=plain)
    return found.grade, found.reason, found.mend


def failed(status: int | None) -> Graded:
    return judge(CASE, [FiredAnswer(status=status)], expected=None, plain=None)


PLAIN = judge(CASE, [RIGHT], expected=None, plain=None)


def test_200_to_all_is_passed() -> None:
    assert graded(RIGHT, RIGHT) == (Grade.PASSED, None, None)
    assert graded(RIGHT, expected=b"OK") == (Grade.PASSED, None, None)


@pytest.mark.parametrize(
    ("status", "mend"),
    [
        (204, "Answer 200: the guide takes no other status for a receipt."),
        (301, "Give LINK the URL that it redirects to, or take the redirect away."),
        (401, "Give the credentials that LINK sends, with --header."),
        (404, "Check the path of the URL."),
        (None, "Look into the receiver's log: it gives no answer even to a plain report."),
        (500, CASE.mend),
    ],
)
def test_what_a_plain_report_meets_too_is_not_put_down_to_what_is_special(
    status: int | None, mend: str
) -> None:
    answer = FiredAnswer(status=status)
    assert graded(answer)[2] == mend
    assert graded(answer, plain=failed(status))[2] == mend
    assert graded(answer, plain=PLAIN)[2] == CASE.mend


def test_the_first_wrong_answer_says_what_is_wrong() -> None:
    wrong = FiredAnswer(status=500)
    assert graded(RIGHT, wrong, RIGHT)[:2] == (
        Grade.FAILED,
        "HTTP 500 instead of 200 (report 2)",
    )
    assert graded(FiredAnswer(status=None, failure="connection refused"))[:2] == (
        Grade.FAILED,
        "connection refused",
    )


def test_a_body_that_was_not_agreed_on_is_shown_in_part() -> None:
    long = FiredAnswer(status=200, body=b"\xff\n" + b"x" * 100)
    assert graded(long, expected=b"OK")[1] == (
        "the body is '\N{REPLACEMENT CHARACTER}\\n" + "x" * 38 + "…' instead of 'OK'"
    )


def test_what_is_slow_is_doubtful_and_what_is_wrong_is_failed_however_fast() -> None:
    slow = FiredAnswer(status=200, seconds=3.2)
    assert graded(RIGHT, slow)[:2] == (Grade.DOUBTFUL, "it took 3.2 s")
    assert graded(slow, FiredAnswer(status=500))[0] is Grade.FAILED


def test_what_is_to_be_refused_is_passed_unless_it_is_admitted() -> None:
    case = Case(name="x", format=Format.JSON, title="x", mend="Refuse it.", to_be_refused=True)
    for status in (401, 403, 500, None):
        assert graded(FiredAnswer(status=status), case=case)[0] is Grade.PASSED
    assert graded(RIGHT, case=case) == (Grade.DOUBTFUL, "it is admitted", "Refuse it.")


def test_a_summary_counts_and_measures_what_was_answered() -> None:
    found = FiringSummary.of(
        [
            PLAIN,
            judge(CASE, [FiredAnswer(status=500, seconds=0.4)], expected=None, plain=None),
            judge(CASE, [FiredAnswer(status=None, seconds=10)], expected=None, plain=None),
            not_tried(CASE),
        ]
    )
    assert found.record() == {
        "event": "summary",
        "cases": 4,
        "passed": 1,
        "doubtful": 0,
        "failed": 2,
        "not_tried": 1,
        "median_ms": 400,
        "slowest_ms": 400,
    }
    assert not found.all_passed
    assert FiringSummary.of([PLAIN]).all_passed
    assert FiringSummary.of([]).record()["median_ms"] is None

"""Grades of a receiver's answers, from the answers alone."""

import pytest

from linksms_cli.errors import UsageError
from linksms_cli.sms.dlr.report import Format
from linksms_cli.sms.sandbox.firing import (
    LONGEST,
    SWIFT,
    Case,
    FiredAnswer,
    FiringOrder,
    FiringSummary,
    Grade,
    Graded,
    as_record,
)
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
INSTEAD_OF_200 = "Answer 200: the guide takes no other status for a receipt."
REDIRECTED = "Give LINK the URL that it redirects to, or take the redirect away."


def test_200_to_all_is_passed() -> None:
    assert graded(RIGHT, RIGHT) == (Grade.PASSED, None, None)
    assert graded(RIGHT, expected=b"OK") == (Grade.PASSED, None, None)


@pytest.mark.parametrize(
    ("status", "mend"),
    [
        *((status, INSTEAD_OF_200) for status in (201, 202, 204)),
        *((status, REDIRECTED) for status in (301, 302, 303, 307, 308)),
        (401, "Give the credentials that LINK sends, with --header."),
        (403, "Give the header that LINK sends with --header, or admit this machine's address."),
        (404, "Check the path of the URL."),
        (
            405,
            "Take this method: JSON, XML and form reports come by POST, query reports by GET.",
        ),
        (
            415,
            "Take this Content-Type, or fire only the format that LINK sends you, with --format.",
        ),
        (429, "Do not limit LINK's rate: reports come as fast as messages are sent."),
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


def test_a_wrong_body_fails_whatever_comes_after_it() -> None:
    wrong = FiredAnswer(status=200, body=b"no", seconds=0.1)
    assert graded(wrong, RIGHT, expected=b"OK")[:2] == (
        Grade.FAILED,
        "the body is 'no' instead of 'OK' (report 1)",
    )


def test_what_failed_in_another_way_is_put_down_to_what_is_special() -> None:
    assert graded(FiredAnswer(status=404), plain=failed(500))[2] == CASE.mend


LOST = "LINK takes the report as not received."
REDIRECTS = "Nothing says that LINK follows redirects."


@pytest.mark.parametrize(
    ("answer", "begins", "ends"),
    [
        (FiredAnswer(status=None), LOST, "it may be lost."),
        (FiredAnswer(status=200, body=b"no"), LOST, "it may be lost."),
        *((FiredAnswer(status=status), LOST, "it may be lost.") for status in (204, 299, 400)),
        *((FiredAnswer(status=status), LOST, REDIRECTS) for status in (300, 301, 399)),
        (
            FiredAnswer(status=200, body=b"OK", seconds=3.1),
            "The guide names",
            "the report may be lost.",
        ),
    ],
)
def test_what_link_would_do_then_is_said(answer: FiredAnswer, begins: str, ends: str) -> None:
    found = judge(CASE, [answer], expected=b"OK", plain=None)
    assert (found.case, found.status, found.seconds) == (CASE, answer.status, answer.seconds)
    assert (found.next or "").startswith(begins)
    assert (found.next or "").endswith(ends)
    assert found.mend
    assert as_record(found) == {
        "event": "case",
        "case": "twice",
        "format": "json",
        "title": "the same report twice",
        "grade": found.grade,
        "status": answer.status,
        "elapsed_ms": round(answer.seconds * 1000),
        "reason": found.reason,
        "next": found.next,
        "mend": found.mend,
    }


def test_three_seconds_are_swift() -> None:
    assert graded(FiredAnswer(status=200, seconds=3.0)) == (Grade.PASSED, None, None)


def test_a_case_has_as_long_as_the_manual_says() -> None:
    assert (SWIFT, LONGEST) == (3.0, 10.0)


def test_what_was_not_tried_says_so() -> None:
    found = not_tried(CASE)
    assert (found.case, found.grade, found.status, found.seconds) == (
        *(CASE, Grade.NOT_TRIED, None),
        0.0,
    )
    assert found.reason == "the receiver had stopped answering"
    assert (found.next or "").startswith(LOST)
    assert found.mend == "Mend what failed before, and fire again."


@pytest.mark.parametrize(("length", "shown"), [(40, "x" * 40), (41, "x" * 40 + "…")])
def test_a_body_is_shown_up_to_forty_bytes(length: int, shown: str) -> None:
    answer = FiredAnswer(status=200, body=b"x" * length)
    assert graded(answer, expected=b"")[1] == f"the body is {shown!r} instead of ''"


def test_an_order_to_fire_needs_a_url_and_does_not_repeat_it() -> None:
    with pytest.raises(UsageError) as failure:
        FiringOrder(url="s3cret")
    assert failure.value.message.startswith("--fire ")
    assert "s3cret" not in f"{failure.value.message}{failure.value.hint}"
    assert FiringOrder(url="http://127.0.0.1:8080/dlr").is_local
    assert not FiringOrder(url="https://sms.example/dlr").is_local


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
    admitted = judge(case, [RIGHT], expected=b"OK", plain=None)
    assert (admitted.grade, (admitted.next or "")[:20]) == (Grade.DOUBTFUL, "LINK notices nothing")
    # Another body than the one that was agreed on is how some receivers refuse.
    assert graded(FiredAnswer(status=200, body=b"no"), expected=b"OK", case=case)[0] is Grade.PASSED


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

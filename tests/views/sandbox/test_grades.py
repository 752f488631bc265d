"""How the grades of a receiver are shown: a line for each case, and the sum."""

from typing import Any

import pytest

from linksms_cli.sms.dlr.report import Format
from linksms_cli.sms.sandbox.firing import Case, FiringSummary, Grade, Graded
from linksms_cli.sms.text.ansi import stripped
from linksms_cli.views.sandbox import grades as view

CASE = Case(name="again", format=Format.JSON, title="the same report again", mend="")


def graded(grade: Grade, **more: Any) -> Graded:
    values: dict[str, Any] = {"case": CASE, "grade": grade, "status": 200, "seconds": 0.0123}
    return Graded(**(values | more))


def test_a_case_is_a_line_with_its_time_at_the_right() -> None:
    assert stripped(view.graded(graded(Grade.PASSED)) or "") == (
        "passed     json   the same report again                                    12 ms"
    )


def test_without_an_answer_there_is_no_time() -> None:
    assert stripped(view.graded(graded(Grade.FAILED, status=None)) or "") == (
        "failed     json   the same report again"
    )


def test_below_a_failure_stands_what_to_do() -> None:
    one = graded(
        Grade.FAILED,
        status=500,
        seconds=1.5,
        reason="It answered 500.",
        next="LINK would send the report again.",
        mend="Answer 200 as soon as the report is stored.",
    )
    assert stripped(view.graded(one, 50) or "").splitlines() == [
        "failed     json   the same report again    1500 ms",
        "                  It answered 500.",
        "                  LINK would send the report",
        "                  again.",
        "                  Answer 200 as soon as the report",
        "                  is stored.",
    ]


def test_what_was_not_tried_has_no_line() -> None:
    assert view.graded(graded(Grade.NOT_TRIED)) is None


@pytest.mark.parametrize(
    ("grade", "sgr"), [(Grade.PASSED, "32"), (Grade.DOUBTFUL, "33"), (Grade.FAILED, "31")]
)
def test_a_grade_and_its_reason_have_one_colour(grade: Grade, sgr: str) -> None:
    shown = view.graded(graded(grade, reason="why", next="then", mend="mend")) or ""
    head, why, then, mend = shown.splitlines()
    assert head.startswith(f"\x1b[{sgr}m{grade:9}\x1b[0m")
    assert why.strip() == f"\x1b[{sgr}mwhy\x1b[0m"
    assert then.strip() == "then"
    assert mend.strip() == "\x1b[1mmend\x1b[0m"


def test_the_sum_counts_what_there_was() -> None:
    cases = [
        graded(Grade.PASSED, seconds=0.02),
        graded(Grade.PASSED, seconds=0.3),
        graded(Grade.DOUBTFUL, seconds=4.04),
        graded(Grade.NOT_TRIED, status=None, seconds=0.0),
    ]
    assert view.summary(FiringSummary.of(cases)) == (
        "\n\x1b[32m2 passed\x1b[0m, \x1b[33m1 doubtful\x1b[0m, \x1b[2m1 not tried\x1b[0m; "
        "answers took 300 ms (median), 4.0 s at most"
    )


@pytest.mark.parametrize(("seconds", "said"), [(0.9994, "999 ms"), (1.0, "1.0 s")])
def test_a_second_and_more_is_said_in_seconds(seconds: float, said: str) -> None:
    summary = view.summary(FiringSummary.of([graded(Grade.PASSED, seconds=seconds)]))
    assert stripped(summary).endswith(f"; answers took {said} (median), {said} at most")


def test_without_any_answer_the_sum_has_no_times() -> None:
    found = FiringSummary.of([graded(Grade.FAILED, status=None)])
    assert stripped(view.summary(found)) == "\n1 failed"


def test_reports_that_were_fired_can_be_found_again() -> None:
    assert view.cleaning_up() == (
        "The ids of these reports begin with SANDBOX-: delete them where you have stored them."
    )

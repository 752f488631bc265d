"""What is said of the rows of a batch, of one as of many."""

import re

import pytest

from linksms_cli.actions.send.batch.stops import Stops
from linksms_cli.sms.batch.beat import Beat
from linksms_cli.sms.batch.plan import BatchPlan
from linksms_cli.sms.batch.summary import Summary
from linksms_cli.sms.mt.result import Problem
from linksms_cli.sms.outcome import Outcome
from linksms_cli.views import batch as view
from linksms_cli.views.batch_plan import PlanPage, as_page
from tests.actions.send.batch.test_stops import result


def plain(text: str) -> str:
    return re.sub("\x1b\\[[0-9;]*m", "", text)


@pytest.mark.parametrize(
    ("rows", "refused", "said"),
    [
        (1, 1, "1 of 1 row is refused; there is nothing to send."),
        (2, 1, "1 of 2 rows is refused; the rest is sent."),
        (2000, 1500, "1,500 of 2,000 rows are refused; the rest is sent."),
    ],
)
def test_rows_that_are_refused(rows: int, refused: int, said: str) -> None:
    plan = BatchPlan(rows=rows, refused=refused, sendable=rows - refused)
    assert view.refused_text(plan) == said


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 row in 2.0 s: 1 accepted"), (2000, "2,000 rows in 2.0 s: 2,000")]
)
def test_the_sum(count: int, said: str) -> None:
    summary = Summary()
    summary.add_untold(Outcome.ACCEPTED, count)
    assert plain(view.summary_text(summary, 2.0)).startswith(said)


def test_the_sum_names_each_outcome_in_one_order() -> None:
    summary = Summary()
    for count, outcome in enumerate(reversed(Outcome), 1):
        summary.add_untold(outcome, count * 1000)
    assert plain(view.summary_text(summary, 3700)) == (
        "53,000 rows in 1 h 1 min: 10,000 accepted, 9,000 delivered, 8,000 failed, 7,000 pending, "
        "6,000 rejected, 5,000 not sent, 4,000 unknown, 3,000 refused, 1,000 skipped"
    )
    assert view.summary_text(Summary(), 0.0) == "0 rows in 0.0 s: nothing to do"


@pytest.mark.parametrize(("read", "said"), [(1, "1 row read"), (1200, "1,200 rows read")])
def test_rows_that_were_read(read: int, said: str) -> None:
    assert view.reading_text(Beat(read=read)) == f"{said}, none sent yet"


@pytest.mark.parametrize(
    ("rows", "said"),
    [([7], "row 7  1 not sent: why"), ([7, 9], "rows 7 to 9  2 not sent: why")],
)
def test_rows_that_no_one_looked_at(rows: list[int], said: str) -> None:
    alike = view.Alike()
    for row in rows:
        alike.add(row, result(Outcome.NOT_SENT)._replace(error=Problem("stopped", "why")))
    assert [plain(line) for line in alike.lines()] == [said]


@pytest.mark.parametrize(
    ("most", "said"), [(1, "after a row was rejected"), (3, "after 3 rows in a row were rejected")]
)
def test_rejections_that_stop_it(most: int, said: str) -> None:
    stops = Stops(max_failures=most, lost=20)
    for _ in range(most):
        stops.note(result(Outcome.REJECTED))
    assert stops.why == f"not tried {said}"


@pytest.mark.parametrize(
    ("rate", "said"), [(1, "at 1 message a second"), (2.5, "at 2.5 messages a second")]
)
def test_the_rate(rate: float, said: str) -> None:
    page = PlanPage(
        settings=None,
        file="f",
        shape="a list",
        source="LINK",
        has_sources=False,
        refused=(),
        rejected=None,
        rate=rate,
    )
    assert said in as_page(BatchPlan(rows=1, sendable=1), page, width=80)


def test_a_row_stands_before_its_result() -> None:
    one = result(Outcome.REJECTED, 2104)._replace(error=Problem("rejected", "no", "Look."))
    assert plain(view.row_text(1234, one)) == (
        "row 1234  rejected   +99955500001  no\n           Look."
    )
    record = view.row_record(1234, one)
    assert list(record)[:4] == ["row", "to", "from", "outcome"]
    assert record["row"] == 1234
    assert (record["outcome"], record["result_code"]) == (Outcome.REJECTED, 2104)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (10.4, "10 s"),
        (59.4, "59 s"),
        (59.5, "1 min 0 s"),
        (3599.4, "59 min 59 s"),
        (3600, "1 h 0 min"),
        (90_061, "25 h 1 min"),
    ],
)
def test_a_time_is_said_as_precisely_as_it_matters(seconds: float, said: str) -> None:
    assert view.duration(seconds) == said


def some() -> Summary:
    """Return a batch that stands in its midst."""
    summary = Summary()
    counts = {
        Outcome.ACCEPTED: 1000,
        Outcome.DELIVERED: 100,
        Outcome.PENDING: 10,
        Outcome.REJECTED: 3000,
        Outcome.NOT_SENT: 200,
        Outcome.FAILED: 30,
        Outcome.UNKNOWN: 4444,
        Outcome.REFUSED: 5,
        Outcome.SKIPPED: 6,
    }
    for outcome, count in counts.items():
        summary.add_untold(outcome, count)
    return summary


COUNTS = "1,117 accepted, 3,230 failed, 4,444 unknown"


@pytest.mark.parametrize(
    ("beat", "left", "rate", "said"),
    [
        (Beat(awaited=7), 0, 0.0, f"{COUNTS}; 0 a second"),
        (Beat(awaited=7), 0, 1234.4, f"{COUNTS}; 1,234 a second"),
        (Beat(awaited=7), 2000, 0.0, f"{COUNTS}; 0 a second, 2,000 left"),
        (Beat(awaited=7), 2000, 100.0, f"{COUNTS}; 100 a second, 2,000 left, 20 s to go"),
        (
            Beat(awaited=7, waits_for="the gateway is busy"),
            2000,
            100.0,
            f"{COUNTS}; the gateway is busy",
        ),
        (
            Beat(awaited=7, waits_for="the gateway is busy", seconds=61),
            2000,
            100.0,
            f"{COUNTS}; the gateway is busy (1 min 1 s)",
        ),
    ],
)
def test_a_log_gets_where_it_stands(beat: Beat, left: int, rate: float, said: str) -> None:
    assert view.progress_text(some(), beat, left, rate) == said


def test_beside_a_bar_stands_what_the_bar_does_not_show() -> None:
    assert view.bar_text(some(), Beat(awaited=7), 100.0) == f"{COUNTS}; 100 a second"
    assert view.bar_text(some(), Beat(waits_for="busy", seconds=5), 100.0) == "busy (5.0 s)"


@pytest.mark.parametrize(
    ("length", "said"), [(50, "w" * 50), (51, "w" * 49 + "…"), (80, "w" * 49 + "…")]
)
def test_beside_a_bar_a_line_is_cut(length: int, said: str) -> None:
    assert view.bar_text(some(), Beat(waits_for="w" * length), 1.0) == said


def test_a_plan_says_what_it_waits_for() -> None:
    beat = Beat(read=2, waits_for="the store is locked", seconds=3)
    assert view.reading_text(beat) == "2 rows read, none sent yet; the store is locked (3.0 s)"


@pytest.mark.parametrize(("from_stdin", "how"), [(False, ""), (True, " with the same input")])
def test_a_batch_that_stopped_goes_on(from_stdin: bool, how: str) -> None:
    command = ["linksms", "send", "--batch", "my list.csv"]
    assert view.going_on(command, from_stdin) == (
        f"To go on{how}, run the same command again:\nlinksms send --batch 'my list.csv'"
    )


def test_unknown_rows_can_be_found() -> None:
    assert view.finding_out(7) == (
        "Unknown rows may have been sent: linksms status --batch 7 --outcome unknown"
    )


def test_rows_are_alike_if_their_reasons_are() -> None:
    alike = view.Alike()
    skipped = result(Outcome.NOT_SENT)._replace(error=None)
    hostile = skipped._replace(error=Problem("stopped", "a\x1b[31m"))
    for row, one in ((1, skipped), (2, hostile), (3, skipped), (1500, skipped)):
        alike.add(row, one)
    assert [plain(line) for line in alike.lines()] == [
        "rows 1 to 1500  3 not sent: not sent",
        "row 2  1 not sent: a\\x1b[31m",
    ]

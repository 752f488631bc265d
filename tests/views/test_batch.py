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

"""The list of messages: as wide as the terminal, and in line with the rows above."""

import pytest

from linksms_cli.sms.codes import Certainty, Retry
from linksms_cli.sms.mt.submission import Submission
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.story import Story
from linksms_cli.views.status import table


def story(number: int, **changes: object) -> Story:
    values = {
        "to": "+99955501234",
        "source": "LINK",
        "outcome": Outcome.PENDING,
        "result_code": 1005,
        "description": "Queued",
        "message_id": "Dcshuhod0PMAAAFQ+/PbnR3x",
        "final": False,
        "delivered": Certainty.NO,
        "billed": Certainty.NO,
        "retry": Retry.WAIT,
        "encoding": None,
        "parts": 1,
        "profile": None,
        "created_at": "2026-11-26T09:00:00.000Z",
        "sent_at": "2026-11-26T09:00:00.100Z",
        "updated_at": "2026-11-26T09:00:01.000Z",
        "elapsed_ms": 5,
    }
    submission = Submission(**(values | changes))  # type: ignore[arg-type]
    return Story(submission=submission, delivery=None, reports=(), number=number)


def lines(*stories: Story, width: int | None = None) -> list[str]:
    shown = table.as_table(stories, width)
    return [
        line.replace("\x1b[2m", "").replace("\x1b[36m", "").replace("\x1b[0m", "")
        for line in shown.splitlines()
    ]


def test_without_a_terminal_nothing_is_cut() -> None:
    _, row = lines(story(1, description="w" * 150, message_id="i" * 100))
    assert f"1005 {'w' * 150}" in row
    assert row.endswith("i" * 100)


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_no_row_is_wider_than_the_terminal(width: int) -> None:
    long = story(1, description="w" * 150, message_id="i" * 100, source="Elevensepts")
    shown = lines(long, story(2, message_id=None, result_code=None), width=width)
    assert max(map(len, shown)) <= width
    assert all(title in shown[0] for title in ("WHEN", "TO", "OUTCOME", "CODE", "PARTS", "ID"))
    assert shown[2].endswith("#2")


def test_what_is_cut_says_so() -> None:
    _, row = lines(story(1, description="w" * 150), width=80)
    assert "1005 wwwww" in row
    assert "…" in row


def test_rows_that_follow_stand_in_line() -> None:
    widths: dict[str, int] = {}
    first = table.as_table([story(1, source="Elevensepts")], None, widths).splitlines()
    (later,) = table.as_table([story(2)], None, widths).splitlines()
    assert later.index("1005") == first[1].index("1005")
    assert later.index("Dcshu") == first[1].index("Dcshu")

"""Messages counted: the quarters of an hour that a store counts by become hours and days."""

from datetime import UTC, datetime

import pytest

from linksms_cli.sms.search import QUARTER, CountField
from linksms_cli.views.status import counts


def quarter(time: str) -> int:
    """The quarter of an hour that a time of UTC is in, as a store has it."""
    return int(datetime.fromisoformat(time).replace(tzinfo=UTC).timestamp() * 1000) // QUARTER


SENT = [
    (quarter("2026-11-22T17:10"), 2),
    (quarter("2026-11-22T17:40"), 3),
    (quarter("2026-11-22T18:00"), 4),
    (quarter("2026-11-23T17:10"), 5),
]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (
            CountField.HOUR,
            {"2026-11-22T17:00:00Z": 5, "2026-11-22T18:00:00Z": 4, "2026-11-23T17:00:00Z": 5},
        ),
        (CountField.DAY, {"2026-11-22": 9, "2026-11-23": 5}),
    ],
)
def test_quarters_of_one_hour_or_day_add_up(field: CountField, expected: dict[str, int]) -> None:
    rows = [((place,), messages) for place, messages in SENT]
    told = [{field: time, "count": messages} for time, messages in expected.items()]
    assert counts.records(rows, [field]) == told
    # As the table has it, too: there it is this machine's time.
    *lines, total = counts.as_table(rows, [field], 80).splitlines()[1:]
    assert [int(line.split("█")[0].split()[-1]) for line in lines] == list(expected.values())
    assert "14 messages" in total


def test_only_what_is_the_same_in_every_field_adds_up() -> None:
    rows = [((place, code), 1) for place, _ in SENT[:2] for code in (1001, 2104)]
    assert [
        (told["hour"], told["code"], told["count"])
        for told in counts.records(rows, [CountField.HOUR, CountField.CODE])
    ] == [("2026-11-22T17:00:00Z", 1001, 2), ("2026-11-22T17:00:00Z", 2104, 2)]

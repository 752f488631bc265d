"""Messages counted: the quarters of an hour that a store counts by become hours and days."""

from datetime import UTC, datetime

import pytest

from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.search import QUARTER, CountField
from linksms_cli.sms.text.ansi import stripped
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


ROWS = [
    ((Outcome.NOT_SENT, None), 1),
    ((Outcome.FAILED, 2104), 60),
    ((Outcome.DELIVERED, 1001), 1200),
]
FIELDS = [CountField.OUTCOME, CountField.CODE]


def test_each_row_of_a_table_has_a_bar_and_the_most_come_first() -> None:
    assert (
        stripped(counts.as_table(ROWS, FIELDS, 60))
        == """\
OUTCOME    CODE                       COUNT
delivered  1001 Billed and delivered  1,200  ███████████████
failed     2104 Unknown subscriber       60  █
not sent   no code                        1  █
1,261 messages"""
    )


def test_a_bar_is_as_long_as_there_is_room_and_ten_columns_at_least() -> None:
    assert [
        [line.count("█") for line in counts.as_table(ROWS, FIELDS, width).splitlines()[1:-1]]
        for width in (10, 56, 145)
    ] == [[10, 1, 1], [11, 1, 1], [100, 5, 1]]


def test_head_total_and_outcomes_have_colours() -> None:
    head, first, *_, total = counts.as_table(ROWS, FIELDS, 60).splitlines()
    assert head.startswith("\x1b[2mOUTCOME")
    assert first.startswith("\x1b[32mdelivered\x1b[0m  1001")
    assert total == "\x1b[2m1,261 messages\x1b[0m"


def test_a_program_gets_the_words_of_a_code_with_it() -> None:
    assert counts.records(ROWS, FIELDS) == [
        {
            "outcome": "delivered",
            "code": 1001,
            "description": "Billed and delivered",
            "count": 1200,
        },
        {"outcome": "failed", "code": 2104, "description": "Unknown subscriber", "count": 60},
        {"outcome": "not_sent", "code": None, "description": None, "count": 1},
    ]
    assert counts.records([(("prod",), 1)], [CountField.PROFILE]) == [
        {"profile": "prod", "count": 1}
    ]


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        (CountField.OPERATOR, None, "unknown"),
        (CountField.CODE, None, "no code"),
        (CountField.CODE, 7777, "7777 not a known code"),
        (CountField.PROFILE, None, "none"),
        (CountField.BATCH, None, "none"),
        (CountField.BATCH, 3, "3"),
        (CountField.OUTCOME, "not_sent", "not sent"),
        # A name is shown as it is, to be typed as it is shown.
        (CountField.PROFILE, "my_prod", "my_prod"),
        (CountField.OPERATOR, "tel\n\x1b[1m", "tel\\x0a\\x1b[1m"),
        (CountField.OPERATOR, "o" * 40, "o" * 40),
        (CountField.OPERATOR, "o" * 41, "o" * 39 + "…"),
    ],
)
def test_a_value_is_shown_as_it_can_be_looked_for(
    field: CountField, value: object, shown: str
) -> None:
    row = stripped(counts.as_table([((value,), 1)], [field], 80)).splitlines()[1]
    assert row.split("  ")[0].rstrip() == shown


def test_rows_with_as_many_messages_stand_in_the_order_of_their_values() -> None:
    rows = [(("b", 2), 1), (("b", 1), 1), (("a", 9), 1)]
    fields = [CountField.PROFILE, CountField.BATCH]
    assert [tuple(told.values()) for told in counts.records(rows, fields)] == [
        ("a", 9, 1),
        ("b", 1, 1),
        ("b", 2, 1),
    ]


def test_what_is_counted_by_time_stands_in_the_order_of_time() -> None:
    rows = [((place, profile), 1) for place, _ in SENT for profile in ("b", "a")]
    rows.append(((SENT[0][0], "b"), 5))
    fields = [CountField.HOUR, CountField.PROFILE]
    assert (
        stripped(counts.as_table(rows, fields, 60))
        == """\
HOUR               PROFILE  COUNT
2026-11-22 17:00Z  b            7  █████████████████████████
2026-11-22 17:00Z  a            2  ███████
2026-11-22 18:00Z  a            1  ████
2026-11-22 18:00Z  b            1  ████
2026-11-23 17:00Z  a            1  ████
2026-11-23 17:00Z  b            1  ████
13 messages"""
    )


@pytest.mark.parametrize("zone", ["Asia/Kolkata"], indirect=True)
@pytest.mark.usefixtures("zone")
def test_hours_and_days_are_those_of_the_place_for_a_person() -> None:
    rows = [((quarter("2026-11-22T18:15"),), 1), ((quarter("2026-11-22T18:30"),), 2)]
    assert (
        stripped(counts.as_table(rows, [CountField.HOUR], 60))
        == """\
HOUR                    COUNT
2026-11-22 23:00+05:30      1  ██████████████
2026-11-23 00:00+05:30      2  █████████████████████████████
3 messages"""
    )
    assert [
        line.split()[0] for line in counts.as_table(rows, [CountField.DAY], 60).splitlines()[1:3]
    ] == ["2026-11-22", "2026-11-23"]
    assert counts.records(rows, [CountField.DAY]) == [{"day": "2026-11-22", "count": 3}]

"""The list of messages: as wide as the terminal, and in line with the rows above."""

import pytest

from linksms_cli.sms.mt.exchange import Fault
from linksms_cli.sms.search import MOST_COUNTED
from linksms_cli.sms.story import Story
from linksms_cli.sms.text.ansi import stripped
from linksms_cli.views.status import table
from tests.stories import ID, answer, intent, report, story, submission, verdict

LONG = submission(description="w" * 150, message_id="i" * 100, source="Elevensepts")
UNREACHED = verdict(sent=False, fault=Fault.CONNECTION, detail="connection refused")
STORIES = (
    story(submission()),
    story(submission(parts=2), report(1001, part=0, of=2)),
    story(None, report(7777, customParameters={}, segments=None)),
    story(submission(verdict(answer=answer(2104, None))), number=2),
    story(submission(UNREACHED, sent_at=None), number=3),
    story(intent(), number=4),
)


def listed(*stories: Story, width: int | None = None) -> str:
    return stripped(table.as_table(stories, width))


def test_without_a_terminal_nothing_is_cut() -> None:
    assert (
        listed(*STORIES)
        == """\
WHEN (UTC)        TO            FROM  OUTCOME   CODE                               PARTS  OPERATOR    ID
2026-11-26 09:00  +99955501234  LINK  pending   1005 Queued                        0/1                Dcshuhod0PMAAAFQ+/PbnR3x
2026-11-26 09:00  +99955501234  LINK  pending   1001 Billed and delivered          1/2    no.telenor  Dcshuhod0PMAAAFQ+/PbnR3x
2026-11-26 09:00  ?             ?     pending   7777 not a known code              1/?    no.telenor  Dcshuhod0PMAAAFQ+/PbnR3x
2026-11-26 09:00  +99955501234  LINK  rejected  2104 Unknown subscriber            0/1                #2
2026-11-26 09:00  +99955501234  LINK  not sent  no connection: connection refused  0/1                #3
2026-11-26 09:00  +99955501234  LINK  unknown   no answer                          0/1                #4"""  # noqa: E501 - nothing is cut
    )


def test_a_narrow_terminal_has_codes_and_ids_cut() -> None:
    assert (
        listed(*STORIES, width=98)
        == """\
WHEN (UTC)        TO            FROM  OUTCOME   CODE              PARTS  OPERATOR    ID
2026-11-26 09:00  +99955501234  LINK  pending   1005 Queued       0/1                Dcshuhod0PMA…
2026-11-26 09:00  +99955501234  LINK  pending   1001 Billed and…  1/2    no.telenor  Dcshuhod0PMA…
2026-11-26 09:00  ?             ?     pending   7777 not a know…  1/?    no.telenor  Dcshuhod0PMA…
2026-11-26 09:00  +99955501234  LINK  rejected  2104 Unknown su…  0/1                #2
2026-11-26 09:00  +99955501234  LINK  not sent  no connection: …  0/1                #3
2026-11-26 09:00  +99955501234  LINK  unknown   no answer         0/1                #4"""
    )


def test_a_narrower_one_has_no_operator() -> None:
    assert (
        listed(*STORIES, width=86)
        == """\
WHEN (UTC)        TO            FROM  OUTCOME   CODE              PARTS  ID
2026-11-26 09:00  +99955501234  LINK  pending   1005 Queued       0/1    Dcshuhod0PMA…
2026-11-26 09:00  +99955501234  LINK  pending   1001 Billed and…  1/2    Dcshuhod0PMA…
2026-11-26 09:00  ?             ?     pending   7777 not a know…  1/?    Dcshuhod0PMA…
2026-11-26 09:00  +99955501234  LINK  rejected  2104 Unknown su…  0/1    #2
2026-11-26 09:00  +99955501234  LINK  not sent  no connection: …  0/1    #3
2026-11-26 09:00  +99955501234  LINK  unknown   no answer         0/1    #4"""
    )


def test_the_narrowest_has_no_sender_either() -> None:
    assert (
        listed(*STORIES, width=80)
        == """\
WHEN (UTC)        TO            OUTCOME   CODE              PARTS  ID
2026-11-26 09:00  +99955501234  pending   1005 Queued       0/1    Dcshuhod0PMA…
2026-11-26 09:00  +99955501234  pending   1001 Billed and…  1/2    Dcshuhod0PMA…
2026-11-26 09:00  ?             pending   7777 not a know…  1/?    Dcshuhod0PMA…
2026-11-26 09:00  +99955501234  rejected  2104 Unknown su…  0/1    #2
2026-11-26 09:00  +99955501234  not sent  no connection: …  0/1    #3
2026-11-26 09:00  +99955501234  unknown   no answer         0/1    #4"""
    )


def test_what_is_too_long_for_any_terminal_is_cut_nowhere_else() -> None:
    row = listed(story(LONG)).splitlines()[1]
    assert f"1005 {'w' * 150}" in row
    assert row.endswith("i" * 100)


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_no_row_is_wider_than_the_terminal(width: int) -> None:
    shown = listed(story(LONG), story(intent(), number=2), width=width).splitlines()
    assert max(map(len, shown)) <= width
    assert all(title in shown[0] for title in ("WHEN", "TO", "OUTCOME", "CODE", "PARTS", "ID"))
    assert shown[2].endswith("#2")


def test_what_is_cut_says_so() -> None:
    row = listed(story(LONG), width=80).splitlines()[1]
    assert "1005 wwwww" in row
    assert "…" in row


def test_rows_that_follow_stand_in_line_below_the_same_head() -> None:
    widths: dict[str, int] = {}
    first = table.as_table([story(LONG._replace(description="Queued"))], None, widths)
    (later,) = table.as_table([story(submission())], None, widths).splitlines()
    assert later.index("1005") == first.splitlines()[1].index("1005")
    assert later.index(ID) == first.splitlines()[1].index("i" * 100)
    assert widths == {
        "WHEN": 16,
        "TO": 12,
        "FROM": 11,
        "OUTCOME": 7,
        "CODE": 11,
        "PARTS": 5,
        "OPERATOR": 8,
        "ID": 100,
    }


def test_the_outcome_alone_has_its_colour_below_a_quiet_head() -> None:
    head, row = table.as_table([story(submission(), report(2104))], 80).splitlines()
    assert (
        head == "\x1b[2mWHEN (UTC)        TO            OUTCOME  CODE              PARTS  ID\x1b[0m"
    )
    assert row == (
        "2026-11-26 09:00  +99955501234  \x1b[31mfailed \x1b[0m  "
        "2104 Unknown su…  1/1    Dcshuhod0PMAA…"
    )


def test_what_is_overdue_is_pending_for_a_program_and_overdue_for_a_person() -> None:
    stories = [story(submission(), number=number) for number in (1, 2)]
    _, late, young = table.as_table(
        stories, None, is_overdue=lambda one: one.number == 1
    ).splitlines()
    assert "\x1b[36moverdue\x1b[0m" in late
    assert "\x1b[36mpending\x1b[0m" in young


@pytest.mark.parametrize(
    ("zone", "head", "times"),
    [
        ("Asia/Kolkata", "WHEN (+05:30)", ["2026-11-26 14:30", "2026-06-26 14:30"]),
        # If the offset changes in between each time has its own.
        ("Europe/Stockholm", "WHEN", ["2026-11-26 10:00+01:00", "2026-06-26 11:00+02:00"]),
    ],
    indirect=["zone"],
)
@pytest.mark.usefixtures("zone")
def test_times_are_those_of_the_place(head: str, times: list[str]) -> None:
    summer = submission(sent_at="2026-06-26T09:00:00.000Z")
    lines = listed(story(submission()), story(summer)).splitlines()
    assert [line.split("  ")[0] for line in lines] == [head, *times]


def test_a_row_takes_the_room_that_there_is_and_no_column_is_lost_for_nothing() -> None:
    widths = range(79, 127)
    assert [max(map(len, listed(*STORIES, width=width).splitlines())) for width in widths] == [
        *widths
    ]
    assert "OPERATOR" in listed(*STORIES, width=95)
    assert "OPERATOR" not in listed(*STORIES, width=94)
    assert "FROM" in listed(*STORIES, width=85)
    assert "FROM" not in listed(*STORIES, width=84)


def test_every_column_of_long_texts_is_cut_as_far_as_it_goes_before_one_is_left_out() -> None:
    told = story(
        None,
        report(
            1012,
            operator="the operator",
            customParameters={"source": "the sender", "destination": "the recipient's number"},
        ),
    )
    assert (
        "\n".join(listed(told, width=width) for width in (98, 85, 78))
        == """\
WHEN (UTC)        TO                FROM  OUTCOME  CODE              PARTS  OPERATOR  ID
2026-11-26 09:00  the recipient's…  the…  pending  1012 Delayed (t…  1/1    the ope…  Dcshuhod0PM…
WHEN (UTC)        TO             FROM  OUTCOME  CODE              PARTS  ID
2026-11-26 09:00  the recipien…  the…  pending  1012 Delayed (t…  1/1    Dcshuhod0PM…
WHEN (UTC)        TO             OUTCOME  CODE              PARTS  ID
2026-11-26 09:00  the recipien…  pending  1012 Delayed (t…  1/1    Dcshuhod0PM…"""
    )


def test_what_a_report_holds_is_not_obeyed_and_has_no_line_of_its_own() -> None:
    told = report(
        1001,
        operator="tel\nx",
        customParameters={"source": "\x1b[2J", "destination": "\u202e+999"},
    )
    assert listed(story(None, told)).splitlines()[1] == (
        "2026-11-26 09:00  \\u202e+999  \\x1b[2J  delivered  1001 Billed and delivered  1/1    "
        f"tel\\x0ax  {ID}"
    )
    # No terminal shows more of a text than this, and nobody waits for more.
    long = story(None, report(1001, operator="o" * 1000))
    assert f"  {'o' * 200}  " in listed(long)


def test_a_time_that_is_none_is_not_guessed() -> None:
    told = story(submission(sent_at="then", created_at="then"))
    assert listed(told).splitlines()[0].startswith("WHEN  ")
    assert listed(told).splitlines()[1].startswith("?     ")


def test_the_code_is_that_which_decides_else_why_there_is_none() -> None:
    assert [table.code_of(one) for one in STORIES] == [
        "1005 Queued",
        "1001 Billed and delivered",
        "7777 not a known code",
        "2104 Unknown subscriber",
        "no connection: connection refused",
        "no answer",
    ]
    assert table.outcome_of(STORIES[4]) == "not sent"


@pytest.mark.parametrize(
    ("shown", "total", "said"),
    [
        (1, 1, "1 message"),
        (20, 20, "20 messages"),
        (20, 21, "20 of 21 messages; --limit 0 shows all"),
        (20, MOST_COUNTED, "20 of 10,000 messages; --limit 0 shows all"),
        (2000, MOST_COUNTED + 1, "2,000 of more than 10,000 messages; --limit 0 shows all"),
        (20, None, "the latest 20 messages; counting all would take too long"),
    ],
)
def test_how_many_there_are_is_said_below(shown: int, total: int | None, said: str) -> None:
    assert table.shown_of(shown, total) == said

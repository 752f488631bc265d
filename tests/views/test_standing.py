"""Where a message stands: what is certain, what it means, what to do next, whether to resend."""

from dataclasses import replace

import pytest

from linksms_cli.sms.codes import explain
from linksms_cli.sms.dlr.delivery import Delivery
from linksms_cli.sms.dlr.tally import PartStatus, fold
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.text.ansi import stripped
from linksms_cli.views import standing
from tests.results import accepted

AT = "2026-07-01T09:37:36.000Z"
ON_ITS_WAY = "Not yet: it is still on its way."
BLINDLY = "Not blindly: it may have been delivered or billed already."
OTHER_PARTS = "Not blindly: other parts of it may have been delivered or billed already."
TWICE = "No: it was billed, and would be billed a second time."


def plain(lines: list[str]) -> list[str]:
    return [stripped(line) for line in lines]


def delivery(*codes: int, parts: int | None) -> Delivery:
    """Return what reports of the first parts add up to."""
    heard = [PartStatus(part, code, None, None, AT) for part, code in enumerate(codes)]
    return fold(heard, parts)


@pytest.mark.parametrize(
    ("codes", "parts", "certain", "resend"),
    [
        ([], None, "not delivered yet, not billed, not final", ON_ITS_WAY),
        (
            [1005],
            None,
            "not delivered yet, not billed, not final, 1 of ? parts reported",
            ON_ITS_WAY,
        ),
        (
            [1001],
            1,
            "delivered, billed if it has a charge, final, 1 of 1 parts reported",
            "No need: it was delivered.",
        ),
        (
            [1009],
            1,
            "not delivered, billed, final, 1 of 1 parts reported",
            TWICE,
        ),
        (
            [1011],
            1,
            "not delivered yet, billed, not final, 1 of 1 parts reported",
            ON_ITS_WAY,
        ),
        (
            [1010],
            1,
            "delivery unknown, billing unknown, final, 1 of 1 parts reported",
            BLINDLY,
        ),
        (
            [1002],
            1,
            "not delivered, not billed, final, 1 of 1 parts reported",
            "You can: nothing was delivered or billed.",
        ),
        (
            [2104],
            1,
            "not delivered, not billed, final, 1 of 1 parts reported",
            "Pointless: nothing was delivered or billed, and it would fail again.",
        ),
        (
            [2104],
            2,
            "not delivered, not billed, not final, 1 of 2 parts reported",
            "Not yet: other parts of it are still on their way.",
        ),
        (
            [2104, 1001],
            2,
            "not delivered, billed if it has a charge, final, 2 of 2 parts reported",
            OTHER_PARTS,
        ),
    ],
)
def test_what_is_certain_and_whether_to_send_it_again(
    codes: list[int], parts: int | None, certain: str, resend: str
) -> None:
    one = delivery(*codes, parts=parts)
    assert (standing.certainty(one), standing.resend(one)) == (certain, resend)


def test_whoever_knows_nothing_of_a_message_does_not_send_it_again_blindly() -> None:
    unknown = accepted("+99955501234", "abc")._replace(outcome=Outcome.UNKNOWN, retry=None)
    assert standing.resend(unknown) == BLINDLY
    assert standing.resend(unknown._replace(result_code=None)) == BLINDLY


@pytest.mark.parametrize("code", [1005, 1009, 2104, 1002, 4])
def test_a_code_has_the_meaning_and_the_action_of_the_table(code: int) -> None:
    one = delivery(code, parts=1)
    assert standing.meaning(one) == explain(code).meaning
    assert standing.next_step(one, None) == explain(code).action
    shown = " ".join(" ".join(plain(standing.as_lines(one, None, 60))).split())
    assert shown == (
        f"Meaning {explain(code).meaning} Next {explain(code).action} Resend {standing.resend(one)}"
    )


def test_what_one_part_came_to_is_not_said_of_the_message() -> None:
    one = delivery(1001, parts=2)
    assert standing.meaning(one) == "Final so far: 1 of 2 parts. The rest is to come."
    assert standing.next_step(one, None) == "Wait for the other reports."
    assert standing.next_step(one, "#1") == (
        "Wait for the other reports:\nlinksms status '#1' --wait 5m"
    )
    # However narrow the page is: a command is copied in one piece.
    assert plain(standing.as_lines(one, "abc", 40))[2:] == [
        "  Next     Wait for the other reports:",
        "           linksms status abc --wait 5m",
        "  Resend   Not yet: it is still on its",
        "           way.",
    ]
    more = replace(one, parts_expected=None)
    assert standing.meaning(more) == (
        "Final so far: 1 of an unknown number of parts. The rest is to come."
    )


def test_nothing_is_left_to_do_for_what_was_delivered_or_of_which_nothing_was_heard() -> None:
    assert standing.next_step(delivery(1001, parts=1), "abc") is None
    silent = delivery(parts=1)
    assert (standing.meaning(silent), standing.next_step(silent, "abc")) == (None, None)
    assert standing.as_lines(silent, "abc", 80) == standing.paragraph("Resend", ON_ITS_WAY, 80)


def test_what_is_unknown_leads_to_its_page_if_the_store_has_one() -> None:
    one = delivery(1010, parts=1)
    assert standing.next_step(one, "it's") == (
        "linksms status 'it'\\''s' says what was seen, and what to do now."
    )
    assert standing.next_step(one, None) == explain(1010).action


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Dcshuhod0PMAAAFQ+/PbnR3x=_.:-", "Dcshuhod0PMAAAFQ+/PbnR3x=_.:-"),
        ("#1", "'#1'"),
        ("a b", "'a b'"),
        ("", "''"),
        ("$(x)", "'$(x)'"),
        ("it's 'x'", "'it'\\''s '\\''x'\\'''"),
        ("\x1b[1m", "'\\x1b[1m'"),
    ],
)
def test_a_word_of_a_command_is_safe_to_paste(text: str, word: str) -> None:
    assert standing.word(text) == word


def test_a_paragraph_keeps_to_its_width_between_words_alone() -> None:
    lines = plain(standing.paragraph("Next", "go-on " * 12 + "w" * 90, 33))
    assert [line.split() for line in lines if "w" in line] == [["w" * 90]]
    others = [line for line in lines if "w" not in line]
    assert max(map(len, others)) <= 33
    assert {word for line in others for word in line.split()} == {"Next", "go-on"}

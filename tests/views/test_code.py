"""A result code as a person sees it."""

from datetime import UTC, datetime

import pytest

from linksms_cli.sms.codes import explain
from linksms_cli.sms.dlr.receiving import ReceivedReport, reported
from linksms_cli.sms.dlr.tally import fold
from linksms_cli.sms.sandbox import message as sms
from linksms_cli.sms.story import Story, StoryReport
from linksms_cli.sms.text.ansi import stripped
from linksms_cli.views import code as view
from linksms_cli.views.layout import Tone, paint
from linksms_cli.views.listen import paragraph
from linksms_cli.views.sandbox import incoming as sandbox
from linksms_cli.views.status import page
from tests.reporting import parsed

AT = "2026-07-01T09:37:36.000Z"


@pytest.mark.parametrize("width", [1, 60])
@pytest.mark.parametrize("number", [1012, 10**77])
def test_a_page_is_laid_out_however_little_room_there_is(number: int, width: int) -> None:
    shown = view.as_text([explain(number)], width)
    assert str(number) in shown
    assert all(word in shown for word in explain(number).action.split())


TONES = {
    1001: Tone.GOOD,
    2104: Tone.BAD,
    1009: Tone.BAD,
    4: Tone.UNSURE,
    7777: Tone.UNSURE,
    1005: Tone.PENDING,
    1007: Tone.PENDING,
}


@pytest.mark.parametrize(("number", "tone"), TONES.items())
def test_a_code_has_one_colour_wherever_it_is_named(number: int, tone: Tone) -> None:
    read = parsed(resultCode=number, operatorResultCode=None)
    delivery = fold([reported(read, AT)], None)
    heard = ReceivedReport(
        number=1,
        report=read,
        received_at=AT,
        remote="192.0.2.1",
        duplicate=False,
        delivery=delivery,
    )
    assert f"  \x1b[{tone}m" in paragraph.as_text(heard).splitlines()[0]

    seen = StoryReport(report=read, received_at=AT)
    story = Story(submission=None, delivery=delivery, reports=(seen,))
    assert f"\x1b[{tone}m{number} " in page.as_text(story, 80)

    answered = sms.SandboxMessage(
        serial=1,
        received_at=datetime(2026, 7, 1, tzinfo=UTC),
        parameters={},
        encoding=None,
        parts=None,
        result_code=number,
        description="x",
        message_id=None,
        effect=None,
        remarks=(),
    )
    assert paint(f"{number} x", tone) in sandbox.message(answered)


@pytest.mark.parametrize(
    ("number", "words", "tones"),
    [
        (1005, ("temporary", "not delivered yet", "not billed yet"), [Tone.PENDING] * 3),
        (1007, ("temporary", "delivered", "not billed yet"), [Tone.PENDING] * 3),
        (1008, ("temporary", "not delivered yet", "billed"), [Tone.PENDING] * 3),
        (
            1001,
            ("final", "delivered", "billed if it has a charge"),
            [Tone.STRONG, Tone.GOOD, Tone.GOOD],
        ),
        # A bill for what was not delivered is bad, and none for it is as it should be.
        (1009, ("final", "not delivered", "billed"), [Tone.STRONG, Tone.BAD, Tone.BAD]),
        (2104, ("final", "not delivered", "not billed"), [Tone.STRONG, Tone.BAD, Tone.GOOD]),
        (4, ("final", "delivery unknown", "billing unknown"), [Tone.STRONG] + [Tone.UNSURE] * 2),
        (7777, ("not final", "delivery unknown", "billing unknown"), [Tone.UNSURE] * 3),
    ],
)
def test_what_is_certain_of_a_code(number: int, words: tuple[str, ...], tones: list[Tone]) -> None:
    line = ", ".join(paint(word, tone) for word, tone in zip(words, tones, strict=True))
    assert view.as_text([explain(number)]).splitlines()[1].lstrip(" ") == line


def test_each_code_stands_below_the_name_of_its_family_which_stands_once() -> None:
    numbers = (1, 6, 103, 1001, 1009, 2001, 2104)
    lines = stripped(view.as_table([explain(number) for number in numbers])).splitlines()
    assert [line for line in lines[1:-2] if not line.startswith("      ")] == [
        "",
        "Routing and operators",
        "   1  Temporary routing error                     no         no       safe",
        "   6  Operator error                              no         no       safe",
        "",
        "Account and service",
        " 103  Invalid password                            no         no       pointless",
        "",
        "What became of the message",
        "1001  Billed and delivered                        yes        yes      done",
        "1009  Billed OK and NOT Delivered                 no         yes      never",
        "",
        "Sender",
        "2001  Source shortnumber not supported, the       no         no       pointless",
        "",
        "Recipient",
        "2104  Unknown subscriber                          no         no       pointless",
    ]

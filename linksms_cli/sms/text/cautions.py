"""What may go wrong with a text, and what costs something though the eye passes over it."""

from collections.abc import Iterator, Sequence

from linksms_cli.sms.text.non_gsm import NonGsm, Trait
from linksms_cli.sms.text.segments import MOST_PARTS, Segmentation, measure


def cautions(
    text: str, composed: str, measured: Segmentation, non_gsm: Sequence[NonGsm]
) -> Iterator[str]:
    """Give each caution about `text` in a sentence; `composed` is it in Unicode's NFC."""
    if measured.over_reasons == ("parts",):
        yield (
            f"{measured.parts} parts, though the units fit: characters of two units leave parts "
            f"unfilled. The guide's limit is {MOST_PARTS} full parts, and it does not say what "
            "the gateway does with more"
        )
    if measured.parts > 1 and "\r\n" in text:
        cost = _cost(measured, text.replace("\r\n", "\n"))
        if cost:
            ends = text.count("\r\n")
            yield f"{cost} because of line ends in two characters (CRLF): {ends} of them"
    remarkable: dict[Trait, list[NonGsm]] = {}
    for item in non_gsm:
        if item.character.trait is not None:
            remarkable.setdefault(item.character.trait, []).append(item)
    if remarkable:
        yield from _of_characters(text, composed, measured, remarkable)


def _of_characters(
    text: str, composed: str, measured: Segmentation, remarkable: dict[Trait, list[NonGsm]]
) -> Iterator[str]:
    if unseen := remarkable.get(Trait.UNSEEN):
        cost = _cost(measured, _without(text, unseen))
        if cost:
            yield f"{cost} because of invisible characters: {_listed(unseen)}"
    if controls := remarkable.get(Trait.CONTROL):
        from linksms_cli.sms.text import ansi

        remedy = "; --strip-ansi removes those of a terminal" if ansi.stripped(text) != text else ""
        yield f"control characters, which a handset cannot show: {_listed(controls)}{remedy}"
    if turning := remarkable.get(Trait.TURNING):
        yield f"{_listed(turning)}: the text reads differently from what it says"
    if lost := remarkable.get(Trait.LOST):
        yield f"{_listed(lost)}: a part of the text was lost before it came here"
    if undrawn := remarkable.get(Trait.UNDRAWN):
        yield f"{_listed(undrawn)}: many handsets show a box instead, or nothing"
    if marks := remarkable.get(Trait.MARK):
        cost = _cost(measured, composed)
        if cost:
            yield f"{cost} because of accents that stand apart from their letters: {_listed(marks)}"
    if astral := remarkable.get(Trait.ASTRAL):
        yield (
            f"{_listed(astral)} may not survive: the guide of a sibling interface says that "
            "characters above U+FFFF are not supported"
        )


def _without(text: str, items: Sequence[NonGsm]) -> str:
    for item in items:
        if item.character.replacement is not None:
            text = text.replace(item.character.char, item.character.replacement)
    return text


def _cost(measured: Segmentation, without: str) -> str | None:
    """Say in words what something costs, given the text without it; None if it costs nothing."""
    cheaper = measure(without)
    saved = measured.parts - cheaper.parts
    if saved > 0:
        return f"{saved} part{'s' if saved > 1 else ''} more"
    return None if cheaper.encoding is measured.encoding else str(measured.encoding)


def _listed(items: Sequence[NonGsm]) -> str:
    named = [f"{item.character.name} ({item.character.code_point})" for item in items[:3]]
    more = [f"{len(items) - 3} more"] if len(items) > 3 else []
    return ", ".join(named + more)

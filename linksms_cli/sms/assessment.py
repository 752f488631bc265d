"""A text judged: what it takes, which characters make it dear, and what could be done about it."""

from collections.abc import Sequence
from typing import NamedTuple

from linksms_cli.sms import replacements
from linksms_cli.sms.cautions import cautions
from linksms_cli.sms.non_gsm import NonGsm, find
from linksms_cli.sms.segments import Encoding, Segmentation, measure

_GSM7 = Encoding.GSM7


class Replaced(NamedTuple):
    """A text with other signs in the place of some, and what it takes."""

    text: str
    measured: Segmentation


class Assessment(NamedTuple):
    """A text, what it takes, and why; a tuple, since a file of templates makes a million of them.

    `non_gsm` is in order of appearance. `replaced` is what plain signs for typographic ones would
    make of the text, None where they would save no part. `given` is the judgement of the text as it
    came in, where the one judged here is that text with plain signs.
    """

    text: str
    measured: Segmentation
    non_gsm: tuple[NonGsm, ...]
    replaced: Replaced | None
    warnings: tuple[str, ...]
    given: "Assessment | None" = None


def assess(text: str) -> Assessment:
    """Judge `text` as it is."""
    measured = measure(text)
    if measured.encoding is _GSM7:
        warnings = tuple(cautions(text, measured, ())) if measured.parts > 1 else ()
        return Assessment(text, measured, (), None, warnings)
    non_gsm = find(text)
    replaced = _replace(text, measured, non_gsm) if measured.parts > 1 else None
    return Assessment(text, measured, non_gsm, replaced, tuple(cautions(text, measured, non_gsm)))


def assess_replaced(text: str) -> Assessment:
    """Judge `text` with plain signs for typographic ones, where that saves a part."""
    given = assess(text)
    if given.replaced is None:
        return given
    return assess(given.replaced.text)._replace(replaced=given.replaced, given=given)


def rewrite(assessment: Assessment) -> Replaced | None:
    """Say what lossy replacements would make of a text, None where they would save no part more."""
    best = assessment.replaced.measured if assessment.replaced else assessment.measured
    if best.parts == 1 or not any(item.character.lossy for item in assessment.non_gsm):
        return None
    text = replacements.rewritten(assessment.text)
    measured = measure(text)
    return Replaced(text=text, measured=measured) if measured.parts < best.parts else None


def _replace(text: str, measured: Segmentation, non_gsm: Sequence[NonGsm]) -> Replaced | None:
    plain = replacements.plain(text, [item.character.char for item in non_gsm])
    cheaper = measure(plain)
    return Replaced(text=plain, measured=cheaper) if cheaper.parts < measured.parts else None

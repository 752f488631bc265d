"""What could be done about a text that costs more than one part of GSM-7."""

import unicodedata
from collections.abc import Sequence

from linksms_cli.sms.text import replacements
from linksms_cli.sms.text.assessment import Assessment, Replaced
from linksms_cli.sms.text.cautions import cautions
from linksms_cli.sms.text.non_gsm import NonGsm, find
from linksms_cli.sms.text.segments import Encoding, Segmentation, measure

_UCS2 = Encoding.UCS2


def advise(text: str, measured: Segmentation) -> Assessment:
    """Return the assessment of a text that takes what was `measured`."""
    non_gsm = find(text) if measured.encoding is _UCS2 else ()
    # Once for all, since it takes longer than everything else where it has something to do.
    composed = unicodedata.normalize("NFC", text) if non_gsm else text
    return Assessment(
        text,
        measured,
        non_gsm,
        _replace(text, composed, measured, non_gsm) if non_gsm and measured.parts > 1 else None,
        tuple(cautions(text, composed, measured, non_gsm)),
    )


def rewrite(assessment: Assessment) -> Replaced | None:
    """Return what lossy replacements would make of a text, None if they save no more parts."""
    best = assessment.replaced.measured if assessment.replaced else assessment.measured
    if best.parts == 1 or not any(item.character.lossy for item in assessment.non_gsm):
        return None
    text = replacements.rewritten(assessment.text)
    measured = measure(text)
    return Replaced(text, measured) if measured.parts < best.parts else None


def _replace(
    text: str, composed: str, measured: Segmentation, non_gsm: Sequence[NonGsm]
) -> Replaced | None:
    signs = [
        character.char
        for character, _, _ in non_gsm
        if character.replacement is not None and not character.lossy
    ]
    if not signs and composed == text:
        return None
    plain = replacements.plain(composed, signs)
    if plain == text:
        return None
    cheaper = measure(plain)
    return Replaced(plain, cheaper) if cheaper.parts < measured.parts else None

"""Assess a text: quickly if it is one part of GSM-7, with advice if it costs more."""

from linksms_cli.sms.text.assessment import Assessment
from linksms_cli.sms.text.segments import Encoding, measure

_GSM7 = Encoding.GSM7


def assess(text: str) -> Assessment:
    """Return the assessment of `text` as it is."""
    measured = measure(text)
    if measured.encoding is _GSM7 and measured.parts == 1:
        return Assessment(text, measured)
    # Most texts are one part of GSM-7; those who send them need not wait for this to load.
    from linksms_cli.sms.text.advice import advise

    return advise(text, measured)


def assess_replaced(text: str) -> Assessment:
    """Return the assessment of `text` with plain characters, if these save a part."""
    given = assess(text)
    if given.replaced is None:
        return given
    return assess(given.replaced.text)._replace(replaced=given.replaced, given=given)

"""A text judged: what it takes, which characters make it dear, and what could be done about it."""

from typing import TYPE_CHECKING, NamedTuple

from linksms_cli.sms.text.segments import Encoding, Segmentation, measure

if TYPE_CHECKING:
    from linksms_cli.sms.text.non_gsm import NonGsm

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
    non_gsm: tuple["NonGsm", ...] = ()
    replaced: Replaced | None = None
    warnings: tuple[str, ...] = ()
    given: "Assessment | None" = None


def assess(text: str) -> Assessment:
    """Judge `text` as it is."""
    measured = measure(text)
    if measured.encoding is _GSM7 and measured.parts == 1:
        return Assessment(text, measured)
    # Most texts are one part of GSM-7; those who send them need not wait for this to load.
    from linksms_cli.sms.text.advice import advise

    return advise(text, measured)


def assess_replaced(text: str) -> Assessment:
    """Judge `text` with plain signs for typographic ones, where that saves a part."""
    given = assess(text)
    if given.replaced is None:
        return given
    return assess(given.replaced.text)._replace(replaced=given.replaced, given=given)

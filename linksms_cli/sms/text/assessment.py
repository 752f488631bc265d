"""What a text takes, which characters make it expensive, and what could be done about it."""

from typing import TYPE_CHECKING, NamedTuple

from linksms_cli.sms.text.segments import Segmentation

if TYPE_CHECKING:
    from linksms_cli.sms.text.non_gsm import NonGsm


class Replaced(NamedTuple):
    """A text with other signs in the place of some, and what it takes."""

    text: str
    measured: Segmentation


class Assessment(NamedTuple):
    """A text, what it takes, and why; a tuple, since a file of templates makes a million of them.

    `non_gsm` is in order of appearance. `replaced` is what plain signs for typographic ones would
    make of the text, None where they would save no part. `given` is the assessment of the text as
    it came in, if the one here is of that text with plain characters.
    """

    text: str
    measured: Segmentation
    non_gsm: tuple["NonGsm", ...] = ()
    replaced: Replaced | None = None
    warnings: tuple[str, ...] = ()
    given: "Assessment | None" = None

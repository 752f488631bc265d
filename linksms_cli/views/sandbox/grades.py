"""The grades of a receiver as they are shown: a line for each case, and what to do below it."""

from linksms_cli.sms.sandbox.firing import PREFIX, FiringSummary, Grade, Graded
from linksms_cli.views.layout import Tone, indented, paint

_WORDS = {
    Grade.PASSED: ("passed", Tone.GOOD),
    Grade.DOUBTFUL: ("doubtful", Tone.UNSURE),
    Grade.FAILED: ("failed", Tone.BAD),
    Grade.NOT_TRIED: ("not tried", Tone.QUIET),
}
# The columns before a title: the grade, the format.
_GRADE, _FORMAT = 9, 5
_MARGIN = _GRADE + _FORMAT + 4


def graded(found: Graded, width: int = 80) -> str | None:
    """Return a case in a line; below a failure: what was wrong, what LINK would do, what to mend.

    None for a case that was not tried: the summary counts those.
    """
    if found.grade is Grade.NOT_TRIED:
        return None
    word, tone = _WORDS[found.grade]
    room = width - _MARGIN - 10
    took = "" if found.status is None else f"{found.seconds * 1000:.0f} ms"
    line = (
        f"{paint(f'{word:{_GRADE}}', tone)}  {found.case.format:{_FORMAT}}  "
        f"{found.case.title:{room}}  {took:>8}"
    )
    lines = [line.rstrip()]
    for text, shade in ((found.reason, tone), (found.next, None), (found.mend, Tone.STRONG)):
        lines += indented(text or "", _MARGIN, shade, width)
    return "\n".join(lines)


def summary(found: FiringSummary) -> str:
    """Return how the receiver did in all."""
    words = [
        paint(f"{count} {_WORDS[grade][0]}", _WORDS[grade][1])
        for grade, count in found.counts.items()
        if count
    ]
    line = ", ".join(words)
    if found.median is not None and found.slowest is not None:
        line += f"; answers took {_time(found.median)} (median), {_time(found.slowest)} at most"
    return f"\n{line}"


def cleaning_up() -> str:
    """Return how to find the reports again that were fired."""
    return f"The ids of these reports begin with {PREFIX}: delete them where you have stored them."


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"

"""How a page is laid out: a text beside its name, a text below a time."""

import textwrap

from linksms_cli.sms.text.decoding import visible
from linksms_cli.views.tone import Tone, paint

# What stands before a text that has a name: two blanks, and the name in nine columns.
LABEL = 11


def labelled(name: str, lines: list[str]) -> list[str]:
    """Set lines of at most `width - LABEL` columns beside their name."""
    first, *more = lines or [""]
    return [f"  {paint(f'{name:9}', Tone.QUIET)}{first}", *(" " * LABEL + line for line in more)]


def indented(text: str, margin: int, tone: Tone | None, width: int) -> list[str]:
    """Break a text from outside into lines behind a margin of so many columns."""
    lines = textwrap.wrap(visible(text), width - margin)
    return [" " * margin + (paint(line, tone) if tone else line) for line in lines]

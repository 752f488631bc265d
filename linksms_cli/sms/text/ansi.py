"""Escape sequences of a terminal: colours, titles, links, moves of the cursor (ECMA-48)."""

import re

_SEQUENCE = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"  # control sequences: colours, moves
    "|\x1b[]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)"  # control strings: a title, a link
    "|\x1b[ -/]+[0-~]"  # a choice of characters
    "|\x1b[0-~]"  # anything else of two characters
)


def stripped(text: str) -> str:
    """Return the text without what a terminal obeys instead of showing."""
    return _SEQUENCE.sub("", text)

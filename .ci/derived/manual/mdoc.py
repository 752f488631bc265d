"""Words for mdoc: escaped, each sentence on a line of its own, lines of 79 characters."""

import re
import textwrap
from collections.abc import Iterable

WIDTH = 79


def plain(text: str) -> str:
    """Return a text in which nothing is a request, a macro's end or an escape."""
    text = text.replace("\\", r"\e")
    return re.sub(r"^([.'])", r"\\&\1", text)


def prose(text: str) -> list[str]:
    """Return a help text as lines: mdoc wants each sentence to begin on a new one."""
    # The default stands in a sentence of its own.
    text = re.sub(r"\s*\[default: (.*?)\]", r" The default is \1.", text)
    return [plain(sentence) for sentence in re.split(r"(?<=[.?!]) (?=[A-Z])", text) if sentence]


def wrapped(lines: Iterable[str]) -> list[str]:
    """Return the lines of a page, those of text wrapped; requests and literal text stay."""
    done: list[str] = []
    literal = False
    for line in lines:
        if line.startswith((".Bd -literal", ".Ed")):
            literal = line.startswith(".Bd")
        if literal or line.startswith("."):
            done.append(line)
        else:
            done += textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False)
    return done

"""What a spreadsheet takes for a formula, made a text (OWASP, CSV injection)."""

import re

# Full-width signs are signs in East Asian versions.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
# What may stand before the first sign of a cell and is dropped, or not seen: controls, blanks,
# quotes, and what has no width.
_DROPPED = (
    "\\x00-\\x08\\x0b\\x0c\\x0e-\\x20\"'\\x7f-\\xa0\\xad\\u1680\\u180e\\u2000-\\u200f"
    "\\u2028-\\u202f\\u205f-\\u206f\\u3000\\ufeff"
)
# A spreadsheet separates cells by what its country uses, and not by what the file does. It sees
# no quote then, unless it begins a cell.
_DELIMITERS = ",;|"
# A tab separates too, and is dropped like a blank, whatever the delimiter.
_ENDS = "\t\r\n"
_NUMBER = "[+-]?[0-9]+"


def defused(text: str, delimiter: str) -> str:
    """Return a text as a cell of a file with this delimiter in which no formula begins.

    An apostrophe stands before each sign that could begin one, at the beginning or behind what
    another delimiter would make of the text. A plain number is not a formula.
    """
    if re.fullmatch(_NUMBER, text):
        return text
    ends = _DELIMITERS.replace(delimiter, "") + _ENDS
    between = f"{_DROPPED}{ends}"
    # Each run of what is dropped is looked at once, from its beginning: no text takes long.
    cells = (
        f"(?:\\A[{between}]*+|(?<![{between}])[{_DROPPED}]*+[{ends}][{between}]*+)(?=[{_SIGNS}])"
    )
    marked = re.sub(cells, r"\g<0>'", text)
    return f"'{marked}" if marked.startswith(tuple(_ENDS)) else marked

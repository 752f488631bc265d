"""A text with places for the cells of a row: `{column}`, and `{{` and `}}` for braces."""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from linksms_cli.errors import UsageError

_PIECES = re.compile(r"(?P<open>\{\{)|(?P<close>\}\})|\{(?P<column>[^{}]+)\}|(?P<stray>[{}])")


class Template(NamedTuple):
    """A template in its pieces: texts, and between them the columns that stand there."""

    texts: tuple[str, ...]
    columns: tuple[str, ...]

    def missing(self, columns: Collection[str]) -> str | None:
        """Return the first column that the template names and that is not among these."""
        return next((one for one in self.columns if one not in columns), None)

    def filled(self, cells: Mapping[str, str]) -> str:
        """Return the text for one row; raises KeyError for a column that the row does not have."""
        parts = [self.texts[0]]
        for column, text in zip(self.columns, self.texts[1:], strict=True):
            parts += [cells[column].strip(), text]
        return "".join(parts)


def parse(text: str) -> Template:
    """Return the template that a text is. Raises UsageError for a brace that means nothing."""
    texts, columns = [""], []
    end = 0
    for found in _PIECES.finditer(text):
        texts[-1] += text[end : found.start()]
        end = found.end()
        if found["stray"]:
            message = f"the template has a {found['stray']!r} at position {found.start()} by itself"
            raise UsageError(message, "Write {column} for a cell, and {{ or }} for a brace.")
        if found["column"] is None:
            texts[-1] += "{" if found["open"] else "}"
        else:
            columns.append(found["column"].strip())
            texts.append("")
    texts[-1] += text[end:]
    return Template(tuple(texts), tuple(columns))

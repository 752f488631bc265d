"""Our statements, values and rows as psycopg knows them."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import psycopg

_MARK = re.compile(r"(?<!:):(?!:)([a-z_]+)|\?|%|'[^']*'")


class NamedRow(tuple[Any, ...]):
    """A row; a column is found by its name or its place."""

    __slots__ = ()
    places: ClassVar[Mapping[str, int]] = {}

    def __getitem__(self, key: Any) -> Any:
        return tuple.__getitem__(self, self.places[key] if isinstance(key, str) else key)


def rows(cursor: "psycopg.Cursor[Any]") -> Any:
    """Return the class of the rows that a cursor has: psycopg's row factory."""
    return _row_type(tuple(column.name for column in cursor.description or ()))


@lru_cache(maxsize=64)
def _row_type(names: tuple[str, ...]) -> type[NamedRow]:
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    return type("OurRow", (NamedRow,), {"__slots__": (), "places": places})


@lru_cache(maxsize=256)
def translated(statement: str) -> bytes:
    """Return a statement with the marks for its values as psycopg knows them."""

    def mark(found: re.Match[str]) -> str:
        if found[1]:
            return f"%({found[1]})s"
        return "%s" if found[0] == "?" else found[0].replace("%", "%%")

    return _MARK.sub(mark, statement).encode()


def stored(values: Sequence[Any] | Mapping[str, Any]) -> Any:
    """Return values without NUL, which PostgreSQL cannot keep in a text."""
    if isinstance(values, Mapping):
        return {name: _text(value) for name, value in values.items()}
    return [_text(value) for value in values]


def _text(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\N{SYMBOL FOR NULL}")
    return value

"""A report in key-value pairs: a form's body, or a query string."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

from linksms_cli.sms.dlr.formats import charset as charsets
from linksms_cli.sms.dlr.formats import in_json
from linksms_cli.sms.dlr.formats.fields import (
    IDS,
    LISTS,
    NAMES,
    PARAMETERS,
    TIMES,
    Candidates,
    Fields,
    UnreadableError,
    are_whole,
    entry,
    name_of,
    parameters,
)

# Far more than any report has.
MAX_PAIRS = 1000

# Between two pairs stands an ampersand, which some senders escape as in HTML; or a semicolon, if
# there is no ampersand at all, or if one of the guide's fields follows.
_AMPERSAND = re.compile(
    rb"&(?:amp;)?|;(?=(?:%s)[^=&;]*=)" % "|".join(NAMES).encode(), re.IGNORECASE
)
_SEMICOLON = re.compile(rb";")
# Keys that are longer are not remembered.
_USUAL = 64
_HEAD = re.compile(r"[^.\[]+")
# What follows a list's name: `[0].key`, `[0][key]`, `.0.key`; or `.source`, `[source]`.
_ENTRY = re.compile(r"[.\[](\d+)\]?[.\[](key|name|value)\]?", re.IGNORECASE)
_PARAMETER = re.compile(r"\.(.+)|\[(.+)\]", re.DOTALL)
_NUMBERS = ("source", "destination")
_SPACE_BEFORE_NUMBER = re.compile(r"\A (?=\d)")
# An unescaped `+` stands for a space, and a space may stand for a `+`: a time has both.
_PLUS_BEFORE_CLOCK = re.compile(r"(\d{4}-\d\d-\d\d)\+(?=\d\d:)")
_SPACE_BEFORE_OFFSET = re.compile(r"(\d\d:\d\d:\d\d(?:\.\d+)?) (?=\d\d:?\d\d\Z)")


def read(raw: bytes, charset: str | None) -> Candidates:
    """Read a report from percent-encoded pairs; of several, each has a line of its own.

    Raises UnreadableError.
    """
    lines = [line for line in raw.splitlines() if line.strip()]
    each = [gather(_pairs(line, charset)) for line in lines] if len(lines) > 1 else []
    whole = [fields for fields in each if are_whole(fields)]
    if whole:
        return Candidates(whole, len(each) - len(whole))
    if b"&" in raw or not each:
        return Candidates([gather(_pairs(raw, charset))])
    # A form that is sent as plain text has a line for each pair.
    return Candidates([gather(pair for line in lines for pair in _pairs(line, charset))])


def gather(pairs: Iterable[tuple[str, str]]) -> Fields:
    """Gather a report from keys and values; its parameters may be nested in any usual spelling.

    None is documented (open): `source`, `customParameters.source`, `customParameters[source]`,
    `customParameters[0].key` with `.value`, and a JSON value are read.
    """
    fields: Fields = {}
    entries: dict[tuple[str, str], dict[str, str]] = {}
    for key, value in pairs:
        name, inside = _split(key) if len(key) <= _USUAL else _split.__wrapped__(key)
        if name not in LISTS:
            fields[name] = _time(value) if name in TIMES else value
        elif place := _ENTRY.fullmatch(inside):
            entries.setdefault((name, place[1]), {})[place[2]] = value
        elif parameter := _PARAMETER.fullmatch(inside):
            fields.setdefault(name, {})[parameter[1] or parameter[2]] = value
        else:
            fields.setdefault(name, {}).update(parameters(_json(value)))
    for (name, number), halves in entries.items():
        fields.setdefault(name, {}).update(entry(halves) or {number: halves})
    for name in ("id", "messageId"):
        if name in fields:
            fields[name] = fields[name].replace(" ", "+")
    for mapping in (fields, fields.get(PARAMETERS, {})):
        _put_plus_back(mapping)
    return fields


def _pairs(raw: bytes, charset: str | None) -> Iterator[tuple[str, str]]:
    if b";" not in raw:
        pieces = raw.split(b"&", MAX_PAIRS)
    else:
        pieces = (_AMPERSAND if b"&" in raw else _SEMICOLON).split(raw, MAX_PAIRS)
    if len(pieces) > MAX_PAIRS:
        raise UnreadableError(f"more than {MAX_PAIRS} key-value pairs")
    for piece in pieces:
        coded_key, _, coded = piece.partition(b"=")
        key, literal = (_key if len(coded_key) <= _USUAL else _key.__wrapped__)(coded_key, charset)
        if key:
            yield key, _unquoted(coded, charset, literal=literal)


@lru_cache(maxsize=256)  # most reports have the same
def _key(coded: bytes, charset: str | None) -> tuple[str, bool]:
    """Return a key, and whether an unescaped `+` in its value stands for itself."""
    key = _unquoted(coded, charset).strip()
    return key, name_of(key) in (*IDS, *TIMES)


def _unquoted(coded: bytes, charset: str | None, *, literal: bool = False) -> str:
    if not literal:
        coded = coded.replace(b"+", b" ")
    return charsets.decode_part(unquote_to_bytes(coded) if b"%" in coded else coded, charset)


@lru_cache(maxsize=256)
def _split(key: str) -> tuple[str, str]:
    """Split a key into the field that it belongs to and the way inside it."""
    head = _HEAD.match(key)
    name = name_of(head[0]) if head else None
    if head is None or name is None:
        return key, ""
    inside = key[head.end() :]
    return (name, inside) if not inside or name in LISTS else (key, "")


def _json(value: str) -> Any:
    """Read the value of a whole list, which may be JSON."""
    if value.lstrip()[:1] not in {"{", "["}:
        return value
    try:
        return in_json.load(value)
    except UnreadableError:
        return value


def _time(value: str) -> str:
    """Restore the space and the `+` of a time that was not escaped, or twice."""
    if " " not in value and "+" not in value:
        return value
    return _SPACE_BEFORE_OFFSET.sub(r"\1+", _PLUS_BEFORE_CLOCK.sub(r"\1 ", value))


def _put_plus_back(mapping: Fields) -> None:
    """Restore the `+` of numbers in a form that forgot to escape it."""
    for key, value in mapping.items():
        if isinstance(value, str) and value.startswith(" ") and key.lower() in _NUMBERS:
            mapping[key] = _SPACE_BEFORE_NUMBER.sub("+", value)

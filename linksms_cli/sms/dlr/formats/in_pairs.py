"""A report in key-value pairs: a form's body, or a query string."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

from linksms_cli.sms.dlr.formats import charset as charsets
from linksms_cli.sms.dlr.formats import in_json
from linksms_cli.sms.dlr.formats.fields import (
    IDS,
    LISTS,
    PARAMETERS,
    TIMES,
    Fields,
    UnreadableError,
    entry,
    name_of,
    parameters,
)

# Far more than any report has.
MAX_PAIRS = 1000

_HEAD = re.compile(r"[^.\[]+")
# What follows a list's name: `[0].key`, `[0][key]`, `.0.key`; or `.source`, `[source]`.
_ENTRY = re.compile(r"[.\[](\d+)\]?[.\[](key|name|value)\]?", re.IGNORECASE)
_PARAMETER = re.compile(r"\.(.+)|\[(.+)\]", re.DOTALL)
_SPACE_BEFORE_NUMBER = re.compile(r"\A (?=\d)")


def read(raw: bytes, charset: str | None) -> Fields:
    """Read a report whose parameters may be nested in any usual spelling.

    None is documented (open): `source`, `customParameters.source`, `customParameters[source]`,
    `customParameters[0].key` with `.value`, and a JSON value are read.
    """
    fields: Fields = {}
    entries: dict[tuple[str, str], dict[str, str]] = {}
    for key, coded in _pairs(raw, charset):
        name, inside = _split(key)
        # Ids and times never hold a space: the `+` of an id or of an offset, unescaped, stays one.
        literal = name in IDS or name in TIMES
        value = _unquoted(coded.replace(b"+", b"%2B") if literal else coded, charset)
        if name not in LISTS:
            fields[name] = value
        elif place := _ENTRY.fullmatch(inside):
            entries.setdefault((name, place[1]), {})[place[2]] = value
        elif parameter := _PARAMETER.fullmatch(inside):
            fields.setdefault(name, {})[parameter[1] or parameter[2]] = value
        else:
            fields.setdefault(name, {}).update(parameters(_json(value)))
    for (name, number), halves in entries.items():
        fields.setdefault(name, {}).update(entry(halves) or {number: halves})
    if "id" in fields:
        fields["id"] = fields["id"].replace(" ", "+")
    for mapping in (fields, fields.get(PARAMETERS, {})):
        _put_plus_back(mapping)
    return fields


def _pairs(raw: bytes, charset: str | None) -> Iterator[tuple[str, bytes]]:
    """Yield each key with its value, which is still percent-encoded."""
    pieces = raw.split(b"&", MAX_PAIRS)
    if len(pieces) > MAX_PAIRS:
        raise UnreadableError(f"more than {MAX_PAIRS} key-value pairs")
    for piece in pieces:
        key, _, coded = piece.partition(b"=")
        if name := _unquoted(key, charset).strip():
            yield name, coded


def _unquoted(coded: bytes, charset: str | None) -> str:
    return charsets.decode_part(unquote_to_bytes(coded.replace(b"+", b" ")), charset)


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


def _put_plus_back(mapping: Fields) -> None:
    """Restore the `+` of numbers in a form that forgot to escape it."""
    for key, value in mapping.items():
        if key.lower() in {"source", "destination"} and isinstance(value, str):
            mapping[key] = _SPACE_BEFORE_NUMBER.sub("+", value)

"""A delivery report: what LINK calls back with, read from whatever shape it came in.

Guide, chapter "Delivery Reports". Nothing that can come over a network makes reading fail in
another way than `UnreadableError`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from linksms_cli.sms import timestamp
from linksms_cli.sms.dlr.formats import charset as charsets
from linksms_cli.sms.dlr.formats import in_json, in_multipart, in_pairs, in_xml
from linksms_cli.sms.dlr.formats.fields import GATE_PARAMETERS, PARAMETERS, Fields, UnreadableError
from linksms_cli.sms.dlr.packing import unpacked


class Format(StrEnum):
    """How a report was written."""

    JSON = "json"
    XML = "xml"
    FORM = "form"
    QUERY = "query"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One delivery report.

    `id` is as it came; of a message of several parts it is `message_id$part`, and without a part
    it speaks for the whole message. Times are RFC 3339 in UTC, or as they came where they are none.
    Fields that the guide does not know are among the custom parameters.
    """

    id: str
    message_id: str
    part: int | None
    result_code: int
    operator: str | None
    operator_result_code: str | None
    segments: int | None
    ref_id: str | None
    source: str | None
    destination: str | None
    sent_timestamp: str | None
    timestamp: str | None
    gate_custom_parameters: Mapping[str, Any]
    custom_parameters: Mapping[str, Any]
    format: Format


# More than any report has. What is larger, or unpacks to more, is refused (413).
MAX_BYTES = 64 * 1024


def read_callback(*, body: bytes, query: str, content_type: str | None) -> Report:
    """Read a report from a request as it came.

    Raises UnreadableError where it is none, TooLargeError where it unpacks to more than MAX_BYTES.
    """
    return read(body=unpacked(body, MAX_BYTES), query=query, content_type=content_type)


def read(*, body: bytes, query: str = "", content_type: str | None = None) -> Report:
    """Read a report from an unpacked body, or from the query string where there is none.

    What it is decides how it is read, not what its Content-Type says it is: only the charset is
    taken from there. Neither does the method say anything: reports come by POST and by GET.

    Raises UnreadableError.
    """
    if not body.strip(_AROUND):
        return _from_query(query)
    try:
        return _from_body(body, _charset(content_type))
    except UnreadableError:
        if "=" not in query:
            raise
        try:
            return _from_query(query)
        except UnreadableError:
            pass
        raise


# What some senders put around a report: blanks, and the NUL that ends a string in C.
_AROUND = b" \t\r\n\0"


def _from_query(query: str) -> Report:
    pairs = query.encode("utf-8", "surrogateescape")
    return _report(in_pairs.read(pairs.strip(_AROUND), None), Format.QUERY)


def _from_body(body: bytes, charset: str | None) -> Report:
    text = charsets.decode(body, in_xml.declared(body), charset).strip(_AROUND.decode())
    start = text[:1]
    if start in {"{", "[", '"'}:
        return _report(in_json.read(text), Format.JSON)
    if start == "<":
        return _report(in_xml.read(text), Format.XML)
    if in_multipart.fits(body):
        return _report(in_multipart.read(body, charset), Format.FORM)
    if "=" in text:
        # Its percent signs may stand for another charset than its own letters.
        pairs = text.encode() if charsets.is_marked(body) else body.strip(_AROUND)
        return _report(in_pairs.read(pairs, charset), Format.FORM)
    raise UnreadableError("neither JSON nor XML nor key-value pairs")


_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)


def _charset(content_type: str | None) -> str | None:
    found = _CHARSET.search(content_type) if content_type else None
    return found[1] if found else None


# The ordinal of a part, counted from 0 (guide: `abc123$0`). A message has at most 255: the header
# that joins parts counts them in one octet (3GPP TS 23.040, 9.2.3.24.1).
_PART = re.compile(r"(.+)\$(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-4])", re.ASCII | re.DOTALL)


def split_id(report_id: str) -> tuple[str, int | None]:
    """Split the id of a report: that of the message, and the part, None for the whole message."""
    found = _PART.fullmatch(report_id)
    return (found[1], int(found[2])) if found else (report_id, None)


_CONTROL = re.compile("[\x00-\x1f\x7f]")


def _report(fields: Fields, form: Format) -> Report:
    """Give the fields their types. What is left of them joins the custom parameters."""
    identity = _text(fields.pop("id", None), form)
    if identity is None or not identity.strip():
        raise UnreadableError("no id")
    if _CONTROL.search(identity):
        raise UnreadableError("an id with control characters")
    code = _integer(fields.pop("resultCode", None))
    if code is None:
        raise UnreadableError("no resultCode, or one that is no number")
    message_id, part = split_id(identity)
    operator, operator_code, ref_id, sent, reported = (
        _text(fields.pop(name, None), form)
        for name in ("operator", "operatorResultCode", "refId", "sentTimestamp", "timestamp")
    )
    segments = _integer(fields.pop("segments", None))
    gate = fields.pop(GATE_PARAMETERS, {})
    parameters = fields.pop(PARAMETERS, {})
    custom = fields | parameters
    named = {name.lower(): value for name, value in custom.items()}
    return Report(
        id=identity,
        message_id=message_id,
        part=part,
        result_code=code,
        operator=operator,
        operator_result_code=operator_code,
        segments=segments,
        ref_id=ref_id,
        source=_text(named.get("source"), form),
        destination=_text(named.get("destination"), form),
        sent_timestamp=_time(sent),
        timestamp=_time(reported),
        gate_custom_parameters=gate,
        custom_parameters=custom,
        format=form,
    )


def _text(value: Any, form: Format) -> str | None:
    """Read a text. Only JSON can say null: elsewhere nothing, or that word, is meant as one."""
    match value:
        case None | "":
            return None
        case str():
            return None if value.lower() == "null" and form is not Format.JSON else value
        case bool() | list() | dict():
            return json.dumps(value, ensure_ascii=False)
    return str(value)


_INTEGER = re.compile(r"\s*([+-]?\d{1,9})(?:\.0+)?\s*", re.ASCII)


def _integer(value: Any) -> int | None:
    """Read a whole number of at most nine digits, written as a number or as a text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if type(value) is int and -1_000_000_000 < value < 1_000_000_000:
        return value
    found = _INTEGER.fullmatch(str(value))
    return int(found[1]) if found else None


def _time(written: str | None) -> str | None:
    return (timestamp.in_utc(written) or written) if written else None

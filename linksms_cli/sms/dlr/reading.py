"""What a callback holds, read from whatever shape it came in: reports, incoming messages.

Nothing that can come over a network makes reading fail, or take more than a bounded time: what
cannot be read is a value too.
"""

import re
from contextlib import suppress
from dataclasses import dataclass

from linksms_cli.sms.dlr import incoming, plain, report
from linksms_cli.sms.dlr.formats import charset as charsets
from linksms_cli.sms.dlr.formats import in_json, in_multipart, in_pairs, in_xml
from linksms_cli.sms.dlr.formats.fields import MAX_REPORTS, Candidates, Fields, UnreadableError
from linksms_cli.sms.dlr.incoming import IncomingMessage
from linksms_cli.sms.dlr.packing import unpacked
from linksms_cli.sms.dlr.report import Format, Report

# More than any report has. What is larger, or unpacks to more, is refused (413).
MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Something that is neither a report nor an incoming message; `fault` says why, in words."""

    fault: str


Content = Report | IncomingMessage | Unreadable


def read_callback(*, body: bytes, query: str, content_type: str | None) -> tuple[Content, ...]:
    """Read what a request holds: one content at least, in the order of the request.

    If several stand together, what cannot be read of them is the last one, taken together.

    Raises TooLargeError if the body unpacks to more than MAX_BYTES.
    """
    quick = plain.read(body)
    if quick:
        return (quick,)
    try:
        return read(body=unpacked(body, MAX_BYTES), query=query, content_type=content_type)
    except UnreadableError as failure:
        return (Unreadable(fault=str(failure)),)


def read(*, body: bytes, query: str = "", content_type: str | None = None) -> tuple[Content, ...]:
    """Read an unpacked body, or the query string where there is none.

    What it is decides how it is read. Its Content-Type only says the charset, and the method says
    nothing: reports come by POST and by GET.

    Raises UnreadableError if nothing can be read.
    """
    if not body.strip(_AROUND):
        return _from_query(query)
    try:
        return contents(*_found(body, _charset(content_type)))
    except UnreadableError:
        with suppress(UnreadableError):
            if "=" in query:
                return _from_query(query)
        raise


# What some senders put around a report: blanks, and the NUL that ends a string in C.
_AROUND = b" \t\r\n\0"


def _from_query(query: str) -> tuple[Content, ...]:
    pairs = query.encode("utf-8", "replace")
    return contents(in_pairs.read(pairs.strip(_AROUND), None), Format.QUERY)


def _found(body: bytes, charset: str | None) -> tuple[Candidates, Format]:
    text = charsets.decode(body, in_xml.declared(body), charset).strip(_AROUND.decode())
    start = text[:1]
    if start in {"{", "[", '"'}:
        return in_json.read(text), Format.JSON
    if start == "<":
        return in_xml.read(text), Format.XML
    if in_parts := in_multipart.read(body, charset):
        return in_parts, Format.FORM
    if "=" in text and charsets.is_marked(body):
        return in_pairs.read(text.encode(), None), Format.FORM
    if "=" in text:
        # Its percent signs may stand for another charset than its own letters.
        return in_pairs.read(body.strip(_AROUND), charset), Format.FORM
    raise UnreadableError("neither JSON nor XML nor key-value pairs")


_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]{1,40})", re.IGNORECASE)


def _charset(content_type: str | None) -> str | None:
    found = _CHARSET.search(content_type) if content_type else None
    return found[1] if found else None


def contents(found: Candidates, form: Format) -> tuple[Content, ...]:
    """Return what was found, typed.

    Raises UnreadableError if none of it can be read.
    """
    total = len(found.reports) + found.missed
    if total > MAX_REPORTS:
        raise UnreadableError(f"more than {MAX_REPORTS} reports in one body")
    typed: list[Content] = []
    fault = "no id or no resultCode" if found.missed else ""
    for fields in found.reports:
        try:
            typed.append(_content(fields, form))
        except UnreadableError as failure:
            fault = fault or str(failure)
    if not typed:
        raise UnreadableError(fault)
    if fault:
        lost = total - len(typed)
        typed.append(Unreadable(fault=f"{lost} of {total} in this request: {fault}"))
    return tuple(typed)


def _content(fields: Fields, form: Format) -> Report | IncomingMessage:
    if incoming.is_incoming(fields):
        return incoming.of_fields(fields, form)
    return report.of_fields(fields, form)

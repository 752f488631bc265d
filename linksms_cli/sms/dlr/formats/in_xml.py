"""A report in XML. The guide shows none (open), so any is read whose names are the fields'."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from linksms_cli.sms.dlr.formats.fields import (
    LISTS,
    MAX_DEPTH,
    Candidates,
    Fields,
    UnreadableError,
    are_whole,
    entry,
    name_of,
    named,
    parameters,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DECLARATION = re.compile(
    rb"\s*<\?xml[^>]{1,99}?encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,39})[\"']"
)
_ANY_DECLARATION = re.compile(r"<\?xml\s[^>]*>")
_SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}"


def declared(raw: bytes) -> str | None:
    """Return the encoding that an XML declaration names."""
    found = _DECLARATION.match(raw)
    return found[1].decode() if found else None


def read(text: str) -> Candidates:
    """Read the reports: elements that hold an id and a result code.

    Whatever the root, the namespaces and the case; a field may be an element or an attribute.
    Several documents may follow one another.

    Raises UnreadableError.
    """
    reports: list[Fields] = []
    missed = _collect(_load(text), reports)
    if not reports:
        raise UnreadableError("XML, but no element holds both an id and a resultCode")
    return Candidates(reports, missed)


def _collect(element: "Element", reports: list[Fields], depth: int = 0) -> int:
    """Add the reports in an element; return how many beside them look like one and are none.

    What stands inside a report belongs to it.
    """
    if depth > MAX_DEPTH:
        raise UnreadableError("XML nested too deeply")
    names = [name for name, _ in _attributes(element)] + [_local(child.tag) for child in element]
    if are_whole(names):
        reports.append(named(_members(element)))
        return 0
    missed = 0
    without: list[str] = []
    tags: set[str] = set()
    for child in element:
        before = len(reports)
        missed += _collect(child, reports, depth + 1)
        if len(reports) > before:
            tags.add(child.tag)
        else:
            without.append(child.tag)
    return missed + sum(tag in tags for tag in without)


def _load(text: str) -> "Element":
    try:
        return _parsed(text)
    except UnreadableError:
        # One document after another, and each may have a declaration.
        together = f"<reports>{_ANY_DECLARATION.sub('', text)}</reports>"
        with suppress(UnreadableError):
            return _parsed(together)
        raise


def _parsed(text: str) -> "Element":
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        # Text, so that the parser looks up no encoding: it would remember every name it meets. No
        # report needs a DTD, and 60 KB of one can make a document of gigabytes.
        root: Element = fromstring(text, forbid_dtd=True)
    except DefusedXmlException:
        raise UnreadableError("XML with a DTD or entities, which is refused") from None
    except (ParseError, ValueError) as failure:
        raise UnreadableError(f"not well-formed XML: {failure}") from None
    return root


def _members(element: "Element") -> Iterator[tuple[str, Any]]:
    """Yield what stands in an element: its attributes, and its children with their values."""
    yield from _attributes(element)
    for child in element:
        name = _local(child.tag)
        if name_of(name) in LISTS:
            yield name, _parameters(child)
        elif child.get(f"{_SCHEMA}nil") in {"true", "1"}:
            yield name, None
        else:
            yield name, "".join(child.itertext()).strip()


def _parameters(element: "Element", depth: int = 0) -> Fields:
    """Read a list of parameters, a child each.

    `<source>2333</source>`, `<entry key="source">2333</entry>`, the same with a `value`, or
    `<entry><key>source</key><value>2333</value></entry>`.
    """
    if depth > MAX_DEPTH:
        raise UnreadableError("XML nested too deeply")
    own: Fields = dict(_attributes(element))
    entries: Fields = {}
    for child in element:
        text = (child.text or "").strip()
        halves = {"value": text} | {name.lower(): half for name, half in _attributes(child)}
        for inner in child:
            halves[_local(inner.tag).lower()] = (inner.text or "").strip()
        if pair := entry(halves):
            entries.update(pair)
        elif len(child):
            entries.update(_parameters(child, depth + 1))
        else:
            own[_local(child.tag)] = text
    if not own and not entries:
        return parameters((element.text or "").strip())
    return entries | parameters(own)


def _attributes(element: "Element") -> Iterator[tuple[str, str]]:
    for name, text in element.attrib.items():
        if not name.startswith(_SCHEMA):
            yield _local(name), text


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]

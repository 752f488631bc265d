"""A report in XML. The guide shows none (open), so any is read whose names are the fields'."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from linksms_cli.sms.dlr.formats.fields import (
    LISTS,
    MAX_DEPTH,
    Fields,
    UnreadableError,
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
_SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}"


def declared(raw: bytes) -> str | None:
    """Return the encoding that an XML declaration names."""
    found = _DECLARATION.match(raw)
    return found[1].decode() if found else None


def read(text: str) -> Fields:
    """Read a report: the one element that holds an id and a result code.

    Whatever the root, the namespaces and the case; a field may be an element or an attribute.
    """
    reports = list(_reports(_load(text)))
    if not reports:
        raise UnreadableError("XML, but no element holds both an id and a resultCode")
    if len(reports) > 1:
        raise UnreadableError(f"a list of {len(reports)} reports in XML, not one")
    return named(_members(reports[0]))


def _reports(root: "Element") -> Iterator["Element"]:
    """Yield the elements that are reports; what stands inside one belongs to it."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        names = {name for name, _ in _attributes(element)} | {_local(e.tag) for e in element}
        if {"id", "resultCode"} <= {name_of(name) for name in names}:
            yield element
        else:
            waiting.extend(element)


def _load(text: str) -> "Element":
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

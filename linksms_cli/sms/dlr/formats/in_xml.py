"""Reports in XML. The guide shows none (open), so any is read whose names are the fields'."""

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
_ANY_DECLARATION = re.compile(r"<\?xml\s[^<>]*>")
_DTD, _NAMESPACE = "<!DOCTYPE", "xmlns"
_NAMESPACE_OF = re.compile(r"""[^"']*(?:"([^"]*)"|'([^']*)')""")
_LONGEST_NAMESPACE = 300
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_SCHEMA = _NIL.removesuffix("nil")


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


def _load(text: str) -> "Element":
    if _DTD in text:  # 60 KB of one can make a document of gigabytes
        raise UnreadableError("XML with a DTD or entities, which is refused")
    if _NAMESPACE in text and any(map(_is_long, text.split(_NAMESPACE)[1:])):
        # It is written out again with each name: 58 KB of XML took 240 MB.
        raise UnreadableError("XML with a namespace that is too long")
    try:
        return _parsed(text)
    except UnreadableError:
        # One document after another, and each may have a declaration.
        together = f"<reports>{_ANY_DECLARATION.sub('', text)}</reports>"
        with suppress(UnreadableError):
            return _parsed(together)
        raise


def _parsed(text: str) -> "Element":
    from xml.etree.ElementTree import ParseError, fromstring

    try:
        # Text and not bytes, so that no encoding is looked up: Python remembers each name.
        return fromstring(text)  # noqa: S314 - without a DTD there are no entities
    except (ParseError, ValueError) as failure:
        raise UnreadableError(f"not well-formed XML: {failure}") from None


def _is_long(declaration: str) -> bool:
    """Return whether a namespace is too long, given what stands behind the word for it."""
    value = _NAMESPACE_OF.match(declaration)
    return value is None or len(value[1] or value[2] or "") > _LONGEST_NAMESPACE


def _collect(element: "Element", reports: list[Fields], depth: int = 0) -> int:
    """Add the reports in an element; return how many beside them look like one and are none.

    What stands inside a report belongs to it.
    """
    if depth > MAX_DEPTH:
        raise UnreadableError("XML nested too deeply")
    attributes = dict(_attributes(element))
    if are_whole([*attributes, *(_local(child.tag) for child in element)]):
        reports.append(named([*attributes.items(), *_members(element)]))
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


def _members(element: "Element") -> Iterator[tuple[str, Any]]:
    """Yield the children of an element, each with its value."""
    for child in element:
        name = _local(child.tag)
        if name_of(name) in LISTS:
            yield name, _parameters(child)
        elif child.attrib and child.get(_NIL) in {"true", "1"}:
            yield name, None
        elif len(child):
            yield name, "".join(child.itertext()).strip()
        else:
            yield name, (child.text or "").strip()


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
        if not child.attrib and not len(child):  # as most are
            own[_local(child.tag)] = text
            continue
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
    return tag.rpartition("}")[2] if "}" in tag else tag

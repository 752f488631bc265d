"""Find reports, incoming messages and answers in a text, wherever they stand in it."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property
from typing import Any

from linksms_cli.sms.codes import explain
from linksms_cli.sms.dlr import reading
from linksms_cli.sms.dlr.formats import charset, in_json, in_pairs, in_xml
from linksms_cli.sms.dlr.formats.fields import Candidates, UnreadableError, are_whole
from linksms_cli.sms.dlr.incoming import IncomingMessage
from linksms_cli.sms.dlr.packing import TooLargeError, unpacked
from linksms_cli.sms.dlr.reading import Unreadable
from linksms_cli.sms.dlr.report import Format, Report
from linksms_cli.sms.mt import answer
from linksms_cli.sms.mt.answer import Answer

Finding = Report | IncomingMessage | Answer

# What compressed bytes may unpack to.
_MOST = 1 << 24
# How often a string of JSON is searched that stands in a string of JSON.
_DEPTH = 2
# Where one may begin: JSON, XML, pairs in a query or a form, or an answer.
_BEGINNING = re.compile(
    r"""
    (?P<json>\{)
    | (?P<xml><[a-z_][\w.:-]*)
    | (?P<pairs>(?<![^\s"'<>?])[^\s"'<>?]*resultcode=[^\s"'<>]*)
    | (?P<answer>(?<![\w.:/;=+-])[0-9]{1,4};[^;"'\r\n]{0,200}[a-z][^;"'\r\n]{0,200}(?:;[^\s;"',]*)?)
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Names and values as people and languages write them: `id=a`, `id: 'a'`, `"id" => "a"`.
# A name has an end: otherwise one long word would be read again from each of its letters.
_LOOSE = re.compile(
    r"""
    ["']?(?<![a-z_])([a-z_][\w.]{0,63})["'\]]?\s*(?:=>|[:=])\s*
    ("(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|[^\s,;&{}()\[\]"']+)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NOTHING = {"none", "null", "undefined", "nil"}
_CLOSING_TAG = re.compile(r"</([a-z_][\w.:-]*)>", re.IGNORECASE)


class _Page:
    """A text that is searched from its beginning to its end, once.

    A log may hold many beginnings without an end: none of them is looked for again and again.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._next: dict[str, int] = {}

    def after(self, word: str, place: int) -> int:
        """Return where a word is next, -1 if it does not come; `place` never decreases."""
        known = self._next.get(word, 0)
        if 0 <= known < max(place, 1):
            known = self._next[word] = self.text.find(word, place)
        return known

    def closes(self, tag: str, place: int) -> bool:
        """Return whether an element is closed behind a place."""
        return self._closing.get(tag, -1) >= place

    @cached_property
    def _closing(self) -> dict[str, int]:
        """The last place of each closing tag."""
        return {found[1]: found.start() for found in _CLOSING_TAG.finditer(self.text)}


def find(raw: bytes) -> list[Finding]:
    """Return what a text holds, in its own order.

    It may be one of these as a whole, in any format that a report may come in, or a log that
    quotes some.
    """
    text = charset.decode(raw, None)
    found, complete = _as_a_whole(raw, text)
    if _took_what_is_around(found):
        within = _search(text)
        if len(within) >= len(found):
            return within
    if complete:
        return found
    for search in (_search, _search_unescaped, _search_loosely):
        within = search(text)
        if len(within) > len(found):
            return within
    return found


def _as_a_whole(raw: bytes, text: str) -> tuple[list[Finding], bool]:
    """Read a text as one answer or request; say whether nothing of it is left."""
    answered = answer.parse(text)
    if answered and "\n" not in text.strip():
        return [answered], True
    try:
        contents = reading.read(body=unpacked(raw, _MOST))
    except (UnreadableError, TooLargeError):
        return [], False
    found: list[Finding] = [item for item in contents if not isinstance(item, Unreadable)]
    return found, len(found) == len(contents)


def _took_what_is_around(found: list[Finding]) -> bool:
    """Return whether a line of a log was read as a form: its beginning is in the first key then."""
    return any(
        " " in key
        for finding in found
        if isinstance(finding, Report | IncomingMessage) and finding.format is Format.FORM
        for key in finding.custom_parameters
    )


def _search(text: str, depth: int = _DEPTH) -> list[Finding]:
    """Find what is written out in a text, whatever stands around it."""
    found: list[Finding] = []
    page, place = _Page(text), 0
    while beginning := _BEGINNING.search(text, place):
        read = _READERS[beginning.lastgroup or ""]
        here, place = read(page, beginning, depth)
        found += here
    return found


def _search_unescaped(text: str) -> list[Finding]:
    r"""Find JSON that a log has escaped: `body="{\"id\":\"a\",\"resultCode\":1001}"`."""
    return _search(text.replace('\\"', '"')) if '\\"' in text else []


def _search_loosely(text: str) -> list[Finding]:
    """Find names and values of a report in each line, or at last in all lines together."""
    lines = [line for line in text.splitlines() if "result" in line.lower()]
    found = [finding for line in lines for finding in _loosely(line)]
    return found or (_loosely(text) if len(lines) == 1 else [])


def _loosely(text: str) -> list[Finding]:
    return _whole(
        in_pairs.gather((found[1], _unquoted(found[2])) for found in _LOOSE.finditer(text))
    )


def _unquoted(value: str) -> str:
    if value[:1] in {'"', "'"}:
        return value[1:-1]
    return "" if value.lower() in _NOTHING else value


def _whole(fields: dict[str, Any]) -> list[Finding]:
    return _typed(Candidates([fields]), Format.FORM) if are_whole(fields) else []


def _typed(candidates: Candidates, form: Format) -> list[Finding]:
    with suppress(UnreadableError):
        contents = reading.contents(candidates, form)
        return [content for content in contents if not isinstance(content, Unreadable)]
    return []


# Each reader returns what it found, and where the search goes on.
_Reader = Callable[[_Page, "re.Match[str]", int], tuple[list[Finding], int]]


def _json(page: _Page, beginning: "re.Match[str]", depth: int) -> tuple[list[Finding], int]:
    text, start = page.text, beginning.start()
    try:
        value, end = in_json.DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        # The guide's own examples are invalid; one that ends with its line can be mended.
        end = page.after("\n", start)
        end = end if end >= 0 else len(text)
        with suppress(UnreadableError):
            if start <= page.after('""', start) < end - 1:
                return _typed(in_json.read(text[start:end]), Format.JSON), end
        return [], start + 1
    found = _typed(in_json.within(value), Format.JSON)
    if not found and depth:
        found = [finding for inner in _strings(value) for finding in _search(inner, depth - 1)]
    return found, end


def _strings(value: Any) -> Iterator[str]:
    """Yield the strings in a value, which in a log may quote something."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def _xml(page: _Page, beginning: "re.Match[str]", _depth: int) -> tuple[list[Finding], int]:
    tag, inside = beginning["xml"][1:], beginning.end()
    if page.closes(tag, inside):
        last = f"</{tag}>"
        end = page.text.find(last, inside) + len(last)
    elif (end := page.after("/>", inside)) >= 0:
        end += len("/>")
    else:
        return [], inside
    with suppress(UnreadableError):
        return _typed(in_xml.read(page.text[beginning.start() : end]), Format.XML), end
    return [], end  # it is not searched again from within


def _pairs(_page: _Page, beginning: "re.Match[str]", _depth: int) -> tuple[list[Finding], int]:
    with suppress(UnreadableError):
        candidates = in_pairs.read(beginning["pairs"].encode("utf-8", "replace"), None)
        return _whole(candidates.reports[0]), beginning.end()
    return [], beginning.end()


def _answer(_page: _Page, beginning: "re.Match[str]", _depth: int) -> tuple[list[Finding], int]:
    answered = answer.parse(beginning["answer"])
    # Many a line of a log has a number and a semicolon: the code tells.
    known = answered is not None and explain(answered.code).known
    return ([answered] if answered and known else []), beginning.end()


_READERS: dict[str, _Reader] = {"json": _json, "xml": _xml, "pairs": _pairs, "answer": _answer}

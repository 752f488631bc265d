"""Black out a password that a server echoes, in whatever encoding.

An error message may quote the request, with the password escaped for a URL, HTML or JSON, converted
to Latin-1, encoded as base64, or several of these. So the text is searched as it is, and again with
its escapes undone, layer by layer.
"""

import binascii
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

BLACKED = "********"
# A shorter password would be found in many ids and words, and blacking those out would reveal it.
_SHORTEST = 4
# From this length on, a password is also found in other capitals.
_LONG = 8
# How many layers of escapes are undone; more than any chain of servers adds.
_LAYERS = 8

# One character as URLs, JavaScript, JSON, Python, C and HTML escape it: by its number, of base 16,
# 8 or 10, or by a name.
_HEX = "[0-9A-Fa-f]"
_ESCAPE = re.compile(
    rf"(?P<backslash>\\\\)|\\U(?P<eight>{_HEX}{{8}})|\\[Uu]\{{(?P<braced>{_HEX}{{1,6}})\}}"
    rf"|[%\\][Uu](?P<four>{_HEX}{{4}})|(?:%|\\[Xx])(?P<two>{_HEX}{{2}})|\\(?P<octal>[0-7]{{3}})"
    rf"|&#[Xx](?P<hexadecimal>{_HEX}{{1,6}});?|&#(?P<decimal>[0-9]{{1,7}});?"
    r"|&(?P<name>[A-Za-z][A-Za-z0-9]{1,30});"
)
_BASES = {"octal": 8, "decimal": 10}  # the others are hexadecimal
_NAMES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
# What any other name of HTML stands for: some character, but no letter or digit of ASCII.
_SOME = "\x1a"
_BACKSLASH = re.compile(r"\\")
_LAST_CODE_POINT = 0x10FFFF

_PACKED = re.compile(r"[A-Za-z0-9+/_-]{6,}")
_DIGITS = re.compile(r"[0-9A-Fa-f]{8,}")

Span = tuple[int, int]


class _Reading(NamedTuple):
    """A text with escapes undone, and where each of its characters begins in the original.

    `places` has one more than the text has characters: the end.
    """

    text: str
    places: list[int]


def black_out(password: str, text: str) -> str:
    """Return a text with each echo of a password blacked out.

    A password of fewer than four characters is left alone: it is part of too many words.
    """
    if len(password) < _SHORTEST:
        return text
    echo = _echo_of(password)
    shown, at = "", 0
    for start, end in sorted(span for read in _readings(text) for span in _echoes(echo, read)):
        if start >= at:
            shown += text[at:start] + BLACKED
        at = max(at, end)
    return shown + text[at:]


def _echoes(echo: re.Pattern[str], reading: _Reading) -> Iterator[Span]:
    """Yield where the original text has the echoes that a reading shows, encoded ones too."""
    found = [match.span() for match in echo.finditer(reading.text)]
    found += [
        match.span()
        for match in _PACKED.finditer(reading.text)
        if any(echo.search(inside.text) for inside in _contents(match[0]))
    ]
    for start, end in found:
        yield reading.places[start], reading.places[end]


def _contents(word: str) -> Iterator[_Reading]:
    """Yield what a word holds if it is base64, starting at any character, or hexadecimal."""
    base64 = word.replace("-", "+").replace("_", "/")
    packed = [
        binascii.a2b_base64(base64[skipped:] + "A" * ((skipped - len(base64)) % 4))
        for skipped in range(4)
    ]
    for digits in _DIGITS.findall(word):
        packed += [
            bytes.fromhex(digits[skipped : len(digits) - (len(digits) - skipped) % 2])
            for skipped in range(2)
        ]
    for octets in packed:
        # UTF-16 of ASCII is ASCII between zeros.
        yield from _readings(octets.replace(b"\0", b"").decode("utf-8", "replace"))


def _readings(text: str) -> Iterator[_Reading]:
    """Yield a text as it is, with each layer of escapes undone, and without any backslash."""
    reading = _Reading(text, list(range(len(text) + 1)))
    yield reading
    for _ in range(_LAYERS):
        undone = _replaced(reading, _ESCAPE, _meaning)
        if undone.text == reading.text:
            break
        reading = undone
        yield reading
    yield _replaced(reading, _BACKSLASH, lambda _match: "")


def _replaced(
    reading: _Reading, pattern: re.Pattern[str], meaning: Callable[[re.Match[str]], str]
) -> _Reading:
    """Return a reading with each match replaced by its meaning: one character, or none."""
    text, places, at = "", list[int](), 0
    for match in pattern.finditer(reading.text):
        means = meaning(match)
        text += reading.text[at : match.start()] + means
        places += reading.places[at : match.start()]
        places += reading.places[match.start() : match.start() + len(means)]
        at = match.end()
    return _Reading(text + reading.text[at:], places + reading.places[at:])


def _meaning(escape: re.Match[str]) -> str:
    kind = escape.lastgroup or ""
    if kind == "backslash":
        return "\\"
    if kind == "name":
        return _NAMES.get(escape["name"].lower(), _SOME)
    number = int(escape[kind], _BASES.get(kind, 16))
    return chr(number) if number <= _LAST_CODE_POINT else _SOME


def _echo_of(password: str) -> re.Pattern[str]:
    """Return a pattern for a password, as it is or with what looks like escapes in it undone."""
    *_, undone = _readings(password)
    spellings = [password, *([undone.text] if len(undone.text) >= _SHORTEST else [])]
    return re.compile("|".join(map(_spelt, dict.fromkeys(spellings))))


def _spelt(password: str) -> str:
    """Return a pattern for a password whose characters outside ASCII may have been changed."""
    runs = re.findall(r"[^\x00-\x7f]+|[\x00-\x7f]", password)
    pattern = "".join(_ascii(run) if run.isascii() else _foreign(run) for run in runs)
    return f"(?i:{pattern})" if len(password) >= _LONG else pattern


def _ascii(character: str) -> str:
    """Return a pattern for an ASCII character; forms write a space as a plus."""
    if character.isalnum():
        return character
    return rf"[{re.escape('+ ' if character in '+ ' else character)}{_SOME}]"


def _foreign(run: str) -> str:
    """Return a pattern for characters that are not ASCII.

    Each is kept, or became its octets read in another encoding (up to eight), or an HTML name, or a
    question mark; Latin-1 octets read as UTF-8 may become fewer. The first quantifier is
    possessive, so that no text can make the search take for ever.
    """
    size = len(run)
    fewest = min(size, len(run.encode("latin-1", "replace").decode("utf-8", "replace")))
    octets = rf"[^\x00-\x7f]{{{fewest},{8 * size}}}+"
    return rf"(?-i:{octets}|[^\x00-\x19\x1b-\x7f]{{{size}}}|\?{{{size}}})"

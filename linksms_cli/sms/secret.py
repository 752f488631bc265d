"""A secret: read in one way wherever it comes from, and kept out of what others write about it."""

import re

from linksms_cli.sms.value import InvalidValueError

# What an editor or a secret store puts around a line without showing it.
_ADDED = re.compile("\\A\ufeff|(\r\n|\n|\r)\\Z")
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

HIDDEN = "********"
# A shorter secret stands in half of all words; hiding it there would give it away.
SHORTEST_ECHO = 4


def read(text: str) -> str:
    """Return the secret in a text: one line, without the line end and byte order mark around it.

    Blanks belong to it. Raises InvalidValueError, which never quotes it.
    """
    secret = _ADDED.sub("", text)
    if not secret:
        raise InvalidValueError("is empty")
    if "\n" in secret or "\r" in secret:
        raise InvalidValueError("holds a line break", "A secret is one line.")
    if _UNFIT.search(secret):
        raise InvalidValueError("holds a control character, or is not UTF-8")
    return secret


def doubt(secret: str) -> str | None:
    """Return what may be wrong with a secret, in words that follow its name."""
    if secret != secret.strip():
        return "begins or ends with a blank, which is taken as part of it"
    return None


def conceal(secret: str, text: str) -> str:
    """Return a text with each echo of a secret hidden, however it is spelt.

    That is each of its characters as it is, quoted for a shell, or escaped as in a URL (UTF-8 or
    Latin-1), HTML or JSON; and all of it in base64, alone or within something longer.
    """
    if len(secret) < SHORTEST_ECHO:
        return text
    spelt = "".join(_spellings(character) for character in secret)
    return re.sub("|".join([spelt, *_in_base64(secret)]), HIDDEN, text)


def _spellings(character: str) -> str:
    from html.entities import codepoint2name

    code = ord(character)
    units = character.encode("utf-16-be", "surrogatepass").hex()
    ways = [
        re.escape(character),
        _any_case("".join(f"%{byte:02x}" for byte in character.encode("utf-8", "replace"))),
        _any_case("".join(rf"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))),
        f"&#0*{code};",
        _any_case(f"&#x0*{code:x};"),
    ]
    if code < 0x100:
        ways.append(_any_case(f"%{code:02x}"))
        ways.append(_any_case(rf"\\x{code:02x}"))
    if code in codepoint2name:
        ways.append(f"&{codepoint2name[code]};")
    if character == " ":
        ways.append(r"\+")
    # A shell escapes with a backslash, or closes its quotes, writes '\'' or '"'"', and opens them.
    escaped = rf"\\?{re.escape(character)}" if not character.isalnum() else ways[0]
    quoted = r"""'\\''|'"'"'""" if character == "'" else None
    return f"(?:{'|'.join(filter(None, [quoted, *ways[1:], escaped]))})"


def _any_case(pattern: str) -> str:
    return f"(?i:{pattern})"


def _in_base64(secret: str) -> list[str]:
    """Return how a secret may stand in base64: three ways, by what is before it in its triple."""
    from base64 import b64encode

    raw = secret.encode("utf-8", "replace")
    found = []
    for before in range(3):
        coded = b64encode(b"\0" * before + raw).decode().rstrip("=")
        # The digits at either end depend on the neighbours too.
        begin = (0, 2, 3)[before]
        end = (before + len(raw)) * 8 // 6
        core = coded[begin:end]
        if len(core) >= SHORTEST_ECHO:
            either = core.replace("+", "[+-]").replace("/", "[/_]")
            found.append(f"{either}[A-Za-z0-9+/_=-]{{0,3}}")
    return found

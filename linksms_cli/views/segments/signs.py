"""Characters as they can be seen: themselves, or a name where they would show nothing."""

import unicodedata

from linksms_cli.sms.text.unseen import UNSEEN

# What would not be seen is shown by a name.
_NAMES = {
    "\t": "TAB",
    "\f": "FF",
    "\r": "CR",
    "\x1b": "ESC",
    "\u00a0": "NBSP",
    "\u00ad": "SHY",
    "\u200b": "ZWSP",
    "\u200d": "ZWJ",
    "\ufeff": "BOM",
}
LINE_END = "↵"
_SHAPELESS = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}


def shown(character: str) -> str:
    """Return a character as a person can see it."""
    if character == "\n":
        return LINE_END
    if unicodedata.combining(character):
        return f"\u25cc{character}"
    shapeless = character in UNSEEN or unicodedata.category(character) in _SHAPELESS
    if character != " " and shapeless:
        return f"<{_NAMES.get(character) or f'U+{ord(character):04X}'}>"
    return character

"""Characters that the eye does not see, by what it sees in their place."""

# A space. To a handset a tab is one too; the last three are signs or letters by name alone.
SPACES = (
    "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000\u2800\u3164\uffa0"
)
# Nothing: soft hyphen, zero-width space, word joiner, operators of mathematics that are not
# written, byte order mark, and what sets a gloss apart from its word.
NOTHING = "\u00ad\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\ufff9\ufffa\ufffb"
# Nothing, but they shape emoji and scripts that GSM-7 lacks altogether: joiners, directional
# marks, fillers of Hangul, variation selectors. They may go only where neither is left. U+202E,
# which turns a text around, is not among them.
SHAPING = frozenset(
    "\u034f\u061c\u115f\u1160\u180e\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d"
    "\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f"
    "\ufe00\ufe01\ufe02\ufe03\ufe04\ufe05\ufe06\ufe07"
    "\ufe08\ufe09\ufe0a\ufe0b\ufe0c\ufe0d\ufe0e\ufe0f"
)
# The end of a line.
NEWLINES = "\u0085\u2028\u2029"

UNSEEN = frozenset(SPACES + NOTHING + NEWLINES) | SHAPING

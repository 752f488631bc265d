"""The GSM 7 bit default alphabet with its extension table (3GPP TS 23.038, clause 6.2.1).

127 characters take one septet each. Ten more take two, an escape and a character: they are spelt
that way here, so that the length of a spelt text is its number of septets.
"""

import re

# In the order of their code points, 0x00 to 0x7F. 0x1B is no character: it is ESCAPE below.
# 0x09 is capital Ç: the small one has no place here, nor have the tab and the backtick.
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
# Behind the escape, at 0x0A, 0x14, 0x28, 0x29, 0x2F, 0x3C, 0x3D, 0x3E, 0x40 and 0x65.
EXTENSION = "\f^{}\\[~]|€"
ESCAPE = "\x1b"

# A pattern, compiled at its first use: most texts are GSM.
NOT_GSM = f"[^{re.escape(BASIC + EXTENSION)}]+"

# Each matches a text of which every character takes one septet, or one or two. They are what a
# compiled pattern offers: a function around it would cost a tenth of what a short text takes.
is_basic = re.compile(f"[{re.escape(BASIC)}]*").fullmatch
is_gsm = re.compile(f"[{re.escape(BASIC + EXTENSION)}]*").fullmatch


def spell(text: str) -> str:
    """Spell a GSM text as it goes on air, an escape before each extension character."""
    for character in EXTENSION:
        if character in text:  # to look costs a third of replacing nothing
            text = text.replace(character, ESCAPE + character)
    return text


def unspell(septets: str) -> str:
    """Return the text that was spelt so."""
    return septets.replace(ESCAPE, "")

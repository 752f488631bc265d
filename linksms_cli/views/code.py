"""A result code as it is shown: in full, or as a row of the table."""

import textwrap
from collections.abc import Iterable, Sequence

from linksms_cli.sms.codes import Certainty, ResultCode, Retry, explain
from linksms_cli.views.layout import LABEL, Tone, labelled, paint

NOT_KNOWN = "not a known code"

# The guide's numbers come in families, which it does not name; each begins at its number.
_FAMILIES = {
    0: "Routing and operators",
    100: "Account and service",
    1000: "What became of the message",
    2000: "Sender",
    2100: "Recipient",
    2200: "Charging",
    3000: "Encoding",
    4000: "Request",
}
# What the columns beside the description take in the table, and the least that a text has anywhere.
_VALUES = 6 + 11 + 9 + len(Retry.POINTLESS) + 1
_LEAST = 20
_RETRY_TONES = {
    Retry.WAIT: Tone.PENDING,
    Retry.DONE: Tone.GOOD,
    Retry.SAFE: Tone.GOOD,
    Retry.POINTLESS: Tone.QUIET,
    Retry.NEVER: Tone.BAD,
}
_CERTAINTY_TONES = {
    Certainty.YES: Tone.GOOD,
    Certainty.NO: Tone.BAD,
    Certainty.UNKNOWN: Tone.UNSURE,
}


def tone_of(code: ResultCode) -> Tone:
    """Return the colour of a code wherever it is named: what is known of its delivery."""
    if not code.known:
        return Tone.UNSURE
    return _CERTAINTY_TONES[code.delivered] if code.final else Tone.PENDING


def is_conditional(code: ResultCode) -> bool:
    """Return whether a message with this code is billed only if it has a charge."""
    return "(if applicable)" in (code.state or "")


def words_of(code: ResultCode) -> str:
    """Return a code with its words: the same wherever a message is shown."""
    return f"{code.code} {code.description or NOT_KNOWN}"


def as_record(code: ResultCode) -> dict[str, object]:
    """Return the JSON object of one code."""
    return {
        "code": code.code,
        "known": code.known,
        "description": code.description,
        "state": code.state,
        "final": code.final,
        "delivered": code.delivered,
        "billed": code.billed,
        "retry": code.retry,
        "meaning": code.meaning,
        "action": code.action,
        "notes": [*code.notes, *filter(None, [code.footnote])],
        "neighbours": code.neighbours,
        "origin": code.origin,
    }


def as_text(codes: Sequence[ResultCode], width: int = 80) -> str:
    """Return each code in full: what is certain, what it means, what to do next.

    Footnotes that several share stand once, below the last code.
    """
    footnotes = dict.fromkeys(code.footnote for code in codes if code.footnote)
    below = [
        "\n".join(paint(line, Tone.QUIET) for line in _wrapped(f"* {footnote}", width))
        for footnote in footnotes
    ]
    return "\n\n".join([*(_page(code, width) for code in codes), *below])


def as_table(codes: Iterable[ResultCode], width: int = 80) -> str:
    """Return a table of codes, one row each, under the names of their families.

    The values are the words that the filters take.
    """
    room = width - _VALUES
    lines = [paint(f"CODE  {'DESCRIPTION':{room}}DELIVERED  BILLED   RETRY", Tone.QUIET)]
    family = ""
    listed = tuple(codes)
    for code in listed:
        if _family(code) != family:
            family = _family(code)
            lines += ["", paint(family, Tone.STRONG)]
        lines += _row(code, room)
    below = []
    if any(code.retry is Retry.WAIT for code in listed):
        below.append('If RETRY is "wait", "no" means "not yet".')
    below += [
        f'For {code.code}, BILLED is "yes" only if the message has a charge.'
        for code in listed
        if is_conditional(code)
    ]
    return "\n".join([*lines, *([""] if below else []), *(paint(b, Tone.QUIET) for b in below)])


def _page(code: ResultCode, width: int) -> str:
    margin = " " * (len(str(code.code)) + 2)
    title, *more = _wrapped(code.description or NOT_KNOWN, width - len(margin))
    lines = [
        f"{paint(str(code.code), Tone.STRONG)}  {paint(title, Tone.STRONG)}",
        *(margin + paint(line, Tone.STRONG) for line in more),
        margin + ", ".join(paint(words, tone) for words, tone in _certainties(code)),
        "",
        *_paragraph("Meaning", code.meaning, width),
        *_paragraph("Next", code.action, width),
        *_paragraph("Retry", _advice(code), width, _RETRY_TONES[code.retry]),
    ]
    for neighbour in map(explain, code.neighbours):
        lines += _paragraph("Nearest", f"{neighbour.code}  {neighbour.description}", width)
    if code.state is not None:
        lines += _paragraph("Guide", code.state, width)
    for note in code.notes:
        lines += _paragraph("Note", note, width)
    return "\n".join(lines)


def _certainties(code: ResultCode) -> list[tuple[str, Tone]]:
    """Return the three values in words, each with what it means to the sender."""
    words = [
        {Certainty.YES: done, Certainty.NO: f"not {done}", Certainty.UNKNOWN: f"{act} unknown"}
        for done, act in (("delivered", "delivery"), ("billed", "billing"))
    ]
    delivered, billed = words[0][code.delivered], words[1][code.billed]
    if not code.known:
        return [
            ("not final", Tone.UNSURE),
            (delivered, Tone.UNSURE),
            (billed, Tone.UNSURE),
        ]
    if not code.final:
        return [
            ("temporary", Tone.PENDING),
            (delivered + " yet" * (code.delivered is Certainty.NO), Tone.PENDING),
            (billed + " yet" * (code.billed is Certainty.NO), Tone.PENDING),
        ]
    if is_conditional(code):
        billed += " if it has a charge"
    return [
        ("final", Tone.STRONG),
        (delivered, _CERTAINTY_TONES[code.delivered]),
        (billed, _billing_tone(code)),
    ]


def _billing_tone(code: ResultCode) -> Tone:
    """Return the colour of a billing: good for a delivered message, bad for any other."""
    if code.billed is Certainty.UNKNOWN:
        return Tone.UNSURE
    fits = (code.billed is Certainty.YES) == (code.delivered is Certainty.YES)
    return Tone.GOOD if fits else Tone.BAD


def _advice(code: ResultCode) -> str:
    """Return whether to send again, with the reason."""
    if code.retry is Retry.NEVER:
        if code.billed is Certainty.YES:
            return "never: it was billed, and would be billed a second time"
        return "never: it may already have been delivered or billed"
    reasons = {
        Retry.WAIT: "this is temporary and changes by itself",
        Retry.DONE: "it was delivered",
        Retry.SAFE: "nothing was delivered or billed, and it may work next time",
        Retry.POINTLESS: "nothing was delivered or billed, but the same request fails again",
    }
    return f"{code.retry}: {reasons[code.retry]}"


def _paragraph(name: str, text: str, width: int, tone: Tone | None = None) -> list[str]:
    """Return a text beside its name; a tone colours its first word."""
    first, *more = _wrapped(text, width - LABEL)
    if tone is not None:
        word, _, rest = first.partition(":")
        first = f"{paint(word, tone)}:{rest}"
    return labelled(name, [first, *more])


def _family(code: ResultCode) -> str:
    return next(name for first, name in reversed(_FAMILIES.items()) if code.code >= first)


def _row(code: ResultCode, room: int) -> list[str]:
    first, *more = _wrapped(code.description or "", room - 2)
    cells = [
        paint(f"{code.code:>4}", Tone.STRONG),
        f"  {first:{room}}",
        _cell(code.delivered, 11),
        _cell(code.billed, 9),
        paint(code.retry, _RETRY_TONES[code.retry]),
    ]
    return ["".join(cells), *(" " * 6 + line for line in more)]


def _cell(certainty: Certainty, width: int) -> str:
    """Return one value of the table; "no" has no colour, since most of the table is "no"."""
    word = f"{certainty:{width}}"
    return word if certainty is Certainty.NO else paint(word, _CERTAINTY_TONES[certainty])


def _wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines, broken between words only, however narrow the margin leaves it."""
    return textwrap.wrap(text, max(width, _LEAST), break_long_words=False, break_on_hyphens=False)

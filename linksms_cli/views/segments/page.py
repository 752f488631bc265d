"""What a text takes, as a person reads it: a page of its own, or a row among many."""

from collections.abc import Iterator

from linksms_cli.sms.text import alphabet
from linksms_cli.sms.text.advice import rewrite
from linksms_cli.sms.text.assessment import Assessment
from linksms_cli.sms.text.decoding import visible
from linksms_cli.sms.text.non_gsm import NonGsm, Trait
from linksms_cli.sms.text.segments import Encoding, Segmentation
from linksms_cli.views.figures import as_line, by_3gpp, left_in, parts_of
from linksms_cli.views.layout import Tone, paint
from linksms_cli.views.segments.signs import shown

# So many characters are listed on a page, and in a row; JSON has them all.
_LISTED = 20
_LISTED_IN_ROW = 4
# What stands on a page by its number alone.
_FORMLESS = {Trait.UNSEEN, Trait.MARK}


def as_page(
    assessed: Assessment,
    *,
    most_parts: int | None = None,
    explain: bool = False,
    line: int | None = None,
    width: int = 80,
) -> str:
    """Return all that is known of one text; with `explain`, with its parts drawn."""
    measured = assessed.measured
    place = f"Line {line}: " if line is not None else ""
    figures = paint(f"{place}{as_line(measured)}", Tone.STRONG)
    blocks = [
        [
            f"{figures}{left_in(measured)}",
            *(paint(reason, Tone.BAD) for reason in _refusals(measured, most_parts)),
            *_remarks(assessed),
        ],
        _drawing(assessed, width) if explain else [],
        _listing(assessed, width),
        [*savings(assessed, width), *_rewriting(assessed)],
        _replaced_text(assessed) if not explain else [],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def as_row(assessed: Assessment, line: int, most_parts: int | None = None) -> str:
    """Return the figures of one line among many, and what makes it expensive."""
    measured = assessed.measured
    parts = f"{parts_of(measured.parts):<8}"
    units = f"{f'{measured.units} of {measured.limit} units':<18}"
    if most_parts is not None and measured.parts > most_parts:
        parts = paint(parts, Tone.BAD)
    if measured.over_limit:
        units = paint(units, Tone.BAD)
    signs = [paint("over the limit", Tone.BAD)] if measured.over_limit else []
    signs += [_sign(item) for item in assessed.non_gsm[:_LISTED_IN_ROW]]
    if len(assessed.non_gsm) > _LISTED_IN_ROW:
        signs.append(f"and {len(assessed.non_gsm) - _LISTED_IN_ROW} more")
    if assessed.replaced is not None and assessed.given is None:
        signs.append(paint(f" --replace: {parts_of(assessed.replaced.measured.parts)}", Tone.GOOD))
    row = f"line {line:<6}  {parts}  {measured.encoding}  {units}  {' '.join(signs)}"
    return row.rstrip()


def _refusals(measured: Segmentation, most_parts: int | None) -> Iterator[str]:
    """Yield why a text is refused, if it is."""
    if measured.over_limit:
        yield f"Over the limit: the gateway takes {measured.limit} units of {measured.encoding}."
    if most_parts is not None and measured.parts > most_parts:
        yield f"Over the limit: --max-parts allows {parts_of(most_parts)}."


def _remarks(assessed: Assessment) -> Iterator[str]:
    """Yield what the figures do not say by themselves."""
    measured = assessed.measured
    if count := by_3gpp(measured):
        yield count
    if measured.encoding is Encoding.GSM7:
        twice = [shown(sign) for sign in alphabet.EXTENSION if sign in assessed.text]
        if twice:
            yield f"Two units each: {' '.join(twice)}"


def _drawing(assessed: Assessment, width: int) -> list[str]:
    from linksms_cli.views.segments import handset

    return [handset.as_text(assessed.text, assessed.measured.encoding, width)]


def _listing(assessed: Assessment, width: int) -> list[str]:
    """Return the characters that GSM-7 lacks, with what replaces each if that saves a part."""
    if not assessed.non_gsm:
        return []
    by_hand = rewrite(assessed) is not None
    lines = ["Not in GSM-7, so the whole text is sent as UCS-2 (positions count from 0):"]
    for item in assessed.non_gsm[:_LISTED]:
        character = item.character
        sign = " " if character.trait in _FORMLESS else _sign(item)
        goes = assessed.replaced is not None and character.char not in assessed.replaced.text
        if character.replacement is not None and (by_hand or (goes and not character.lossy)):
            sign = f"{sign} → {_stand_in(character.replacement)}{' lossy' * character.lossy}"
        elif goes:
            sign = f"{sign} → joined to its letter"
        name = _cut(character.name, width - 44)
        times = f"{item.times}x" if item.times > 1 else ""
        row = f"  {character.code_point:<8} {name} {times:>5}  at {item.first_index:<6} {sign}"
        lines.append(row.rstrip())
    if len(assessed.non_gsm) > _LISTED:
        lines.append(f"  and {len(assessed.non_gsm) - _LISTED} more, all of them with --json")
    return lines


def savings(assessed: Assessment, width: int = 80) -> list[str]:
    """Return what plain characters save, or have saved, in lines."""
    if assessed.replaced is None:
        return []
    if assessed.given is None:
        return [paint(f"With --replace: {as_line(assessed.replaced.measured)}", Tone.GOOD)]
    import textwrap

    signs = [
        f"{_sign(item)} → {_stand_in(item.character.replacement)}"
        for item in assessed.given.non_gsm
        if item.character.replacement is not None and item.character.char not in assessed.text
    ]
    # A pair stays on one line.
    pairs = ", ".join(signs).replace(" →", "\u00a0→").replace("→ ", "→\u00a0")
    words = f"Without --replace: {as_line(assessed.given.measured)}. Replaced: {pairs}"
    return [paint(line.replace("\u00a0", " "), Tone.GOOD) for line in textwrap.wrap(words, width)]


def _rewriting(assessed: Assessment) -> list[str]:
    rewritten = rewrite(assessed)
    if rewritten is None:
        return []
    return [f"With all of these replaced by hand: {as_line(rewritten.measured)}"]


def _replaced_text(assessed: Assessment) -> list[str]:
    return [visible(line) for line in assessed.text.split("\n")] if assessed.given else []


def _sign(item: NonGsm) -> str:
    """Return a character, or its number if it would not be seen."""
    sign = shown(item.character.char)
    alone = len(sign) == 1 and item.character.trait is not Trait.MARK
    return sign if alone else item.character.code_point


def _stand_in(replacement: str) -> str:
    return {"": "nothing", " ": "a space", "\n": "a line end"}.get(replacement, replacement)


def _cut(name: str, columns: int) -> str:
    return f"{name:<{columns}}" if len(name) <= columns else f"{name[: columns - 1]}…"

"""What a text takes, as a program gets it: one JSON object for each text."""

from collections.abc import Callable
from functools import lru_cache

from linksms_cli.sms.text.assessment import Assessment
from linksms_cli.sms.text.non_gsm import Character, NonGsm
from linksms_cli.sms.text.segments import Segmentation, cut


def as_record(
    assessed: Assessment, *, line: int | None = None, explain: bool = False
) -> dict[str, object]:
    """Return the JSON object of one text; with `explain`, with the text of each part."""
    record: dict[str, object] = {
        "line": line,
        **_figures(assessed.measured),
        "non_gsm": [_non_gsm(item) for item in assessed.non_gsm],
        "replaced": _replaced(assessed),
        "warnings": assessed.warnings,
    }
    if explain:
        record["part_texts"] = _part_texts(assessed)
    return record


Encode = Callable[[object], str]


def as_json(assessed: Assessment, line: int, *, encode: Encode, explain: bool = False) -> str:
    """Return that object as text, its values spelt by `encode`.

    A file of templates is assessed by the hundred thousand lines, where this takes a fifth of
    the time of the general encoder: what recurs is spelt once. A test holds the two to be equal.
    """
    figures = _figures_json(assessed.measured, encode)
    if not (assessed.non_gsm or assessed.replaced or assessed.warnings or explain):
        return f'{{"line": {line}, {figures}, "non_gsm": [], "replaced": null, "warnings": []}}'
    non_gsm = ", ".join([_non_gsm_json(item, encode) for item in assessed.non_gsm])
    if assessed.replaced is None:
        replaced = "null"
    elif assessed.given is None:
        replaced = _saving_json(assessed.replaced.measured, encode)
    else:
        replaced = encode(_replaced(assessed))
    warnings = _warnings_json(assessed.warnings, encode) if assessed.warnings else "[]"
    part_texts = f', "part_texts": {encode(_part_texts(assessed))}' if explain else ""
    return (
        f'{{"line": {line}, {figures}, "non_gsm": [{non_gsm}], '
        f'"replaced": {replaced}, "warnings": {warnings}{part_texts}}}'
    )


@lru_cache(maxsize=4096)
def _figures_json(measured: Segmentation, encode: Encode) -> str:
    return encode(_figures(measured))[1:-1]


@lru_cache(maxsize=4096)
def _saving_json(measured: Segmentation, encode: Encode) -> str:
    return encode(_saving(measured))


@lru_cache(maxsize=256)
def _warnings_json(warnings: tuple[str, ...], encode: Encode) -> str:
    return encode(warnings)


def _figures(measured: Segmentation) -> dict[str, object]:
    return {
        "encoding": measured.encoding,
        "units": measured.units,
        "limit": measured.limit,
        "parts": measured.parts,
        "left_in_last_part": measured.left_in_last_part,
        "over_limit": measured.over_limit,
        "over_reasons": measured.over_reasons,
        "parts_if_67": measured.parts_if_67,
    }


def _part_texts(assessed: Assessment) -> list[str]:
    return [part.text for part in cut(assessed.text)]


def _non_gsm_json(item: NonGsm, encode: Encode) -> str:
    before, after = _around(item.character, encode)
    return f'{before}{item.times}, "first_index": {item.first_index}{after}'


@lru_cache(maxsize=4096)
def _around(character: Character, encode: Encode) -> tuple[str, str]:
    """Return what stands before and behind the two numbers of every such object."""
    whole = encode(_non_gsm(NonGsm(character, 0, 0)))
    before, after = whole.split('0, "first_index": 0')
    return before, after


def _non_gsm(item: NonGsm) -> dict[str, object]:
    return {
        "char": item.character.char,
        "code_point": item.character.code_point,
        "name": item.character.name,
        "count": item.times,
        "first_index": item.first_index,
        "replacement": item.character.replacement,
    }


def _replaced(assessed: Assessment) -> dict[str, object] | None:
    if assessed.replaced is None:
        return None
    put = {"text": assessed.replaced.text} if assessed.given is not None else {}
    return _saving(assessed.replaced.measured) | put


def _saving(measured: Segmentation) -> dict[str, object]:
    return {"encoding": measured.encoding, "units": measured.units, "parts": measured.parts}

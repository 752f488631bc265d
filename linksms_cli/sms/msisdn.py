"""A number in international form as people and spreadsheets write it, read without guessing.

A separator that is dropped in the wrong place makes another subscriber's number: `+46701740605.0`,
as pandas writes it, must not become `+467017406050`.
"""

import re
from typing import NamedTuple

from linksms_cli.errors import UsageError
from linksms_cli.sms.text.decoding import visible

# What people put between digits: spaces, dots, hyphens and brackets, also as phones and web pages
# write them (no-break and narrow spaces, typographic hyphens and dashes).
_BLANKS = " \u00a0\u2009\u202f"
_SEPARATORS = f"{_BLANKS}.()[]\u2010\u2011\u2012\u2013-"
_NONE_OF_THEM = str.maketrans("", "", _SEPARATORS)
# E.164: 15 digits at most, and no country code begins with 0.
_NUMBER = re.compile(r"\+[1-9][0-9]{4,14}")
_BEGINNING = re.compile(r"\+[1-9][0-9]{0,14}")
# Patterns from here on, compiled at their first use: a number that is written in full needs none.
_TRUNK_ZERO = f"[(\\[][{_BLANKS}]*0[{_BLANKS}]*[)\\]]"
# The last separators of a number, and the digits behind them.
_BETWEEN = f"[{re.escape(_SEPARATORS)}]"
_LAST_GROUP = f"[0-9]({_BETWEEN}+)([0-9]+)({_BETWEEN}*)$"
_SCIENTIFIC = "[+=\"']*[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+[\"']*"
# What a spreadsheet or a CSV leaves around digits that it was told to take for text.
_WRAPPING = "^=?[\"']+|[\"']+$"
# No number that a report names is longer, as far as it is looked for.
_LONGEST_NAMED = 40

IN_FULL = "Write '+', the country code and the number, like +46701740605."


class _Suffix(NamedTuple):
    """Digits at a number's end that may not belong to it: why, and what stands before them.

    `adds_nothing` says that they are decimals of a whole number: zeros.
    """

    problem: str
    before: str
    is_decimal: bool = False
    adds_nothing: bool = False


def read(typed: str, what: str) -> str:
    """Return an MSISDN in E.164 form, `+` and 5 to 15 digits; `what` says of an error what the
    number is, like "the recipient".

    Separators may stand between groups of digits. Raises UsageError that says what is wrong, and
    shows the spelling meant, where that is certain.
    """
    return _read(typed, what, _NUMBER, "is not in international form")


def read_beginning(typed: str, what: str) -> str:
    """Return a number or the beginning of one, `+` and 1 to 15 digits.

    Raises UsageError as `read` does.
    """
    return _read(typed, what, _BEGINNING, "is neither a number nor the beginning of one")


def searchable(named: str) -> str:
    """Return a number that a report names as it is looked for: with its `+`, if that is certain."""
    number = cleaned(named[:_LONGEST_NAMED])
    return number if _NUMBER.fullmatch(number) else _guess(number) or number


def cleaned(typed: str) -> str:
    """Return what was typed without separators, whatever it is."""
    return typed.translate(_NONE_OF_THEM)


def in_full(typed: str, number: str) -> str | None:
    """Return the number that was typed if it is one in E.164 form and nothing else was meant."""
    certain = not _suffix(typed) and not re.search(_TRUNK_ZERO, typed)
    return number if certain and _NUMBER.fullmatch(number) else None


def check_end(typed: str, what: str) -> None:
    """Raise UsageError if the last digits may not belong to the number."""
    if suffix := _suffix(typed):
        hint = f"Write {cleaned(suffix.before)}, or {cleaned(typed)} if all of it is the number."
        raise UsageError(f"{what} '{visible(typed)}' {suffix.problem}", hint)


def is_decimal(typed: str) -> bool:
    """Return whether digits end in a decimal point and decimals, as spreadsheets write a number."""
    suffix = _suffix(typed)
    return suffix is not None and suffix.is_decimal


def _read(typed: str, what: str, form: re.Pattern[str], otherwise: str) -> str:
    if form.fullmatch(typed):
        return typed
    number = cleaned(typed)
    suffix = _suffix(typed)
    # Dropping the brackets of a trunk zero alone would give another subscriber's number.
    if form.fullmatch(number) and not suffix and not re.search(_TRUNK_ZERO, typed):
        return number
    problem, hint = otherwise, IN_FULL
    if suffix and form.fullmatch(cleaned(suffix.before)):
        problem, hint = suffix.problem, _without(suffix, number)
    elif re.fullmatch(_SCIENTIFIC, typed.strip()):
        problem = "is in scientific notation, as spreadsheets write it, and may have lost digits"
        hint = f"Format the column as text. {IN_FULL}"
    elif meant := _guess(typed):
        hint = f"Write {meant}."
        if typed.endswith("\r"):
            problem = "ends in a carriage return, which ends lines on Windows"
    elif number.startswith("+0"):
        problem = "begins with 0, as no country code does"
    raise UsageError(f"{what} '{visible(typed)}' {problem}".lstrip(), hint)


def _suffix(typed: str) -> _Suffix | None:
    body = typed.strip(_BLANKS)
    last = re.search(_LAST_GROUP, body) if cleaned(body) != body else None
    if last is None:
        return None
    between, digits, after = last.groups()
    before = body[: last.start() + 1]
    # One dot in all: several are a way to write groups, +33.6.12.34.56.00.
    zeros = not digits.strip("0")
    alone = len(digits) <= 2 and cleaned(before) == before
    if between == "." and body.count(".") == 1 and (zeros or alone):
        why = "is written with decimals"
        return _Suffix(problem=why, before=before, is_decimal=True, adds_nothing=zeros)
    if set(between) & set("([") and set(after) & set(")]"):
        return _Suffix(problem=f"ends in {body[len(before) :].strip(_BLANKS)}", before=before)
    if len(digits) == 1:
        return _Suffix(problem="ends in a group of one digit", before=before)
    return None


def _without(suffix: _Suffix, with_it: str) -> str:
    number = cleaned(suffix.before)
    if suffix.adds_nothing:
        return f"Write {number}."
    return f"Write {number}, or {with_it} if all of it is the number."


def _guess(typed: str) -> str | None:
    """Guess the spelling that was meant: 0046… and 46… can only mean +46…; 070… cannot be told.

    What a link, a web page, a spreadsheet or another keyboard leaves around the digits is seen
    through.
    """
    from unicodedata import category, normalize

    plain = "".join(sign for sign in normalize("NFKC", typed) if category(sign) != "Cf")
    plain = re.sub("^ *tel:", "", plain, flags=re.IGNORECASE)
    plain = re.sub(_TRUNK_ZERO, "", re.sub(_WRAPPING, "", plain.strip()))
    if suffix := _suffix(plain):
        if not suffix.adds_nothing:
            return None
        plain = suffix.before
    # A slash behind the area code; one between two numbers leaves fewer digits, or too many.
    number = re.sub("^([^/]+)/([0-9]{5,})$", r"\1\2", cleaned(plain))
    if re.fullmatch(r"\+?00[1-9][0-9]{4,14}", number):
        number = f"+{number.removeprefix('+')[2:]}"
    elif re.fullmatch("[1-9][0-9]{6,14}", number):
        number = f"+{number}"
    return number if _NUMBER.fullmatch(number) else None

"""A wrong command line in words: what is wrong, and the near word that was perhaps meant."""

import re
from difflib import get_close_matches
from typing import Any

import typer

# What Typer adds to a message about a command that there is not.
_SUGGESTION = re.compile(r"\.? Did you mean '[^']+'.*$")
_NO_COMMAND = re.compile(r"No such command '(.*)'\.?", re.DOTALL)
# Typer's words, and plainer ones.
_PLAINER = (
    (
        re.compile(r"Got unexpected extra argument\(s\) \((.*)\)", re.DOTALL),
        r"unexpected argument: \1",
    ),
    (re.compile(r"Option '(.*)' requires an argument\.?"), r"\1 needs a value"),
    (re.compile(r"Option '(.*)' does not take a value\.?"), r"\1 does not take a value"),
    (re.compile(r"Missing argument '(.*)'\.?"), r"\1 is missing"),
    (re.compile(r"is not a valid boolean\. Recognized values: .*"), "is neither true nor false"),
)
_WRONG_VALUE = re.compile(r"Invalid value for '[^']*'")
_NO_CHOICE = re.compile(r"'([^']*)' is not one of ")


def explain(failure: typer.TyperException) -> tuple[str, str]:
    """Return what is wrong with a command line, and what to do about it."""
    context = getattr(failure, "ctx", None)
    path = context.command_path if context is not None else "linksms"
    message, near = _message(failure)
    if hasattr(failure, "option_name") and context is not None and context.parent is None:
        # The root has few options, and Typer finds one of them near to nearly every command's.
        near = near if near and _is_misspelt(failure.option_name, near) else None
        if near is None:
            return message, f"Options go after the command. See '{path} --help'."
    if near:
        return message, f"Did you mean {near}? See '{path} --help'."
    return message, f"See '{path} --help'."


def _message(failure: typer.TyperException) -> tuple[str, str | None]:
    """Return the message without a suggestion, and the one word to suggest."""
    possibilities = getattr(failure, "possibilities", None)
    if possibilities:  # the nearest is the first
        return failure.message, possibilities[0]
    message = _SUGGESTION.sub("", failure.format_message())
    for theirs, ours in _PLAINER:
        message = theirs.sub(ours, message)
    if variable := _variable_of(failure):
        message = _WRONG_VALUE.sub(f"Invalid value for {variable}", message, count=1)
    if wrong := _NO_COMMAND.fullmatch(message):
        return message, near_command(wrong[1], getattr(failure, "ctx", None))
    return message, _near_choice(message, getattr(failure, "param", None))


def _variable_of(failure: typer.TyperException) -> str | None:
    """Return the variable that a wrong value came from, None if it was typed."""
    context, parameter = getattr(failure, "ctx", None), getattr(failure, "param", None)
    if context is None or parameter is None:
        return None
    source = context.get_parameter_source(parameter.name)
    return str(parameter.envvar) if source is not None and source.name == "ENVIRONMENT" else None


def near_command(typed: str, context: Any) -> str | None:
    """Return the command of a group that was probably meant: its beginning, or one slip away.

    Not what merely looks alike: who types `unset` or `rename` wants neither `use` nor `remove`.
    """
    known = getattr(getattr(context, "command", None), "commands", ())
    return next((str(one) for one in known if _is_slip(typed, one)), None)


def _is_slip(typed: str, meant: str) -> bool:
    """Return whether a letter too many, too few, another, or two exchanged make the difference."""
    if len(typed) >= 3 and meant.startswith(typed):
        return True
    # What they begin and end with alike falls away, until only the difference is left.
    while typed and meant and typed[0] == meant[0]:
        typed, meant = typed[1:], meant[1:]
    while typed and meant and typed[-1] == meant[-1]:
        typed, meant = typed[:-1], meant[:-1]
    return max(len(typed), len(meant)) <= 1 or (len(typed) == 2 and typed == meant[::-1])


def _is_misspelt(option: str, near: str) -> bool:
    return near.startswith(option) or bool(get_close_matches(option, [near], cutoff=0.8))


def _near_choice(message: str, parameter: Any) -> str | None:
    choices = [str(one) for one in getattr(getattr(parameter, "type", None), "choices", ())]
    wrong = _NO_CHOICE.search(message)
    near = get_close_matches(wrong[1], choices, n=1) if wrong else []
    return near[0] if near else None

"""The command tree as plain values: what the manual and the completions are made from."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import typer

from linksms_cli import app


class Values(StrEnum):
    """What can stand in a place, as far as a shell can help with it."""

    NONE = "none"  # a flag
    FREE = "free"
    CHOICES = "choices"
    FILES = "files"
    CODES = "codes"
    SETTINGS = "settings"
    # These two change: the shell asks the program for them.
    PROFILES = "profiles"
    MESSAGES = "messages"


# By the word that help shows for a value. The names of profiles are told from other names by
# where they stand.
_BY_METAVAR = {
    "PATH": Values.FILES,
    "FILE": Values.FILES,
    "STORE": Values.FILES,
    "CODE": Values.CODES,
    "MESSAGE_ID": Values.MESSAGES,
    "KEY=VALUE": Values.SETTINGS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option: its spellings, those that switch it off, and what its value is."""

    names: tuple[str, ...]
    negatives: tuple[str, ...]
    metavar: str | None
    values: Values
    choices: tuple[str, ...]
    repeatable: bool
    help: str
    group: str
    default: str | None

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every way to write it."""
        return self.names + self.negatives


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """A word that stands by its place."""

    metavar: str
    required: bool
    values: Values
    choices: tuple[str, ...]
    repeatable: bool
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command; `path` is what is typed after `linksms`, nothing for the root."""

    path: tuple[str, ...]
    summary: str
    options: tuple[Option, ...]
    arguments: tuple[Argument, ...]
    commands: tuple["Command", ...]
    examples: str

    @property
    def name(self) -> str:
        """The path in one string: `config set`."""
        return " ".join(self.path)

    def walk(self) -> Iterator["Command"]:
        """Yield this command and all those below it, in the order of the help."""
        yield self
        for command in self.commands:
            yield from command.walk()


def read() -> Command:
    """Return the root of the tree; every command is loaded for it."""
    return _command((), typer.main.get_command(app.app), None)


def _command(path: tuple[str, ...], command: Any, parent: Any) -> Command:
    name = path[-1] if path else "linksms"
    context = command.make_context(name, [], parent=parent, resilient_parsing=True)
    parameters = command.get_params(context)
    below = getattr(command, "commands", {})
    return Command(
        path=path,
        summary=sentence(inspect.cleandoc(command.help or "").split("\n\n")[0]),
        options=tuple(_option(path, one) for one in parameters if one.param_type_name == "option"),
        arguments=tuple(
            _argument(path, one, context) for one in parameters if one.param_type_name == "argument"
        ),
        commands=tuple(
            _command((*path, name), below[name], context)
            for name in below
            if not below[name].hidden
        ),
        examples=inspect.cleandoc(command.epilog or ""),
    )


def sentence(text: str) -> str:
    """Return a text on one line and without the full stop, as a list of commands has it."""
    return " ".join(text.split()).removesuffix(".")


def _option(path: tuple[str, ...], option: Any) -> Option:
    names = tuple(sorted(option.opts, key=len))
    choices = tuple(str(one) for one in getattr(option.type, "choices", ()))
    metavar = None if option.is_flag else _metavar(option)
    shown = option.default is not None and option.default is not False and option.show_default
    return Option(
        names=names,
        negatives=tuple(option.secondary_opts),
        metavar=metavar,
        values=Values.NONE if option.is_flag else _values(path, metavar or "", choices, names),
        choices=choices,
        repeatable=bool(option.multiple),
        help=option.help or "",
        group=getattr(option, "rich_help_panel", None) or "Options",
        default=str(option.default) if shown and not option.is_flag else None,
    )


def _argument(path: tuple[str, ...], argument: Any, context: Any) -> Argument:
    choices = tuple(str(one) for one in getattr(argument.type, "choices", ()))
    word = argument.make_metavar(context).strip("[]{}.")
    return Argument(
        metavar=word,
        required=bool(argument.required),
        values=_values(path, word, choices, ()),
        choices=choices,
        repeatable=argument.nargs == -1,
        help=argument.help or "",
    )


def _metavar(option: Any) -> str:
    # A choice has no word of its own, and its help shows the choices in place of one.
    longest: str = max(option.opts, key=len)
    return option.metavar or longest.lstrip("-").upper()


def _values(
    path: tuple[str, ...], metavar: str, choices: tuple[str, ...], names: tuple[str, ...]
) -> Values:
    if choices:
        return Values.CHOICES
    if "--profile" in names or (path[:1] == ("config",) and metavar == "NAME" and not names):
        return Values.PROFILES
    if "--path" in names:  # a path in a URL
        return Values.FREE
    return _BY_METAVAR.get(metavar, Values.FREE)

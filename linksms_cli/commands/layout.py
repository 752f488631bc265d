"""What every command has: help in groups by purpose, examples to paste, words that are text."""

import inspect
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from linksms_cli.errors import UsageError
from linksms_cli.output import Output
from linksms_cli.sms.text import decoding

# What every Typer app of this package is made with. Pretty tracebacks can print local variables, a
# password among them; rich markup doubles the time --help takes.
APP: dict[str, Any] = {
    "add_completion": False,
    "pretty_exceptions_enable": False,
    "rich_markup_mode": None,
    "context_settings": {"help_option_names": ["-h", "--help"], "max_content_width": 80},
}


class _Page:
    """What the help of a command and of a group have in common."""

    epilog: str | None

    def get_help_option(self, ctx: Any) -> Any:
        """Have the page printed as everything is: by the output."""
        option = super().get_help_option(ctx)  # type: ignore[misc] # the class beside this one has it
        option.callback = _show
        return option

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - Typer's
        """Write the examples unwrapped, so that each can be pasted."""
        if self.epilog:
            formatter.write_paragraph()
            formatter.write("Examples:\n")
            for line in inspect.cleandoc(self.epilog).splitlines():
                formatter.write(f"  {line}\n" if line else "\n")


class Command(_Page, TyperCommand):
    """A command whose options stand in the groups named by their `rich_help_panel`.

    The epilog is shown as it is, under "Examples". What is typed for an option or an argument that
    is a text has been checked for being one; a path, or what has a `parser` of its own, has not.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for option in self.params:
            # A value without a word of its own is named after its option: --port PORT.
            if option.param_type_name == "option" and not _says_what_it_takes(option):
                option.metavar = _longest(option).lstrip("-").upper()

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse at the door what contradicts itself, or is not UTF-8, and name the option."""
        args = self._with_optional_values(args)
        _refuse_both(self.params, args)
        words = list(args)  # Typer takes them away while it reads
        try:
            rest = super().parse_args(ctx, args)
        except typer.TyperException as failure:
            if meant := self.meant(ctx, words, failure):
                raise meant from None
            # Typer does not say of every failure whose it is.
            vars(failure)["ctx"] = getattr(failure, "ctx", None) or ctx
            raise
        for option in self.params:
            given = ctx.params.get(option.name)
            for word in given if isinstance(given, list | tuple) else [given]:
                if isinstance(word, str):
                    decoding.refuse_undecoded(word, _name(option, ctx))
        return rest

    def _with_optional_values(self, args: list[str]) -> list[str]:
        """Give an option that stands without its value the first of its choices.

        Its metavar says that it may: `[head|tail]`. Typer would take the next word for the value.
        """
        options: list[Any] = [one for one in self.params if one.param_type_name == "option"]
        choices = {
            spelling: option.metavar[1:-1].split("|")
            for option in options
            if option.metavar and option.metavar.startswith("[")
            for spelling in option.opts
        }
        words: list[str] = []
        end = args.index("--") if "--" in args else len(args)
        for word, following in zip_longest(args[:end], args[1:end]):
            values = choices.get(word)
            words.append(f"{word}={values[0]}" if values and following not in values else word)
        return words + args[end:]

    def meant(
        self, ctx: Any, words: Sequence[str], failure: typer.TyperException
    ) -> UsageError | None:
        """Return what is wrong with the words that could not be read, if the command knows it."""
        del ctx, words, failure
        return None

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the groups in the order in which their first options stand."""
        _write_groups(self, ctx, formatter)


class Group(_Page, TyperGroup):
    """A group of commands, with the same help."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the commands first: they are what one looks for here."""
        self.format_commands(ctx, formatter)
        _write_groups(self, ctx, formatter)


def _refuse_both(parameters: Iterable[Any], words: Sequence[str]) -> None:
    """Check that no option is switched on and off at once: the last would win in silence.

    Raises UsageError.
    """
    typed = set(words[: words.index("--")] if "--" in words else words)
    for parameter in parameters:
        on, off = typed.intersection(parameter.opts), typed.intersection(parameter.secondary_opts)
        if on and off:
            message = f"{on.pop()} and {off.pop()} contradict each other"
            raise UsageError(message, "Leave one of them out.")


def _show(ctx: Any, _option: Any, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        Output().text(ctx.get_help())
        ctx.exit()


def _name(option: Any, ctx: Any) -> str:
    """Name an option as it is typed, and an argument as help does."""
    if option.param_type_name == "option":
        return _longest(option)
    return str(option.make_metavar(ctx)).strip("[].")


def _longest(option: Any) -> str:
    longest: str = max(option.opts, key=len)
    return longest


def _says_what_it_takes(option: Any) -> bool:
    return bool(option.is_flag or option.metavar or hasattr(option.type, "choices"))


def _write_groups(command: Any, ctx: Any, formatter: Any) -> None:
    groups: dict[str, list[tuple[str, str]]] = {}
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is None:
            continue
        argument = parameter.param_type_name == "argument"
        default = "Arguments" if argument else "Options"
        panel = getattr(parameter, "rich_help_panel", None) or default
        groups.setdefault(panel, []).append(record)
    # --help is Click's own and comes last; it joins the group that ends the page.
    for title, records in groups.items():
        with formatter.section(title):
            formatter.write_dl(records)

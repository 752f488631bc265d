"""Completion for PowerShell: the tree as tables, read by one script block."""

from collections.abc import Iterable

from derived.completion.words import codes, settings
from derived.tree import Argument, Command, Option, Values


def script(template: str, root: Command) -> str:
    """Return the script: the template with the tables of the tree in it."""
    commands = list(root.walk())
    lines = [
        *_table("commands", _below(commands)),
        *_table("options", _options(commands)),
        *_table("values", _values(commands)),
        *_table("places", _places(commands)),
        f"    $codes = {_array(codes())}",
        f"    $settings = {_array(settings())}",
        "",
    ]
    return template.replace("#GENERATED#\n", "\n".join(lines))


def _table(name: str, rows: Iterable[tuple[str, str]]) -> list[str]:
    # Not @{}: its keys are the same in capitals and small letters, and -V is not -v.
    start = f"    ${name} = [System.Collections.Hashtable]::new([StringComparer]::Ordinal)"
    return [start, *(f"    ${name}[{_quoted(key)}] = {value}" for key, value in rows)]


def _below(commands: list[Command]) -> Iterable[tuple[str, str]]:
    for command in commands:
        if command.commands:
            yield command.name, _array((one.path[-1], one.summary) for one in command.commands)


def _options(commands: list[Command]) -> Iterable[tuple[str, str]]:
    for command in commands:
        words = (
            (word, option.help.removesuffix("."))
            for option in command.options
            for word in option.spellings
        )
        yield command.name, _array(words)


def _values(commands: list[Command]) -> Iterable[tuple[str, str]]:
    for command in commands:
        for option in command.options:
            if option.values is not Values.NONE:
                for word in option.names:
                    yield f"{command.name}:{word}", _kind(option)


def _places(commands: list[Command]) -> Iterable[tuple[str, str]]:
    for command in commands:
        for place, argument in enumerate(command.arguments):
            if argument.values is not Values.FREE:
                number = "*" if argument.repeatable else place
                yield f"{command.name}:{number}", _kind(argument)


def _kind(value: Option | Argument) -> str:
    if value.values is Values.CHOICES:
        return _array((word, "") for word in value.choices)
    if value.values is Values.FREE:
        return "@()"
    return _quoted(f":{value.values}")


def _array(words: Iterable[tuple[str, str]]) -> str:
    shown = (f'"{_escaped(word)}`t{_escaped(text)}"' for word, text in words)
    return f"@({', '.join(shown)})"


def _escaped(text: str) -> str:
    return text.replace("`", "``").replace('"', '`"').replace("$", "`$")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

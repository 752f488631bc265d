"""Completion for bash: one function that walks the line, and the tree as `case` tables."""

from collections.abc import Iterable

from derived.completion.words import codes, settings
from derived.tree import Argument, Command, Option, Values


def script(template: str, root: Command) -> str:
    """Return the script: the template with the tables of the tree in it."""
    commands = list(root.walk())
    tables = [
        *_function("_linksms_commands", _below(commands)),
        *_function("_linksms_options", _options(commands)),
        *_function("_linksms_values", _values(commands)),
        *_function("_linksms_place", _places(commands), "$1:$2"),
        *_list("_linksms_codes", codes()),
        *_list("_linksms_settings", settings()),
    ]
    return template.replace("#GENERATED#\n", "\n".join(tables))


def _function(name: str, cases: Iterable[tuple[str, str]], subject: str = "$1") -> list[str]:
    body = [f"        {pattern}) {action} ;;" for pattern, action in cases]
    return [f"{name}() {{", f'    case "{subject}" in', *body, "    esac", "}", ""]


def _list(name: str, words: Iterable[tuple[str, str]]) -> list[str]:
    body = [f"        {_quoted(_line(word, text))}" for word, text in words]
    return [f"{name}() {{", "    printf '%s\\n' \\", *_continued(body), "}", ""]


def _continued(lines: list[str]) -> list[str]:
    return [f"{line} \\" for line in lines[:-1]] + lines[-1:]


def _below(commands: list[Command]) -> Iterable[tuple[str, str]]:
    for command in commands:
        words = [_quoted(_line(one.path[-1], one.summary)) for one in command.commands]
        if words:
            yield _quoted(command.name), f"printf '%s\\n' {' '.join(words)}"


def _options(commands: list[Command]) -> Iterable[tuple[str, str]]:
    for command in commands:
        words = [word for option in command.options for word in option.spellings]
        yield _quoted(command.name), f"printf '%s\\n' {' '.join(words)}"


def _values(commands: list[Command]) -> Iterable[tuple[str, str]]:
    for command in commands:
        for option in command.options:
            if option.values is not Values.NONE:
                pattern = " | ".join(_quoted(f"{command.name}:{word}") for word in option.names)
                yield pattern, f"echo {_quoted(_kind(option))}"


def _places(commands: list[Command]) -> Iterable[tuple[str, str]]:
    for command in commands:
        for place, argument in enumerate(command.arguments):
            if argument.values is not Values.FREE:
                # A pattern's * stands outside the quotes.
                number = "*" if argument.repeatable else str(place)
                yield f"{_quoted(command.name)}:{number}", f"echo {_quoted(_kind(argument))}"


def _kind(value: Option | Argument) -> str:
    if value.values is Values.CHOICES:
        return f"choices:{' '.join(value.choices)}"
    return value.values


def _line(word: str, text: str) -> str:
    return f"{word}\t{text}"


def _quoted(text: str) -> str:
    if "\t" in text:
        escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\t", "\\t")
        return f"$'{escaped}'"
    return "'" + text.replace("'", "'\\''") + "'"

"""Completion for fish: a `complete` line for each option and each argument of each command."""

from collections.abc import Iterable

from derived.completion.words import codes, settings
from derived.tree import Argument, Command, Option, Values

_FUNCTIONS = {
    Values.CODES: "(__linksms_codes)",
    Values.SETTINGS: "(__linksms_settings)",
    Values.PROFILES: "(__linksms_ask profiles)",
    Values.MESSAGES: "(__linksms_ask messages)",
}


def script(template: str, root: Command) -> str:
    """Return the script: the template with the lines of the tree in it."""
    commands = list(root.walk())
    valued = [
        _quoted(f"{command.name}:{word}")
        for command in commands
        for option in command.options
        if option.values is not Values.NONE
        for word in option.names
    ]
    groups = [_quoted(command.name) for command in commands if command.commands]
    lines = [
        *_function("__linksms_codes", codes()),
        *_function("__linksms_settings", settings()),
        f"set -g __linksms_groups {' '.join(groups)}",
        f"set -g __linksms_values {' '.join(valued)}",
        "",
        "complete -c linksms -f",
    ]
    for command in commands:
        lines += ["", f"# linksms {command.name}".rstrip()]
        lines += [*_commands(command), *_arguments(command), *_options(command)]
    return template.replace("#GENERATED#", "\n".join(lines))


def _function(name: str, words: Iterable[tuple[str, str]]) -> list[str]:
    body = [f"        {_quoted(word)}\\t{_quoted(text)}" for word, text in words]
    return [
        f"function {name}",
        "    printf '%s\\n' \\",
        *[f"{line} \\" for line in body[:-1]],
        body[-1],
        "end",
        "",
    ]


def _commands(command: Command) -> Iterable[str]:
    for one in command.commands:
        yield f"{_at(command)} -a {one.path[-1]} -d {_quoted(one.summary)}"


def _arguments(command: Command) -> Iterable[str]:
    for place, argument in enumerate(command.arguments):
        if argument.values is not Values.FREE:
            where = _at(command, None if argument.repeatable and place == 0 else place)
            if argument.repeatable and place:
                where = f"{_at(command)[:-1]}; and not __linksms_at {_words(command)} 0'"
            # Kept in the order given: latest first.
            yield f"{where} -k {_action(argument)}"


def _options(command: Command) -> Iterable[str]:
    for option in command.options:
        for group in (option.names, option.negatives):
            if group:
                words = " ".join(
                    f"-l {word[2:]}" if word.startswith("--") else f"-s {word[1:]}"
                    for word in group
                )
                value = "" if option.values is Values.NONE else f" {_value(option)}"
                text = _quoted(option.help.removesuffix("."))
                yield f"{_at(command)} {words}{value} -d {text}"


def _value(option: Option) -> str:
    if option.values is Values.FILES:
        return "-r -F"
    if option.values is Values.FREE:
        return "-x"
    return f"-x {_action(option)}"


def _action(value: Option | Argument) -> str:
    if value.values is Values.FILES:
        return "-F"
    words = " ".join(value.choices)
    return f"-a {_quoted(words or _FUNCTIONS[value.values])}"


def _at(command: Command, place: int | None = None) -> str:
    where = f"__linksms_at {_words(command)}" + ("" if place is None else f" {place}")
    return f"complete -c linksms -n {_quoted(where)}"


def _words(command: Command) -> str:
    return f'"{command.name}"'


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

"""Completion for zsh: a function a command, each a list of specifications for `_arguments`."""

from collections.abc import Iterable

from derived.completion.words import codes, settings
from derived.tree import Argument, Command, Option, Values

_FUNCTIONS = {
    Values.FILES: "_files",
    Values.CODES: "_linksms_codes",
    Values.SETTINGS: "_linksms_settings",
    Values.PROFILES: "_linksms_profiles",
    Values.MESSAGES: "_linksms_messages",
    Values.FREE: " ",  # nothing but the message that says what is meant
}


def script(template: str, root: Command) -> str:
    """Return the script: the template with a function for each command of the tree in it."""
    lines = [
        *_described("_linksms_codes", "result code", codes()),
        *_settings(),
    ]
    for command in root.walk():
        lines += _group(command) if command.commands else _single(command)
    return template.replace("#GENERATED#\n", "\n".join(lines))


def _described(name: str, what: str, words: Iterable[tuple[str, str]]) -> list[str]:
    body = [f"        {_quoted(f'{word}:{text}')}" for word, text in words]
    return [
        f"{name}() {{",
        "    local -a words_known=(",
        *body,
        "    )",
        f"    _describe -V -t {name.removeprefix('_linksms_')} {_quoted(what)} words_known",
        "}",
        "",
    ]


def _settings() -> list[str]:
    words = " ".join(word for word, _ in settings())
    return ["_linksms_settings() {", f"    compadd -S '' -- {words}", "}", ""]


def _single(command: Command) -> list[str]:
    return [
        f"{_name(command)}() {{",
        "    _arguments -s -S : \\",
        *_continued([*_options(command), *_arguments(command)]),
        "}",
        "",
    ]


def _group(command: Command) -> list[str]:
    known = f"_linksms_commands{'_' + '_'.join(command.path) if command.path else ''}"
    below = [(one.path[-1], one.summary) for one in command.commands]
    start = ["    typeset -g _linksms_program=$words[1]"] if not command.path else []
    return [
        *_described(known, "command", below),
        f"{_name(command)}() {{",
        *start,
        "    local curcontext=$curcontext context state state_descr line ret=1",
        "    typeset -A opt_args",
        "    _arguments -C -s -S : \\",
        *_continued([*_options(command), f"'1: :{known}'", "'*:: :->command'"], last=" && ret=0"),
        f"    [[ $state == command ]] && _linksms_command {'_'.join(command.path)} && ret=0",
        "    return ret",
        "}",
        "",
    ]


def _continued(words: list[str], last: str = "") -> list[str]:
    return [f"        {word} \\" for word in words[:-1]] + [f"        {words[-1]}{last}"]


def _name(command: Command) -> str:
    return "_".join(["_linksms", *(command.path or ("root",))])


def _options(command: Command) -> Iterable[str]:
    for option in command.options:
        if option.repeatable:
            excluded = "*"
        elif set(option.names) & {"--help", "--version"}:
            excluded = "(- : *)"
        else:
            excluded = f"({' '.join(option.spellings)})" if len(option.spellings) > 1 else ""
        value = "" if option.values is Values.NONE else f":{option.metavar}:{_action(option)}"
        for word in option.spellings:
            # `+` after a short and `=` after a long option: the value may stand in the same word.
            joined = "" if not value else "=" if word.startswith("--") else "+"
            yield _quoted(f"{excluded}{word}{joined}[{_plain(option.help)}]{value}")


def _arguments(command: Command) -> Iterable[str]:
    for place, argument in enumerate(command.arguments, start=1):
        where = "*" if argument.repeatable else f"{place}:" if argument.required else f"{place}::"
        where = where if where.endswith(":") else f"{where}:"
        yield _quoted(f"{where}{argument.metavar}:{_action(argument)}")


def _action(value: Option | Argument) -> str:
    if value.values is Values.CHOICES:
        return f"({' '.join(value.choices)})"
    return _FUNCTIONS[value.values]


def _plain(text: str) -> str:
    """Return a help text without what ends a specification's description."""
    return text.removesuffix(".").replace("[", "(").replace("]", ")").replace(":", r"\:")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"

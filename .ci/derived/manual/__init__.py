"""The manual's pages in mdoc: the command tree, with sections written by hand.

`NAME.mdoc` holds the written sections of a page, `facts.toml` what several pages say; what the exit
codes mean is said by the package itself.
"""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from derived.manual import mdoc
from derived.tree import Argument, Command, Option
from linksms_cli.sms.exit_codes import MEANINGS

_HERE = Path(__file__).parent
_ORDER = (
    "NAME",
    "SYNOPSIS",
    "DESCRIPTION",
    "COMMANDS",
    "OPTIONS",
    "TEST NUMBERS",
    "ADMIN INTERFACE",
    "METRICS",
    "FORWARDING",
    "TRYING A RECEIVER",
    "ENVIRONMENT",
    "FILES",
    "EXIT STATUS",
    "EXAMPLES",
    "SECURITY",
    "SEE ALSO",
)


def files(root: Command) -> dict[str, str]:
    """Return the pages by their names: the root's, and one for each command below it."""
    facts = tomllib.loads((_HERE / "facts.toml").read_text(encoding="utf-8"))
    pages = (root, *root.commands)
    return {f"{_title(command)}.1": _page(command, root, facts) for command in pages}


def _page(command: Command, root: Command, facts: dict[str, Any]) -> str:
    ours = facts["pages"].get(command.name or "linksms", {})
    sections = {
        "NAME": [f".Nm {_title(command)}", f".Nd {mdoc.plain(_lowered(command.summary))}"],
        "SYNOPSIS": _synopsis(command),
        "COMMANDS": list(_commands(command)),
        "OPTIONS": list(_options(command)),
        "ENVIRONMENT": _listed("Ev", facts["environment"], ours.get("environment")),
        "FILES": _listed("Pa", facts["files"], ours.get("files")),
        "EXIT STATUS": _exit_status(ours),
        "EXAMPLES": _examples(command),
        "SEE ALSO": _see_also(command, root, ours),
    }
    sections |= _written(command)
    lines = [
        '.\\" Made from the command tree and .ci/derived/manual: do not edit.',
        f".Dd {facts['date']}",
        f".Dt {_title(command).upper()} 1",
        ".Os",
    ]
    for title in _ORDER:
        if sections.get(title):
            lines += [f".Sh {title}", *sections[title]]
    split = [line for part in lines for line in part.splitlines()]
    return "\n".join(mdoc.wrapped(split)) + "\n"


def _title(command: Command) -> str:
    return "-".join(["linksms", *command.path])


def _lowered(summary: str) -> str:
    return summary[:1].lower() + summary[1:]


def _written(command: Command) -> dict[str, list[str]]:
    """Return the sections written by hand; a new command does without until it has some."""
    path = _HERE / f"{command.name or 'linksms'}.mdoc"
    if not path.exists():
        return {"DESCRIPTION": [f"{mdoc.plain(command.summary)}."]}
    parts = re.split(r"^\.Sh (.+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    written = {
        title: body.splitlines() for title, body in zip(parts[1::2], parts[2::2], strict=True)
    }
    if wrong := set(written) - set(_ORDER):
        raise ValueError(f"{path.name} has sections that no page has: {wrong}")
    return written


def _synopsis(command: Command) -> list[str]:
    if not command.commands:
        return [*_call(command)]
    if not command.path:
        return [".Nm", ".Op Ar OPTION", ".Ar COMMAND", ".Op Ar ARGUMENT ..."]
    lines: list[str] = []
    for below in command.commands:
        lines += _call(below)
    return lines


def _call(command: Command) -> Iterable[str]:
    """Yield how a command is typed: with a space where its page's name has a hyphen."""
    yield f".Nm linksms {command.name}"
    yield ".Op Ar OPTION ..."
    for argument in command.arguments:
        word = f"Ar {mdoc.plain(argument.metavar)}{' ...' if argument.repeatable else ''}"
        yield f".{word}" if argument.required else f".Op {word}"


def _commands(command: Command) -> Iterable[str]:
    """Yield the commands below: with their options where they have no page of their own."""
    if not command.commands:
        return
    if command.path:
        for below in command.commands:
            yield f".Ss linksms {below.name}"
            yield f"{mdoc.plain(below.summary)}."
            yield from _entries((*below.arguments, *below.options))
        return
    yield ".Bl -tag -width sandbox"
    for below in command.commands:
        yield f".It Cm {below.path[-1]}"
        yield f"{mdoc.plain(below.summary)}."
        yield "See"
        yield f".Xr {_title(below)} 1 ."
    yield ".El"


def _options(command: Command) -> Iterable[str]:
    if command.commands and command.path:
        return
    if command.arguments:
        yield from _entries(command.arguments)
    groups = list(dict.fromkeys(option.group for option in command.options))
    for group in groups:
        if len(groups) > 1:
            yield f".Ss {group}"
        yield from _entries(option for option in command.options if option.group == group)


def _entries(entries: Iterable[Option | Argument]) -> Iterable[str]:
    yield ".Bl -tag -width Ds"
    for entry in entries:
        yield f".It {_head(entry)}"
        yield from mdoc.prose(entry.help)
        if isinstance(entry, Option) and entry.default is not None:
            yield f"The default is {mdoc.plain(entry.default)}."
        if entry.choices:
            yield f"One of: {', '.join(entry.choices)}."
    yield ".El"


def _head(entry: Option | Argument) -> str:
    if isinstance(entry, Argument):
        return f"Ar {mdoc.plain(entry.metavar)}{' ...' if entry.repeatable else ''}"
    # `Fl` writes the first hyphen itself.
    words = " , ".join(f"Fl {word[1:]}" for word in entry.spellings)
    return words if entry.metavar is None else f"{words} Ar {mdoc.plain(entry.metavar)}"


def _listed(macro: str, groups: dict[str, dict[str, str]], chosen: list[str] | None) -> list[str]:
    rows = {
        name: text
        for group, names in groups.items()
        if chosen is None or group in chosen
        for name, text in names.items()
    }
    if not rows:
        return []
    body = [line for name, text in rows.items() for line in (f".It {macro} {name}", text.strip())]
    return [".Bl -tag -width Ds", *body, ".El"]


def _exit_status(ours: dict[str, Any]) -> list[str]:
    """Return what each code means: in the page's own words, or in those of all commands."""
    written: dict[str, str] = ours.get("meaning", {})
    body: list[str] = []
    for code in ours.get("exit", MEANINGS):
        own = written.get(str(code))
        body += [f".It {code}", *([own.strip()] if own else mdoc.prose(MEANINGS[code].meaning))]
    return [".Bl -tag -width 143", *body, ".El"]


def _examples(command: Command) -> list[str]:
    # What follows an empty line explains; it stands in the written sections.
    calls = command.examples.split("\n\n")[0].splitlines()
    return [".Bd -literal", *map(mdoc.plain, calls), ".Ed"] if calls else []


def _see_also(command: Command, root: Command, ours: dict[str, Any]) -> list[str]:
    there = {f"{_title(below)} 1" for below in root.commands}
    if command is root:
        pages = sorted(there) + ours.get("see_also", [])
    else:
        pages = ["linksms 1"]
        pages += [page for page in ours.get("see_also", []) if page in there]
    references = sorted(pages, key=lambda page: page.split())
    return [f".Xr {page} ," for page in references[:-1]] + [f".Xr {references[-1]}"]

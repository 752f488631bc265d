"""Help fits a terminal of 80 columns, groups options and shows examples; what is near is named."""

import json
import shlex
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
import typer

from derived import tree
from derived.tree import Command, Values
from linksms_cli import app
from linksms_cli.errors import ExitCode
from linksms_cli.sms.codes import Retry
from tests.conftest import Linksms
from tests.loading import heavy, loaded

RETRIES = [str(one) for one in Retry]
COMMANDS = list(tree.read().walk())


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name or "linksms")
def test_it_fits_and_has_examples(command: Command, call: Linksms) -> None:
    done = call(*command.path, "--help", env={"COLUMNS": "200"})
    assert (done.code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line for line in lines if len(line) > 80] == []
    # Each has a panel more: what is for batches alone, and what is done with reports.
    assert len(lines) <= (90 if command.name in {"send", "listen"} else 70)
    assert "Examples:" in lines
    # A summary that is too long for its line would be cut short.
    assert [one.name for one in command.commands if f" {one.summary}." not in done.stdout] == []
    assert call(*command.path, "-h", env={"COLUMNS": "200"}) == done


def test_the_list_of_commands_loads_none_of_them(environment: dict[str, str]) -> None:
    modules = loaded(environment, "--help")
    assert heavy(modules) == set()
    assert {name for name in modules if name.startswith("linksms_cli.actions")} == set()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name or "linksms")
def test_each_example_can_be_pasted_as_it_stands(command: Command) -> None:
    """What explains an example is a comment to the shell, and the rest can be read."""
    examples = command.examples.partition("\n\n")[0].replace("\\\n", "")
    calls = [
        words[words.index("linksms") + 1 :]
        for line in examples.splitlines()
        if "linksms" in (words := shlex.split(line, comments=True))
    ]
    assert calls
    for words in calls:
        plain = list(takewhile(lambda word: word not in {"|", "<", ">"}, words))
        context: Any = None
        below: Any = typer.main.get_command(app.app)
        while subcommands := getattr(below, "commands", None):
            context = below.make_context("", [], parent=context, resilient_parsing=True)
            below = subcommands[plain.pop(0)]
        if plain != ["--help"]:
            below.make_context(below.name, plain, parent=context)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name or "linksms")
def test_options_stand_in_groups_by_purpose(command: Command) -> None:
    ungrouped = [option for option in command.options if option.group == "Options"]
    if command.path:  # a purpose is said with rich_help_panel
        assert [option.names for option in ungrouped] == [("-h", "--help")]


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        ("sned", "No such command 'sned'", "Did you mean send? See 'linksms --help'."),
        (
            "config shwo",
            "No such command 'shwo'",
            "Did you mean show? See 'linksms config --help'.",
        ),
        ("xyzzy", "No such command 'xyzzy'", "See 'linksms --help'."),
        ("statu", "No such command 'statu'", "Did you mean status? See 'linksms --help'."),
        (
            "config unset x",
            "No such command 'unset'",
            "To remove a value: linksms config set NAME KEY=",
        ),
        (
            "config rename x",
            "No such command 'rename'",
            "Create one of the new name with 'linksms config set', then remove the old one.",
        ),
        ("help sned", "there is no help on 'sned'", "Did you mean send?"),
        (
            "help config unset",
            "there is no help on 'unset'",
            "Topics: list, show, set, use, remove, path, check.",
        ),
        (
            "send --jsno",
            "No such option: --jsno",
            "Did you mean --json? See 'linksms send --help'.",
        ),
        ("send --xyzzy", "No such option: --xyzzy", "See 'linksms send --help'."),
        (
            "--verbose send",
            "No such option: --verbose",
            "Options go after the command. See 'linksms --help'.",
        ),
        (
            "--verison",
            "No such option: --verison",
            "Did you mean --version? See 'linksms --help'.",
        ),
        (
            "send --retry x",
            "Invalid value for '--retry': 'x' is not a whole number from 0 to 100",
            "See 'linksms send --help'.",
        ),
        (
            "send --max-parts 1_0",
            "Invalid value for '--max-parts': '1_0' is not a whole number from 1 to 999999999",
            "See 'linksms send --help'.",
        ),
        (
            "status --limit ١",
            "Invalid value for '--limit': '١' is not a whole number from 0 to 999999999",
            "See 'linksms status --help'.",
        ),
        (
            "listen --port 65536",
            "Invalid value for '--port': '65536' is not a whole number from 0 to 65535",
            "See 'linksms listen --help'.",
        ),
        ("send -t", "-t needs a value", "See 'linksms send --help'."),
        ("code --final=x", "--final does not take a value", "See 'linksms code --help'."),
        ("config use", "NAME is missing", "See 'linksms config use --help'."),
        ("config use a b c", "unexpected argument: b c", "See 'linksms config use --help'."),
        (
            "-p prod send",
            "No such option: -p",
            "Options go after the command. See 'linksms --help'.",
        ),
        (
            "code --retry saef",
            f"Invalid value for '--retry': 'saef' is not one of {', '.join(map(repr, RETRIES))}",
            "Did you mean safe? See 'linksms code --help'.",
        ),
    ],
)
def test_a_wrong_word_names_the_near_one(
    words: str, message: str, hint: str, call: Linksms
) -> None:
    done = call(*words.split())
    assert (done.code, done.stdout, done.stderr) == (2, "", f"error: {message}. {hint}\n")


@pytest.mark.parametrize(
    ("command", "variable", "wrong"),
    [
        ("listen", "LINKSMS_LISTEN_PORT", "is not a whole number from 0 to 65535"),
        ("listen", "LINKSMS_LISTEN_FORWARD_AS", "is not one of 'event', 'raw'"),
        ("send", "LINKSMS_NO_STORE", "is neither true nor false"),
    ],
)
def test_a_wrong_value_is_said_to_be_where_it_stands(
    command: str, variable: str, wrong: str, call: Linksms
) -> None:
    done = call(command, env={variable: "x"})
    said = f"error: Invalid value for {variable}: 'x' {wrong}. See 'linksms {command} --help'.\n"
    assert (done.code, done.stdout, done.stderr) == (2, "", said)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name or "linksms")
def test_help_on_a_command_is_its_help(command: Command, call: Linksms) -> None:
    assert call("help", *command.path) == call(*command.path, "--help")


def test_help_on_exit_codes_has_them_all(call: Linksms) -> None:
    done = call("help", "exit-codes")
    assert (done.code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line for line in lines if len(line) > 80] == []
    codes = [int(line.split()[0]) for line in lines[1:] if line[:4].strip()]
    assert codes == [int(code) for code in ExitCode]


def test_version_is_a_command_too(call: Linksms) -> None:
    assert call("version") == call("--version")


def test_json_belongs_to_a_command(call: Linksms) -> None:
    done = call("--json")
    error = json.loads(done.stderr)["error"]
    hint = "Options go after the command. See 'linksms --help'."
    assert (done.code, error["message"], error["hint"]) == (2, "No such option: --json", hint)


def test_a_wrong_profile_names_the_near_one(call: Linksms, environment: dict[str, str]) -> None:
    path = Path(environment["LINKSMS_CONFIG"])
    path.write_text("[profiles.prod]\n[profiles.test]\n")
    done = call("send", "-p", "prdo", "-t", "+99955501234", "-f", "LINK", "x")
    hint = "Did you mean prod? Known: prod, test."
    assert (done.code, done.stderr) == (3, f"error: no profile 'prdo' in {path}. {hint}\n")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name or "linksms")
def test_what_is_not_text_is_refused_where_it_is_typed(command: Command, call: Linksms) -> None:
    """Bytes that are not UTF-8, as the interpreter hands them over."""
    required = ["x" for argument in command.arguments if argument.required]
    typed = [
        (option.names[-1], [*required, f"{option.names[-1]}=a\udcff"])
        for option in command.options
        # The reply of a receiver is bytes, see test_listen.
        if option.values is not Values.NONE and "--reply-body" not in option.names
    ]
    typed += [(one.metavar, ["x"] * at + ["a\udcff"]) for at, one in enumerate(command.arguments)]
    for name, words in typed:
        done = call(*command.path, *words)
        assert (done.code, done.stdout, done.stderr.count("\n")) == (2, "", 1), words
        assert name in done.stderr or "a\\udcff" in done.stderr


def test_a_text_option_that_is_not_text_is_named(call: Linksms) -> None:
    send = ("send", "--sandbox", "-t", "+99955501234", "-f", "LINK", "x")
    for option in ("--once", "--reference-id"):
        done = call(*send, option, "a\udcff")
        assert done.stderr == (
            f"error: {option} is not UTF-8: character 1 (counted from 0). "
            "Check the encoding of the terminal or the script.\n"
        )

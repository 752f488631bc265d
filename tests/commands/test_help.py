"""Help fits a terminal of 80 columns, groups options and shows examples; what is near is named."""

from pathlib import Path

import pytest

from derived import tree
from derived.tree import Command
from linksms_cli.sms.codes import Retry
from tests.conftest import Linksms

RETRIES = [str(one) for one in Retry]
COMMANDS = list(tree.read().walk())


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name or "linksms")
def test_it_fits_and_has_examples(command: Command, call: Linksms) -> None:
    done = call(*command.path, "--help", env={"COLUMNS": "200"})
    assert (done.code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line for line in lines if len(line) > 80] == []
    assert len(lines) <= 64
    assert "Examples:" in lines
    # A summary that is too long for its line would be cut short.
    assert [one.name for one in command.commands if f" {one.summary}." not in done.stdout] == []
    assert call(*command.path, "-h", env={"COLUMNS": "200"}) == done


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
        (
            "send --jsno",
            "No such option: --jsno",
            "Did you mean --json? See 'linksms send --help'.",
        ),
        ("send --xyzzy", "No such option: --xyzzy", "See 'linksms send --help'."),
        (
            "-p prod send",
            "No such option: -p",
            "Options of a command stand after it. See 'linksms --help'.",
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


def test_a_wrong_profile_names_the_near_one(call: Linksms, environment: dict[str, str]) -> None:
    path = Path(environment["LINKSMS_CONFIG"])
    path.write_text("[profiles.prod]\n[profiles.test]\n")
    done = call("send", "-p", "prdo", "-t", "+99955501234", "-f", "LINK", "x")
    hint = "Did you mean prod? Known: prod, test."
    assert (done.code, done.stderr) == (3, f"error: no profile 'prdo' in {path}. {hint}\n")

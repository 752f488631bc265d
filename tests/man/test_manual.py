"""The manual says everything: each command, option, variable and exit code, without a warning."""

import re
import subprocess
from functools import cache

import pytest

import generate
from derived import tree
from derived.tree import Command
from linksms_cli.errors import ExitCode
from linksms_cli.sms.account.keys import Key
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.story import exit_code_of
from tests.conftest import needs

ROOT = tree.read()
COMMANDS = list(ROOT.walk())
PAGES = generate.REPOSITORY / "man"
NAMES = ["linksms", *(f"linksms-{command.path[0]}" for command in ROOT.commands)]

pytestmark = needs("mandoc")


@cache
def page(name: str) -> str:
    """A page as a person reads it, its words joined by single spaces."""
    done = subprocess.run(
        ["mandoc", "-T", "utf8", "-O", "width=200", PAGES / f"{name}.1"],
        capture_output=True,
        text=True,
        check=True,
    )
    return " ".join(re.sub(".\b", "", done.stdout).split())


def section(name: str, title: str) -> str:
    """What stands in a section of a page, up to the next heading of its kind."""
    titles = (
        "TEST NUMBERS|ADMIN INTERFACE|TRYING A RECEIVER|ENVIRONMENT|FILES|EXIT STATUS|EXAMPLES|"
        "SECURITY|SEE ALSO"
    )
    found = re.search(rf" {title} (.*?) (?:{titles}) ", page(name))
    assert found, f"{name} has no {title}"
    return found[1]


@pytest.mark.parametrize("name", NAMES)
def test_mandoc_has_no_warning(name: str) -> None:
    lint = ["mandoc", "-T", "lint", "-W", "warning", str(PAGES / f"{name}.1")]
    assert subprocess.run(lint, capture_output=True, text=True, check=False).stdout == ""


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_what_one_looks_for(name: str) -> None:
    source = (PAGES / f"{name}.1").read_text(encoding="utf-8")
    titles = re.findall(r"^\.Sh (.+)$", source, re.MULTILINE)
    needed = {"NAME", "SYNOPSIS", "DESCRIPTION", "ENVIRONMENT", "EXIT STATUS", "EXAMPLES"}
    assert needed | {"SEE ALSO"} <= set(titles)


@pytest.mark.parametrize(
    "command", list(ROOT.walk()), ids=lambda command: command.name or "linksms"
)
def test_every_option_and_argument_is_there(command: Command) -> None:
    text = page("-".join(["linksms", *command.path[:1]]))
    words = [word for option in command.options for word in option.spellings]
    words += [argument.metavar for argument in command.arguments]
    if command.commands and command.path:  # -h of a group that has no page of its own for it
        words = [f"linksms {below.name}" for below in command.commands]
    assert [word for word in words if word not in text] == []


def test_the_front_page_names_every_command() -> None:
    names = [f"linksms-{command.path[0]}(1)" for command in ROOT.commands]
    assert [name for name in names if name not in page("linksms")] == []


def test_every_variable_that_the_program_reads_is_there() -> None:
    package = generate.REPOSITORY / "linksms_cli"
    sources = "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    named = set(re.findall(r"(?<![A-Z_])LINKSMS_[A-Z_]*[A-Z]", sources))
    named |= {"NO_COLOR", "FORCE_COLOR", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"}
    text = section("linksms", "ENVIRONMENT")
    assert sorted(name for name in named if name not in text) == []


def test_a_page_names_the_variables_that_its_command_reads() -> None:
    """An option that a variable sets is on the pages of the commands that have the option."""
    for command in ROOT.commands:
        options = {word for option in command.options for word in option.spellings}
        named = "LINKSMS_NO_STORE" in section("-".join(["linksms", *command.path]), "ENVIRONMENT")
        assert named == ("--no-store" in options), command.name


def test_every_exit_code_is_there() -> None:
    # Each begins a new entry, so a number stands between the end of a sentence and its meaning.
    entries = re.findall(r"(?:^|\. )(\d+) [A-Z]", section("linksms", "EXIT STATUS"))
    assert [int(entry) for entry in entries] == [int(code) for code in ExitCode]


def test_status_has_every_exit_code_that_a_message_can_give() -> None:
    entries = set(
        map(int, re.findall(r"(?:^|\. )(\d+) [A-Z]", section("linksms-status", "EXIT STATUS")))
    )
    given = {exit_code_of(outcome) for outcome in Outcome}
    assert sorted(given - entries) == []
    assert ExitCode.NOT_SENT in given


def test_every_key_of_a_profile_is_there() -> None:
    assert [key for key in Key if key not in page("linksms-config")] == []

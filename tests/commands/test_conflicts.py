"""Options that contradict each other, or have no effect alone, are refused at the door."""

import json
from importlib import import_module

import pytest

from derived import tree
from derived.tree import Command
from linksms_cli.app import COMMANDS
from tests.conftest import Linksms

TO = ("-t", "+99955501234", "-f", "LINK")
TREE = {command.name: command for command in tree.read().walk()}


@pytest.mark.parametrize(
    ("words", "one", "other"),
    [
        ("send --once k --no-store x", "--once", "--no-store"),
        ("send --wait 1s --no-store x", "--wait", "--no-store"),
        ("send --sandbox -p prod x", "--sandbox", "--profile"),
        ("send --replace --udh 050003010201 x", "--replace", "--udh"),
        ("send --truncate --udh 050003010201 x", "--truncate", "--udh"),
        ("send -q -v x", "--quiet", "--verbose"),
        ("send --charge-only --tariff SEK1 --udh 050003010201", "--charge-only", "--udh"),
        ("send --charge-only --tariff SEK1 --replace", "--charge-only", "--replace"),
        ("send --charge-only --tariff SEK1 --max-parts 1", "--charge-only", "--max-parts"),
        ("send --charge-only --tariff SEK1 --truncate", "--charge-only", "--truncate"),
        ("send --charge-only --tariff SEK1 --strip-ansi", "--charge-only", "--strip-ansi"),
        ("listen --replay --port 0", "--replay", "--port"),
        ("listen --replay --exit-after 1", "--replay", "--exit-after"),
        ("status abc --limit 3", "--limit", "MESSAGE_ID"),
        ("status abc --forget-before 1h", "--forget-before", "MESSAGE_ID"),
        ("status --limit 20 --forget-before 1h", "--forget-before", "--limit"),
    ],
)
def test_what_cannot_be_combined(words: str, one: str, other: str, call: Linksms) -> None:
    done = call(*words.split())
    assert (done.code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"error: {one} and {other} cannot be combined: ")
    assert done.stderr.endswith(". Leave one of them out.\n")


@pytest.mark.parametrize(
    ("words", "option", "other"),
    [
        ("send --resend-unknown x", "--resend-unknown", "--once or --batch"),
        ("send --vat 25 x", "--vat", "--tariff or --batch"),
        ("listen --since 1h", "--since", "--replay"),
        ("sandbox --dlr-format xml", "--dlr-format", "--dlr-url"),
        ("sandbox --dlr-delay 0", "--dlr-delay", "--dlr-url"),
        ("status --wait 1s", "--wait", "MESSAGE_ID"),
    ],
)
def test_what_has_no_effect_alone(words: str, option: str, other: str, call: Linksms) -> None:
    done = call(*words.split())
    message = f"{option} has no effect without {other}. Add {other}, or leave {option} out."
    assert (done.code, done.stdout, done.stderr) == (2, "", f"error: {message}\n")


@pytest.mark.parametrize("command", TREE.values(), ids=lambda command: command.name or "linksms")
def test_a_flag_is_not_switched_on_and_off_at_once(command: Command, call: Linksms) -> None:
    for option in command.options:
        for off in option.negatives:
            on = option.names[-1]
            done = call(*command.path, on, off)
            message = f"{on} and {off} contradict each other. Leave one of them out."
            assert (done.code, done.stderr) == (2, f"error: {message}\n")


def test_what_stands_behind_two_hyphens_is_a_word(call: Linksms) -> None:
    assert call("send", "--sandbox", *TO, "--async", "--", "--no-async").code == 0


def test_the_environment_counts_and_is_named(call: Linksms) -> None:
    done = call("send", *TO, "--once", "k", "x", "--json", env={"LINKSMS_NO_STORE": "1"})
    message = "--once and LINKSMS_NO_STORE cannot be combined: a key is remembered in the store"
    assert (done.code, json.loads(done.stderr)["error"]["message"]) == (2, message)


def test_a_sandbox_and_a_dry_run_try_out_any_command(call: Linksms) -> None:
    words = (*TO, "--retry", "1", "--wait", "30s", "--no-store", "x", "--dry-run")
    assert call("send", "--sandbox", *words).code == 0


def test_quiet_and_verbose_have_their_effect_with_json_too(call: Linksms) -> None:
    emoji = ("send", "--sandbox", *TO, "--json", "\U0001f600")
    assert '{"warning": ' in call(*emoji).stderr
    assert call(*emoji, "-q").stderr == ""
    detailed = call("send", "--sandbox", *TO, "--json", "-v", "x")
    (detail,) = map(json.loads, detailed.stderr.splitlines())
    assert "HTTP 200, code 1005" in detail["detail"]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_rules_name_what_there_is(name: str) -> None:
    """A rule with a name that nothing bears would never be broken."""
    module = import_module(f"linksms_cli.commands.{name}")
    command = TREE.get(name)
    there: set[str | None] = {None}
    if command:
        there |= {word for option in command.options for word in option.spellings}
        there |= {argument.metavar for argument in command.arguments}
    for one, other, _, unless in getattr(module, "CONFLICTS", ()):
        assert {one, other, unless} <= there
    for need in getattr(module, "NEEDS", ()):
        assert set(need) <= there

"""The completion scripts know the whole tree, and what they ask the program for is harmless."""

import subprocess
import sys
from pathlib import Path

import pytest

import generate
from derived import tree
from derived.tree import Command
from linksms_cli.sms.codes import Retry
from tests.conftest import Linksms, account, needs
from tests.loopback import Recorder, http

FILES = generate.REPOSITORY / "completions"
COMMANDS = list(tree.read().walk())


def test_they_are_made_from_the_tree_as_it_is() -> None:
    stale = [str(path) for path in generate.stale(generate.files())]
    assert stale == [], f"run: {generate.COMMAND}"


def spellings(command: Command) -> list[str]:
    return sorted(word for option in command.options for word in option.spellings)


def offered_by_bash(line: list[str], environ: dict[str, str], before: str = "") -> list[str]:
    call = f"""
        source "$1"; shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        {before}
        _linksms linksms; printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        ["bash", "-c", call, "bash", FILES / "linksms.bash", *line],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return list(filter(None, done.stdout.splitlines()))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name or "linksms")
def test_bash_offers_every_option_and_every_command(
    command: Command, environment: dict[str, str]
) -> None:
    line = ["linksms", *command.path]
    assert sorted(offered_by_bash([*line, "-"], environment)) == spellings(command)
    if command.commands:
        names = [below.path[-1] for below in command.commands]
        assert offered_by_bash([*line, ""], environment) == names


@pytest.mark.parametrize("separators", ["$'\\n'", "','", "es", "''"])
def test_bash_has_its_own_separators(separators: str, environment: dict[str, str]) -> None:
    ours = f"IFS={separators}"
    retries = offered_by_bash(["linksms", "code", "--retry", ""], environment, ours)
    assert retries == [str(retry) for retry in Retry]
    assert offered_by_bash(["linksms", "co"], environment, ours) == ["code", "config"]


@needs("fish")
def test_fish_takes_no_word_for_an_operator(environment: dict[str, str]) -> None:
    words = [word for command in COMMANDS for word in spellings(command)]
    lines = [f"linksms send {word} " for word in [*words, "!", "=", "-a", "-o", "-n", "'('"]]
    calls = "\n".join(f'complete -C "{line}"' for line in lines)
    done = subprocess.run(
        ["fish", "-N", "-c", f"source {FILES}/linksms.fish\n{calls}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


@needs("fish")
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name or "linksms")
def test_fish_offers_every_option(command: Command, environment: dict[str, str]) -> None:
    call = "source $argv[1]; complete -C $argv[2]; complete -C $argv[3]"
    line = " ".join(["linksms", *command.path])
    done = subprocess.run(
        ["fish", "-N", "-c", call, FILES / "linksms.fish", f"{line} -", f"{line} --"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    offered = {line.split("\t")[0] for line in done.stdout.splitlines()}
    assert offered == set(spellings(command))


@pytest.mark.parametrize("name", ["_linksms", "linksms.ps1"])
def test_the_other_scripts_name_every_option(name: str) -> None:
    script = (FILES / name).read_text(encoding="utf-8")
    missing = {
        word
        for command in COMMANDS
        for word in spellings(command)
        if f'"{word}`t' not in script and f"{word}[" not in script
        if f"{word}=[" not in script and f"{word}+[" not in script
    }
    assert missing == set()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        (["code", "210"], [str(code) for code in range(2100, 2109)]),
        (["code", "1001", "105"], ["105"]),
        (["send", "-t", "+99955501234", "-p", ""], ["prod", "test"]),
        (["send", "--profile", "=", "t"], ["test"]),
        (["send", "--profile", "="], ["prod", "test"]),
        (["config", "show", "p"], ["prod"]),
        (["config", "set", "prod", "so"], ["source="]),
        (["code", "--retry", "s"], ["safe"]),
        (["send", "--", "--prof"], []),
        (["send", "--tariff", "config", "--dry"], ["--dry-run"]),
        (["nonsense", ""], []),
    ],
    ids=" ".join,
)
def test_what_fits_in_a_place(
    line: list[str], offered: list[str], environment: dict[str, str], program: Path
) -> None:
    Path(environment["LINKSMS_CONFIG"]).write_text("[profiles.prod]\n[profiles.test]\n")
    assert offered_by_bash([str(program), *line], environment) == offered


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The program under its own name, as the scripts call it."""
    path = tmp_path / "linksms"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} -m linksms_cli "$@"\n')
    path.chmod(0o755)
    return path


def asked(linksms: Linksms, kind: str) -> list[str]:
    done = linksms(env={"_LINKSMS_TAB": kind})
    assert (done.code, done.stderr) == (0, "")
    return [line.split("\t")[0] for line in done.stdout.splitlines() if line]


def send(linksms: Linksms, *answers: str) -> None:
    for answer in answers:
        with Recorder(http(answer.encode())) as gateway:
            env = account(gateway.url)
            linksms("send", "-t", "+99955501234", "-f", "LINK", "x", env=env)


def test_recent_messages_come_latest_first(linksms: Linksms) -> None:
    send(linksms, "1005;Queued;first", "1005;Queued;Dcs/+Pb3x==", "2104;Unknown;")
    assert asked(linksms, "messages") == ["Dcs/+Pb3x==", "first"]


def test_an_id_that_a_shell_could_obey_is_not_offered(linksms: Linksms) -> None:
    send(linksms, "1005;Queued;$(touch${IFS}x)", "1005;Queued;`id`", "1005;Queued;plain")
    assert asked(linksms, "messages") == ["plain"]


def test_a_tab_writes_nothing_and_says_nothing(
    linksms: Linksms, environment: dict[str, str]
) -> None:
    kinds = ("profiles", "messages", "nonsense")
    assert [asked(linksms, kind) for kind in kinds] == [[], [], []]
    assert not Path(environment["LINKSMS_STATE"]).exists()
    Path(environment["LINKSMS_CONFIG"]).write_text("not [ toml")
    Path(environment["LINKSMS_STATE"]).mkdir()
    (Path(environment["LINKSMS_STATE"]) / "linksms.db").write_text("no database, and long enough")
    assert [asked(linksms, kind) for kind in kinds] == [[], [], []]


def test_a_variable_that_has_leaked_hides_no_command(linksms: Linksms) -> None:
    done = linksms("code", "1001", "--json", env={"_LINKSMS_TAB": "profiles"})
    assert done.record["code"] == 1001


def test_an_answer_to_a_tab_never_loads_the_command_line(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "linksms_cli"],
        env=environment | {"_LINKSMS_TAB": "profiles"},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert "linksms_cli.actions.complete" in loaded
    assert not loaded & {"typer", "rich", "requests"}


@pytest.mark.parametrize(
    ("shell", "name"),
    [
        ("bash", "linksms.bash"),
        ("zsh", "_linksms"),
        ("fish", "linksms.fish"),
        ("powershell", "linksms.ps1"),
    ],
)
def test_the_program_prints_them(shell: str, name: str, call: Linksms) -> None:
    done = call("--show-completion", shell)
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout == (FILES / name).read_text(encoding="utf-8")

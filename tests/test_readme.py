"""README cannot lie: its commands are run, and what it shows is compared with what they print."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from derived import tree
from linksms_cli.app import COMMANDS
from linksms_cli.sms.exit_codes import MEANINGS
from tests.conftest import account
from tests.loopback import Recorder
from tests.ports import free_port
from tests.readme import README, comparable, environment, refreshed

TEXT = README.read_text("utf-8")
SCRIPTS: list[str] = re.findall(r"^```sh\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def script(word: str) -> str:
    (found,) = [script for script in SCRIPTS if word in script]
    return found


def on_free_ports(lines: str) -> str:
    ports = {shown: free_port() for shown in ("8025", "8080")}
    return re.sub("8025|8080", lambda shown: ports[shown[0]], lines)


def run(lines: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", lines],
        env=environment(home) | more,
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


@pytest.mark.timeout(180)
def test_what_is_shown_is_what_is_printed(tmp_path: Path) -> None:
    assert comparable(refreshed(TEXT, tmp_path)) == comparable(TEXT), (
        "README is stale: .venv/bin/python -m tests.readme writes it anew"
    )


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "version"])
def test_every_command_is_in_it(command: str) -> None:
    assert f"linksms {command}" in TEXT


def test_the_exit_codes_are_those_of_the_program() -> None:
    rows = re.findall(r"^\| ([0-9, ]+) \| .+ \| (.+) \|$", TEXT, re.MULTILINE)
    shown = {
        int(code): re.sub(r"[*`]", "", again) for codes, again in rows for code in codes.split(", ")
    }
    assert shown == {int(code): meaning.again for code, meaning in MEANINGS.items()}


def test_what_people_do_with_it_works(tmp_path: Path) -> None:
    lines = script("backup failed").splitlines()
    assert len(lines) == 5
    (tmp_path / "templates.txt").write_text("Your code is 1234\nYour parcel is here\n")
    run(
        "git init -q && git -c user.name=t -c user.email=t@t commit -q --allow-empty -m t", tmp_path
    )
    with Recorder() as gateway:
        done = [run(line, tmp_path, **account(gateway.url)) for line in [*lines, lines[3]]]
    assert [(each.returncode, each.stderr.count("error")) for each in done] == [(0, 0)] * 6
    assert len(gateway.requests) == 4  # the page goes out once


@pytest.mark.timeout(180)
def test_the_step_for_ci_works(tmp_path: Path) -> None:
    lines = on_free_ports(script("reports.jsonl"))
    done = run(lines, tmp_path)
    assert re.search(
        r"^delivered +\+99955501234  1001 Billed and delivered", done.stdout, re.MULTILINE
    )
    assert re.search(r"\+99955501234 +LINK +delivered +1001 .* 1/1 ", done.stdout)
    assert '"event": "report"' in (tmp_path / "reports.jsonl").read_text()


def test_the_three_terminals_work(tmp_path: Path) -> None:
    listen, sandbox, send = script("LINKSMS_PASSWORD=any linksms send").splitlines()
    answers = "2>/dev/null </dev/tcp/127.0.0.1"
    ready = f"until : {answers}/8025 && : {answers}/8080; do sleep 0.1; done"
    joined = f"{listen} & {sandbox} & {ready}; {send}; code=$?; kill %1 %2; exit $code"
    done = run(on_free_ports(joined), tmp_path)
    assert done.returncode == 0, done.stderr
    assert "delivered" in done.stdout


def test_every_option_that_documents_name_is_there() -> None:
    """An option that is renamed leaves no document behind."""
    known = {
        word
        for command in tree.read().walk()
        for option in command.options
        for word in option.spellings
    }
    # Of git, pytest and the benchmarks.
    others = {"--always", "--dist", "--cov", "--cov-report", "--scale", "--into"}
    for name in ("README.md", ".gitlab/linksms.yml"):
        text = (README.parent / name).read_text("utf-8")
        own = re.sub(r"(?m)^ *(install|pip) .*$", "", text)
        named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", own))
        assert sorted(named - known - others) == [], name


def test_every_variable_that_documents_name_is_read() -> None:
    facts = tomllib.loads((README.parent / ".ci/derived/manual/facts.toml").read_text("utf-8"))
    known = {name for group in facts["environment"].values() for name in group}
    for name in ("README.md", "CHANGELOG.md", ".github/actions/notify/action.yml"):
        named = set(
            re.findall(r"\bLINKSMS_[A-Z_]*[A-Z]", (README.parent / name).read_text("utf-8"))
        )
        assert sorted(named - known) == [], name

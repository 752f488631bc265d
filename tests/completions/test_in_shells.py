"""The completions in the real shells, at a real TAB."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import Linksms, account, needs
from tests.loopback import Recorder, http
from tests.terminal import Terminal

FILES = Path(__file__).parent.parent.parent / "completions"
PROMPT = "ready> "
SHELLS = [pytest.param(name, marks=needs(name)) for name in ("bash", "zsh", "fish")]


@pytest.fixture
def shell(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[[str], Terminal]]:
    """Open a shell that has found the completion where the package puts it."""
    program = tmp_path / "bin" / "linksms"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m linksms_cli "$@"\n')
    program.chmod(0o755)
    Path(environment["LINKSMS_CONFIG"]).write_text("[profiles.prod]\n[profiles.test]\n")
    environ = environment | {
        "PATH": f"{program.parent}{os.pathsep}{environment['PATH']}",
        "PYTHONPATH": str(FILES.parent),
        "PS1": PROMPT,
        "TERM": "xterm",
        "COLUMNS": "100",
        "INPUTRC": str(tmp_path / "inputrc"),
    }
    (tmp_path / "inputrc").write_text("set enable-bracketed-paste off\nset bell-style none\n")
    work = tmp_path / "work"
    work.mkdir()
    with ExitStack() as opened:

        def open_shell(name: str) -> Terminal:
            terminal = opened.enter_context(
                Terminal(*_start(name, tmp_path, environ), env=environ, folder=work)
            )
            terminal.shows(PROMPT)
            return terminal

        yield open_shell


def _start(name: str, folder: Path, environ: dict[str, str]) -> list[str]:
    """Return the command line of a shell whose configuration is nothing but the completion."""
    if name == "bash":
        start = folder / "bashrc"
        start.write_text(f"PS1='{PROMPT}'\nsource {FILES}/linksms.bash\n")
        return ["bash", "--noprofile", "--rcfile", str(start), "-i"]
    if name.startswith("zsh"):
        environ["ZDOTDIR"] = str(folder)
        by_eval = 'eval "$(linksms --show-completion zsh)"'
        found = by_eval if name == "zsh, by eval" else f"fpath=({FILES} $fpath)"
        (folder / ".zshrc").write_text(
            f"PS1='{PROMPT}'\n{found}\nautoload -Uz compinit\n"
            "compinit -u -D\nsetopt list_packed no_list_beep\nzstyle ':completion:*' verbose yes\n"
        )
        return ["zsh", "-d", "-i"]
    there = folder / "home" / ".config" / "fish" / "completions"
    there.mkdir(parents=True)
    shutil.copy(FILES / "linksms.fish", there)
    (there.parent / "config.fish").write_text(
        f"function fish_prompt; printf '{PROMPT}'; end\nset -g fish_greeting ''\n"
    )
    return ["fish", "-i"]


@pytest.mark.parametrize("name", SHELLS)
def test_commands(name: str, shell: Callable[[str], Terminal]) -> None:
    terminal = shell(name)
    terminal.press("linksms co\t\t")
    terminal.shows("code", "config")


@pytest.mark.parametrize("name", SHELLS)
def test_result_codes_with_their_descriptions(name: str, shell: Callable[[str], Terminal]) -> None:
    terminal = shell(name)
    terminal.press("linksms code 21\t\t\t")  # bash completes to 210 first
    terminal.shows("2104", "Unknown subscriber", "2108", "Invalid destination")


@pytest.mark.parametrize("name", SHELLS)
def test_profiles(name: str, shell: Callable[[str], Terminal]) -> None:
    terminal = shell(name)
    terminal.press("linksms send --profile \t\t")
    terminal.shows("prod", "test")


@pytest.mark.parametrize("name", SHELLS)
def test_the_one_option_that_fits_is_put_into_the_line(
    name: str, shell: Callable[[str], Terminal]
) -> None:
    terminal = shell(name)
    terminal.press("linksms send --dry\t")
    terminal.shows("-run")


@pytest.mark.parametrize("name", SHELLS)
def test_recent_messages(name: str, shell: Callable[[str], Terminal], linksms: Linksms) -> None:
    with Recorder(http(b"1005;Queued;Dcs/hu+Pb3x==")) as gateway:
        env = account(gateway.url)
        assert linksms("send", "-t", "+99955501234", "-f", "LINK", "x", env=env).code == 0
    terminal = shell(name)
    terminal.press("linksms status Dcs\t")
    terminal.shows("/hu+Pb3x")


@needs("zsh")
def test_zsh_takes_it_before_its_own_completion_is_there(shell: Callable[[str], Terminal]) -> None:
    terminal = shell("zsh, by eval")
    terminal.press("linksms send --dry\t")
    terminal.shows("-run")


@needs("zsh")
def test_zsh_takes_what_the_program_prints(shell: Callable[[str], Terminal]) -> None:
    terminal = shell("zsh")
    terminal.press("compdef -d linksms; unfunction _linksms; fpath=(); echo cleared; clear\n")
    terminal.shows("cleared", PROMPT)
    terminal.press('eval "$(linksms --show-completion zsh)"; echo loa""ded\n')
    terminal.shows("loaded", PROMPT)
    terminal.press("linksms send --dry\t")
    terminal.shows("-run")

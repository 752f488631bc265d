"""The program in one file, as `python -m zipapp` makes it: what it reads of itself is in there."""

import json
import shutil
import subprocess
import sys
import zipapp
from pathlib import Path

import pytest

import linksms_cli
from tests.conftest import Finished, Linksms

MAIN = "from linksms_cli.__main__ import run; run()"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("zipapp")
    source, archive = folder / "source", folder / "linksms.pyz"
    package = Path(linksms_cli.__file__).parent
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(package, source / "linksms_cli", ignore=ignored)
    # As the wheel has it.
    shutil.copytree(
        package.parent / "completions", source / "linksms_cli" / "completions", dirs_exist_ok=True
    )
    (source / "__main__.py").write_text(MAIN)
    zipapp.create_archive(source, archive)
    shutil.rmtree(source)
    return archive


@pytest.mark.parametrize(
    "words",
    [
        ("code", "1001"),
        ("code",),
        ("--show-completion", "bash"),
        ("--show-completion", "powershell"),
        ("help", "exit-codes"),
        ("segments", "Hej"),
        ("status",),
        ("send", "--dry-run", "--sandbox", "-t", "+99955501234", "-f", "LINK", "x"),
    ],
)
def test_it_prints_what_the_installed_program_prints(
    archive: Path, environment: dict[str, str], linksms: Linksms, words: tuple[str, ...]
) -> None:
    assert zipped(archive, environment, *words) == linksms(*words)


def test_it_sends_and_receives(archive: Path, environment: dict[str, str]) -> None:
    words = (
        "send",
        "--sandbox",
        "-t",
        "+99955501234",
        "-f",
        "LINK",
        "--wait",
        "20s",
        "x",
        "--json",
    )
    done = zipped(archive, environment, *words)
    accepted = {"to": "+99955501234", "message_id": done.record["message_id"]}
    assert (done.code, done.record["outcome"]) == (0, "delivered")
    assert json.loads(done.stderr) == {"accepted": accepted}


def zipped(archive: Path, environment: dict[str, str], *words: str) -> Finished:
    done = subprocess.run(
        [sys.executable, archive, *words],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return Finished(code=done.returncode, stdout=done.stdout, stderr=done.stderr)

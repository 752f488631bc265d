"""What the tests share: the real program, as a process or called in this one."""

import json
import locale
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.certificates import Authority
from tests.postgres import PostgresServer, pooled, running_server
from tests.program import Program, private_environment

# An example may take its time on a machine that does other things too.
hypothesis.settings.register_profile("linksms", deadline=None)
hypothesis.settings.load_profile("linksms")


# What a person may have set for programs in general, of which ours or those that it runs take note.
_PERSONAL = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "PYTHONWARNINGS", "PYTHONOPTIMIZE")
_PERSONAL_KINDS = ("XDG_", "LC_", "PG")


def pytest_configure() -> None:
    """Let no test depend on the time zone, the locale or the settings of whoever runs them."""
    if sys.getfilesystemencoding() != "utf-8":
        raise pytest.UsageError("the tests need UTF-8 in arguments and names: set PYTHONUTF8=1")
    for name in list(os.environ):
        if name in _PERSONAL or name.startswith(_PERSONAL_KINDS) or "_proxy" in name.lower():
            del os.environ[name]
    os.environ |= {"TZ": "UTC", "LANG": "C.UTF-8"}
    time.tzset()
    locale.setlocale(locale.LC_ALL, "C.UTF-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A command line that has ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """The JSON objects on stdout, a line each."""
        return [json.loads(line) for line in self.stdout.splitlines()]

    @property
    def record(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        (record,) = self.records
        return record


BACKENDS = ("sqlite", "postgres")
# Runs a test, or all of a module's as its `pytestmark`, over every kind of store there is.
on_every_store = pytest.mark.parametrize("state", BACKENDS, indirect=True)
# The same, and through a pgbouncer that lends connections for a transaction at a time.
on_every_way = pytest.mark.parametrize("state", [*BACKENDS, "pgbouncer"], indirect=True)


@pytest.fixture
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """What LINKSMS_STATE is: a folder, or a database of the test's own if it asks for a server."""
    kind = getattr(request, "param", "sqlite")
    if kind == "sqlite":
        yield str(tmp_path / "state")
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    port = request.getfixturevalue("pgbouncer") if kind == "pgbouncer" else server.port
    address = server.database()
    yield address.replace(f":{server.port}/", f":{port}/")
    server.take_back(address)


@pytest.fixture
def environment(tmp_path: Path, state: str) -> dict[str, str]:
    """An environment with nothing of the person's who runs the tests."""
    home = tmp_path / "home"
    home.mkdir()
    kept = {
        name: os.environ[name] for name in ("PATH", "TMPDIR", "SYSTEMROOT") if name in os.environ
    }
    return kept | private_environment(tmp_path, home, state) | {"PYTHONWARNINGS": "error"}


def account(
    url: str, *, service_id: str = "1", username: str = "u", password: str = "p", **more: str
) -> dict[str, str]:
    """The variables that set an account whose gateway is at the URL, and any others."""
    return {
        "LINKSMS_BASE_URL": url,
        "LINKSMS_SERVICE_ID": service_id,
        "LINKSMS_USERNAME": username,
        "LINKSMS_PASSWORD": password,
        **more,
    }


def until(happened: Callable[[], object], timeout: float = 60) -> None:
    """Wait for an event that a test aims at, however busy the machine is."""
    deadline = time.monotonic() + timeout
    while not happened():
        assert time.monotonic() < deadline, "what the test waits for has not happened"
        time.sleep(0.001)


Linksms = Callable[..., Finished]


@pytest.fixture
def linksms(environment: dict[str, str], tmp_path: Path) -> Linksms:
    """Run the program as a process: `linksms("code", "1001", stdin=b"", env={...})`."""

    def run(
        *words: str | bytes,
        stdin: bytes | None = None,
        env: Mapping[str, str] | None = None,
        timeout: float = 60,
    ) -> Finished:
        done = subprocess.run(
            [sys.executable, "-m", "linksms_cli", *words],
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            env=environment | dict(env or {}),
            cwd=tmp_path,
            timeout=timeout,
            check=False,
        )
        return Finished(
            code=done.returncode, stdout=done.stdout.decode(), stderr=done.stderr.decode()
        )

    return run


@pytest.fixture
def call(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Linksms:
    """Call the program in this process: faster, for tests that need no process of their own."""
    # A receiver may run as a service on the machine that tests run on.
    monkeypatch.setattr("linksms_cli.adapters.store.machine._OF_SERVICES", tmp_path / "services")
    program = Program(environment)

    def run(*words: str, env: Mapping[str, str] | None = None) -> Finished:
        code, stdout, stderr = program.call(*words, env=env)
        return Finished(code=code, stdout=stdout, stderr=stderr)

    return run


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """An authority, and a certificate of it for 127.0.0.1."""
    folder = tmp_path / "tls"
    folder.mkdir()
    return Authority(folder)


def needs(tool: str) -> pytest.MarkDecorator:
    """Skip a test where a tool is missing, except in CI, which installs it."""
    missing = shutil.which(tool) is None and not os.environ.get("LINKSMS_TEST_NO_SKIP")
    return pytest.mark.skipif(missing, reason=f"{tool} is not installed")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this run, with no database yet."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def pgbouncer(postgres: PostgresServer) -> Iterator[str]:
    """The port of a pgbouncer before that server."""
    with pooled(postgres) as port:
        yield port

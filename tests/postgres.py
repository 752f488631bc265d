"""A PostgreSQL server of the tests' own, and a database of its own for each test."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from tests.ports import free_port

# Debian keeps the server's programs out of the PATH.
_PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
_OWNER = "postgres"
_NUMBERS = count(1)


class PostgresServer:
    """A server on loopback, and an address for each database that is asked for."""

    def __init__(self, programs: Path, folder: Path, port: str) -> None:
        self._programs = programs
        self._folder = folder
        self.port = port

    def start(self) -> None:
        """Start it; it answers at the return."""
        # What the server has written survives the end of its processes, which is all that tests do
        # to it: without fsync a database is made in a third of the time.
        options = (
            f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 "
            "-c max_connections=100 -c fsync=off"
        )
        self._control("start", "-w", "-o", options, "-l", str(self._folder / "log"))

    def stop(self, mode: str = "fast") -> None:
        """Stop it."""
        self._control("stop", "-w", "-m", mode)

    def database(self, owner: str = _OWNER) -> str:
        """Return the address of a new database."""
        name = f"test_{os.getpid()}_{next(_NUMBERS)}"
        self.run(f"CREATE DATABASE {name} OWNER {owner}")
        return f"postgresql://{owner}@127.0.0.1:{self.port}/{name}"

    def run(self, statement: str) -> None:
        """Run a statement as the server's owner."""
        self._as_owner(
            "psql", "-q", "-h", "127.0.0.1", "-p", self.port, "-c", statement, "postgres"
        )

    def make(self) -> None:
        """Make its files."""
        self._as_owner("initdb", "-A", "trust", "-E", "UTF8", "--no-sync", "-D", self._data)

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def _control(self, *words: str) -> None:
        self._as_owner("pg_ctl", "-D", self._data, *words)

    def _as_owner(self, program: str, *words: str) -> None:
        # The server refuses to run as root.
        user = {"user": _OWNER} if os.geteuid() == 0 else {}
        subprocess.run(
            [str(self._programs / program), *words],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            cwd="/",
            timeout=60,
            **user,  # type: ignore[call-overload] # a user by name, or none
        )


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """Run a server for the block; skip the test where its programs are not installed."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else _PLACES
    if not places:
        if os.environ.get("LINKSMS_TEST_NO_SKIP"):
            pytest.fail("PostgreSQL's server is not installed")
        pytest.skip("PostgreSQL's server is not installed")
    folder = Path(tempfile.mkdtemp(prefix="linksms-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, _OWNER)
    server = PostgresServer(places[0], folder, free_port())
    try:
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder)

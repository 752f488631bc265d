"""A PostgreSQL server of the tests' own, and a database of its own for each test."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
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
        self._free: list[str] = []

    def start(self, **settings: str) -> None:
        """Start it, set in some other way if need be; it answers at the return."""
        # What the server has written survives the end of its processes, which is all that tests do
        # to it: without fsync a database is made in a third of the time.
        options = (
            f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 "
            "-c max_connections=100 -c fsync=off"
        ) + "".join(f" -c {name}={value}" for name, value in settings.items())
        self._control("start", "-w", "-o", options, "-l", str(self._folder / "log"))

    def stop(self, mode: str = "fast") -> None:
        """Stop it."""
        self._control("stop", "-w", "-m", mode)

    def promote(self) -> None:
        """Have it take over, if it followed another."""
        self._control("promote", "-w")

    def restart(self) -> None:
        """End it as a crash does, and start it again."""
        self.stop("immediate")
        self.start()

    def freeze(self) -> None:
        """Stop every process of it in its tracks; the kernel still takes what is sent to it."""
        for process in self.processes():
            os.kill(process, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        for process in self.processes():
            os.kill(process, signal.SIGCONT)

    def admit(self, *lines: str) -> None:
        """Let in whom these lines of pg_hba.conf let in, and the owner on the server's socket."""
        (self.data / "pg_hba.conf").write_text(
            "\n".join(["local all,replication all trust", *lines, ""])
        )
        self.run("SELECT pg_reload_conf()")

    def database(self, owner: str = _OWNER, more: str = "") -> str:
        """Return the address of a new database."""
        if self._free and (owner, more) == (_OWNER, ""):
            return self._free.pop()
        name = f"test_{os.getpid()}_{next(_NUMBERS)}"
        self.run(f"CREATE DATABASE {name} OWNER {owner} {more}")
        return f"postgresql://{owner}@127.0.0.1:{self.port}/{name}"

    def take_back(self, address: str) -> None:
        """Empty a database for the next who wants one: to make one takes ten times as long."""
        with psycopg.connect(address, autocommit=True) as link:
            ended = link.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchall()
            link.execute("DROP SCHEMA IF EXISTS linksms CASCADE")
            name = address.rpartition("/")[2]
            link.execute(f"ALTER DATABASE {name} RESET ALL")
            link.execute(f"ALTER ROLE CURRENT_USER IN DATABASE {name} RESET ALL")
        if all(is_gone for (is_gone,) in ended):  # or somebody still has it in use
            self._free.append(address)

    def run(self, statement: str) -> None:
        """Run a statement as the server's owner."""
        self.as_owner(
            "psql", "-q", "-h", str(self._folder), "-p", self.port, "-c", statement, "postgres"
        )

    def make(self) -> None:
        """Make its files."""
        self.as_owner("initdb", "-A", "trust", "-E", "UTF8", "--no-sync", "-D", str(self.data))

    @property
    def data(self) -> Path:
        """Where its files are."""
        return self._folder / "data"

    def standby(self) -> "PostgresServer":
        """Return another server that follows this one; it is not started yet."""
        port = free_port()
        other = PostgresServer(self._programs, self._folder / f"standby-{port}", port)
        other.folder.mkdir()
        own(other.folder)
        words = (
            "-h",
            str(self._folder),
            "-p",
            self.port,
            "-D",
            str(other.data),
            "-R",
            "-c",
            "fast",
        )
        self.as_owner("pg_basebackup", *words)
        return other

    @property
    def user(self) -> dict[str, Any]:
        """Who its programs run as, as `subprocess` takes it: nobody else, unless that is root."""
        return {"user": _OWNER} if os.geteuid() == 0 else {}

    @property
    def folder(self) -> Path:
        """Where its socket, its log and its files are."""
        return self._folder

    def processes(self) -> list[int]:
        """Return the processes of the server, the first of all last."""
        first = int((self.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [*map(int, children), first]

    def _control(self, *words: str) -> None:
        self.as_owner("pg_ctl", "-D", str(self.data), *words)

    def as_owner(self, program: str, *words: str) -> None:
        """Run a program of the server's: it refuses to run as root."""
        subprocess.run(
            [str(self._programs / program), *words],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            cwd="/",
            timeout=60,
            **self.user,
        )


def own(path: Path) -> None:
    """Give a file or a folder to whom the server runs as."""
    if os.geteuid() == 0:
        shutil.chown(path, _OWNER)


def programs() -> Path | None:
    """Return where the server's programs are, None if they are not installed."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else _PLACES
    return places[0] if places else None


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """Run a server for the block; skip the test where its programs are not installed."""
    installed = programs()
    if installed is None:
        if os.environ.get("LINKSMS_TEST_NO_SKIP"):
            pytest.fail("PostgreSQL's server is not installed")
        pytest.skip("PostgreSQL's server is not installed")
    with serving(installed) as server:
        yield server


@contextmanager
def serving(installed: Path) -> Iterator[PostgresServer]:
    """Run a server of those programs for the block."""
    folder = Path(tempfile.mkdtemp(prefix="linksms-pg-"))
    own(folder)
    server = PostgresServer(installed, folder, free_port())
    try:
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder)


@contextmanager
def pooled(server: PostgresServer) -> Iterator[str]:
    """Run pgbouncer before a server, and give its port; it lends connections by transaction."""
    program, port = shutil.which("pgbouncer"), free_port()
    if not program:
        if os.environ.get("LINKSMS_TEST_NO_SKIP"):
            pytest.fail("pgbouncer is not installed")
        pytest.skip("pgbouncer is not installed")
    file = server.folder / "pgbouncer.ini"
    file.write_text(
        f"[databases]\n* = host=127.0.0.1 port={server.port} user=postgres\n[pgbouncer]\n"
        f"listen_addr=127.0.0.1\nlisten_port={port}\nunix_socket_dir=\nauth_type=any\n"
        "pool_mode=transaction\ndefault_pool_size=8\nserver_login_retry=1\n"
    )
    process = subprocess.Popen(
        [program, "-q", str(file)], cwd="/", stderr=subprocess.DEVNULL, **server.user
    )
    try:
        deadline = time.monotonic() + 30
        while not _answers(int(port)):
            assert time.monotonic() < deadline, "pgbouncer does not start"
            time.sleep(0.01)
        yield port
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0

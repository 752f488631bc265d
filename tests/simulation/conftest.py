"""An empty store, in a folder or on a server, for each run of a simulation to begin with."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.postgres import PostgresServer
from tests.simulation.places import FolderPlace
from tests.simulation.serving import ServerPlace


@pytest.fixture
def place() -> Iterator[FolderPlace]:
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with (
        tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder,
        closing(FolderPlace(Path(folder))) as place,
    ):
        yield place


@pytest.fixture
def server_place(postgres: PostgresServer, tmp_path: Path) -> Iterator[ServerPlace]:
    # Who looks whether anybody has committed would see the server's own work too.
    postgres.run("ALTER SYSTEM SET autovacuum = off")
    postgres.run("SELECT pg_reload_conf()")
    address = postgres.database()
    with closing(ServerPlace(address, tmp_path)) as place:
        yield place
    postgres.take_back(address)
    postgres.run("ALTER SYSTEM RESET autovacuum")
    postgres.run("SELECT pg_reload_conf()")

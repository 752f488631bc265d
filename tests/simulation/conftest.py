"""An empty store for each run of a simulation to begin with."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from linksms_cli.adapters.store import store_in


@pytest.fixture
def base() -> Iterator[Path]:
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        store_in(Path(folder) / "base").outbox().close()
        yield Path(folder)

"""An empty store for each run of a simulation to begin with."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.simulation.places import FolderPlace


@pytest.fixture
def place() -> Iterator[FolderPlace]:
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with (
        tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder,
        closing(FolderPlace(Path(folder))) as place,
    ):
        yield place

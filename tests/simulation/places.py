"""Where the store of a simulation is, and how each run begins with the same one."""

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import pytest

from linksms_cli.adapters.store import Store, store_in
from linksms_cli.adapters.store.sqlite.recording import Writer
from linksms_cli.sms.dlr.receiving import Callback


class Place(Protocol):
    """Where a store is, and a folder for whatever else a run needs."""

    # Whether the same decisions always lead to the same run.
    is_exact: bool

    @property
    def folder(self) -> Path:
        """A folder, which is there once a run has begun."""

    def store(self) -> Store:
        """Return the store, as each process opens it."""

    def keep(self) -> None:
        """Have each run begin with what is in the store now."""

    def renew(self) -> None:
        """Let a run begin."""

    def receive(self, batch: Sequence[Callback]) -> None:
        """Store callbacks, as a receiver does."""

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query, as things are at this moment."""

    def simulate(self, patch: pytest.MonkeyPatch) -> None:
        """Have the explorer see what simulated processes do there."""


class FolderPlace:
    """A store in a folder."""

    is_exact = True

    def __init__(self, base: Path) -> None:
        self.folder = base / "store"
        self._kept = base / "kept"
        self._looking: sqlite3.Connection | None = None
        self.store().outbox().close()
        self.keep()

    def store(self) -> Store:
        return store_in(self.folder)

    def keep(self) -> None:
        shutil.rmtree(self._kept, ignore_errors=True)
        shutil.copytree(self.folder, self._kept)

    def renew(self) -> None:
        self.close()
        shutil.rmtree(self.folder)
        shutil.copytree(self._kept, self.folder)

    def close(self) -> None:
        """Look no more."""
        if self._looking:
            self._looking.close()
        self._looking = None

    def receive(self, batch: Sequence[Callback]) -> None:
        with closing(Writer(self.folder)) as writer:
            writer.begin()
            writer.write(batch)
            writer.commit()

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        if self._looking is None:
            path = self.folder / "linksms.db"
            self._looking = sqlite3.connect(path, check_same_thread=False)
        return self._looking.execute(query, values).fetchall()

    def simulate(self, _patch: pytest.MonkeyPatch) -> None:
        """Do nothing: each transaction keeps all others out."""

"""What a SQLite store is: its files, its version, what it holds."""

import sqlite3
from contextlib import closing
from pathlib import Path

from linksms_cli.adapters.store.files import is_shared
from linksms_cli.adapters.store.sql.holdings import held
from linksms_cli.adapters.store.sqlite import database, versions
from linksms_cli.adapters.store.sqlite.sharing import group_of
from linksms_cli.sms.holdings import StoreFacts, StoreKind

_SOFTWARE = f"SQLite {sqlite3.sqlite_version}"


def facts(folder: Path, *, has_receiver: bool) -> StoreFacts:
    """Return what the store in a folder is. Raises StoreError."""
    place = str(folder)
    if not database.exists(folder):
        return StoreFacts(kind=StoreKind.SQLITE, place=place, software=_SOFTWARE)
    with (
        closing(database.connect(folder, read_only=True)) as connection,
        connection.errors(),
    ):
        return StoreFacts(
            kind=StoreKind.SQLITE,
            place=place,
            software=_SOFTWARE,
            version=versions.VERSION,
            size=size(folder),
            has_receiver=has_receiver,
            group=group_of(folder) if is_shared(folder) else None,
            held=held(connection),
        )


def size(folder: Path) -> int:
    """Return how many bytes the database and its log take."""
    names = (database.FILE, f"{database.FILE}-wal", f"{database.FILE}-shm")
    return sum(path.stat().st_size for name in names if (path := folder / name).exists())

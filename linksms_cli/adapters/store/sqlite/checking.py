"""Check a SQLite store: its pages, its rows, its files and the disk below it."""

import shutil
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from linksms_cli.adapters.store.files import mode_in
from linksms_cli.adapters.store.sql import checking, once
from linksms_cli.adapters.store.sqlite import database, witness
from linksms_cli.adapters.store.sqlite.connection import SqliteConnection
from linksms_cli.adapters.store.sqlite.facts import size
from linksms_cli.errors import StoreError
from linksms_cli.sms.check import findings
from linksms_cli.sms.check.findings import Finding

# Faults that are listed.
_FAULTS = 3
# Bytes of a log from which on somebody keeps it from being emptied, and of a disk that is too full.
_LONG_LOG = 64_000_000
_FULL = 100_000_000
_RECOVER = (
    "Stop everything that uses it, and copy the folder. Then restore a backup; or make a new file "
    "with `sqlite3 linksms.db .recover`, and find out what was sent before you send again under "
    "its once-keys."
)


def check(folder: Path, now: datetime) -> Iterator[Finding]:
    """Yield what each check finds."""
    try:
        connection = database.connect(folder, read_only=True)
    except StoreError as failure:
        yield findings.misconfigured("database", failure.message, failure.hint)
        return
    with closing(connection):
        yield from _pages(connection)
        yield from checking.kept_twice(connection)
        yield from _count(connection, folder)
        yield _log(folder)
        yield _files(folder)
        yield _disk(folder)
        yield from _room(connection)
        yield from checking.old(
            connection, now, size(folder), shrinks="the file keeps its size and uses the room again"
        )


def _pages(connection: SqliteConnection) -> Iterator[Finding]:
    with connection.errors():
        faults = [row[0] for row in connection.execute(f"PRAGMA integrity_check({_FAULTS})")]
        loose = connection.execute("PRAGMA foreign_key_check").fetchall()
    if faults != ["ok"]:
        yield findings.misconfigured("database", f"damaged: {'; '.join(faults)}", _RECOVER)
    elif loose:
        seen = f"damaged: {len(loose):,} rows refer to others that are gone"
        yield findings.misconfigured("database", seen, _RECOVER)
    else:
        yield findings.ok("database", "sound: its pages, indices and references agree")


def _count(connection: SqliteConnection, folder: Path) -> Iterator[Finding]:
    with connection.errors():
        (there,) = connection.execute("SELECT intents FROM once_count").fetchone()
        known = witness.read(folder, witness.identity(once.read_secret(connection)))
    if known is not None and known > there:
        seen = f"it has lost {known - there:,} of {known:,} messages that must not be sent twice"
        yield findings.misconfigured("log", seen, _RECOVER)


def _log(folder: Path) -> Finding:
    log = folder / f"{database.FILE}-wal"
    length = log.stat().st_size if log.exists() else 0
    seen = f"the write-ahead log has {length / 1e6:,.1f} MB"
    if length > _LONG_LOG:
        return findings.warning(
            "log",
            seen,
            "A process that has read for long keeps it from being emptied: end it, or start it "
            "again.",
        )
    return findings.ok("log", seen)


def _files(folder: Path) -> Finding:
    allowed = mode_in(folder)
    names = (database.FILE, f"{database.FILE}-wal", f"{database.FILE}-shm", witness.FILE)
    for path in (folder / name for name in names):
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else allowed
        if mode & ~allowed:
            return findings.warning(
                "files",
                f"{path.name} has the mode {mode:04o}: it holds phone numbers",
                f"chmod {allowed:o} {path}",
            )
    return findings.ok("files", f"nobody else can read them (mode {allowed:04o})")


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    seen = f"{free / 1e9:,.1f} GB are free"
    if free < max(_FULL, size(folder) // 10):
        advice = "Free some space: what cannot be stored is not sent, and listen answers 503."
        return findings.warning("disk", seen, advice)
    return findings.ok("disk", seen)


def _room(connection: SqliteConnection) -> Iterator[Finding]:
    with connection.errors():
        (pages,) = connection.execute("PRAGMA freelist_count").fetchone()
        (bytes_of_page,) = connection.execute("PRAGMA page_size").fetchone()
    if pages:
        room = pages * bytes_of_page / 1e6
        yield findings.note("room", f"{room:,.1f} MB of the file are free and will be used again")

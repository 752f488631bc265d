"""The count of submissions under once-keys, kept once more outside the database.

SQLite drops a damaged or missing log in silence, back to the last commit that is whole, and a key
whose submission was among the rest would send again. The file holds as many as were on disk when
the latest request left: a database that knows of fewer has lost some.

It is written after the commit and before the request, so it never runs ahead of the database.
"""

import hashlib
import os
import struct
from pathlib import Path

from linksms_cli.adapters.store.files import open_file, open_present
from linksms_cli.adapters.store.locks import exclusive

FILE = "once.count"
# Which database it belongs to, the count, and a checksum of both.
_FORM = struct.Struct(">8sQ8s")


def identity(secret: bytes) -> bytes:
    """Return what tells a database from one that lay here before: it gives nothing away."""
    return hashlib.sha256(secret).digest()[:8]


def read(folder: Path, database_id: bytes) -> int | None:
    """Return how many submissions were on disk, None where nothing is known of this database."""
    known = _read(folder)
    return known[1] if known and known[0] == database_id else None


def is_of_another(folder: Path, database_id: bytes) -> bool:
    """Return whether the count is that of a database that lay here before this one."""
    known = _read(folder)
    return known is not None and known[0] != database_id


def note(folder: Path, database_id: bytes, count: int, *, lasting: bool) -> None:
    """Write down that so many submissions are on disk; if `lasting`, so is the note at the return.

    A lower count than the one written down is another process's, which was slower.
    """
    file = open_file(folder / FILE)
    try:
        with exclusive(file):
            known = _parsed(os.read(file, _FORM.size))
            if known and known[0] == database_id and known[1] >= count:
                return
            os.lseek(file, 0, os.SEEK_SET)
            os.write(file, _FORM.pack(database_id, count, _checksum(database_id, count)))
            if lasting:
                os.fsync(file)
    finally:
        os.close(file)


def _read(folder: Path) -> tuple[bytes, int] | None:
    try:
        file = open_present(folder / FILE, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        return _parsed(os.read(file, _FORM.size + 1))
    finally:
        os.close(file)


def _parsed(written: bytes) -> tuple[bytes, int] | None:
    if len(written) != _FORM.size:
        return None
    database_id, count, checksum = _FORM.unpack(written)
    return (database_id, count) if checksum == _checksum(database_id, count) else None


def _checksum(database_id: bytes, count: int) -> bytes:
    return hashlib.sha256(database_id + count.to_bytes(8, "big")).digest()[:8]

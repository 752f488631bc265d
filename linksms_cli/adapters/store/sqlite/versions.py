"""The version of a store in a folder: which one a file has, and how it is brought to the latest."""

import sqlite3
import time
from pathlib import Path

from linksms_cli.adapters.store.sqlite.connection import SqliteConnection
from linksms_cli.adapters.store.sqlite.schema import MIGRATIONS
from linksms_cli.errors import StoreError

VERSION = len(MIGRATIONS)
# "LSMS": tells our file from another program's SQLite file under the same name.
APPLICATION_ID = 0x4C534D53
# The pause between two versions of an older store, in seconds: others look for the lock by then.
_PAUSE = 0.1


def bring_up_to_date(connection: SqliteConnection, path: Path) -> None:
    """Make a new store, or bring an older one to the latest version."""
    _offer_functions(connection)
    while _bring_to_next(connection, path):
        time.sleep(_PAUSE)


def _bring_to_next(connection: SqliteConnection, path: Path) -> bool:
    """Bring a store to its next version, or a new one to the last; return whether there is another.

    An index on a table of millions takes seconds: between two versions others may write.
    """
    with connection.transaction():
        # Another process may have been faster; the write lock makes what is read now final.
        version = version_of(connection, path)
        upto = version + 1 if version else VERSION
        for number, statements in enumerate(MIGRATIONS[version:upto], start=version + 1):
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        if version == 0:
            import secrets

            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("INSERT INTO secret (value) VALUES (?)", (secrets.token_bytes(32),))
    return upto < VERSION


def _offer_functions(connection: sqlite3.Connection) -> None:
    """Give the migrations the functions of ours that they call."""
    from linksms_cli.sms.account import base_url
    from linksms_cli.sms.mt.submission import OnceKey

    def once_name(url: str, service_id: int, key: str) -> bytes:
        return OnceKey(canonical(url), service_id, key).digest

    def canonical(url: str) -> str:
        try:
            return base_url.canonical(url)
        except ValueError:  # written before base URLs were checked as they are today
            return url

    connection.create_function("once_name", 3, once_name, deterministic=True)
    connection.create_function("canonical_url", 1, canonical, deterministic=True)


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """Return the version that a file has, 0 for a new one.

    Raises StoreError: it is another program's, or a newer linksms has written it.
    """
    # The owner last: another process that makes the store commits all three at once, and may do so
    # between two of these.
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    if owner != APPLICATION_ID and (tables or version):
        message = f"{path} is another program's database"
        raise StoreError(message, "Name another folder in LINKSMS_STATE.")
    if version > VERSION:
        message = f"the store {path} was written by a newer linksms (version {version})"
        raise StoreError(message, "Update this one, or name another folder in LINKSMS_STATE.")
    return int(version)

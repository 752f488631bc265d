"""Locks on a server: each lives in a transaction of its own, which ends with its connection."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from linksms_cli.adapters.store.postgres.connection import PostgresConnection
from linksms_cli.adapters.threads import start_thread
from linksms_cli.errors import StoreError

# Nothing but the lock is in such a transaction, so the server may wait for it as long as it lives.
_ENDURE = "SET LOCAL idle_in_transaction_session_timeout = 0"
_RECEIVERS = "receivers"
_IS_SHARED = """
    SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND classid::bigint = ? AND objid::bigint = ? AND objsubid = 1)
"""
# Seconds between two looks whether the lock is still there.
_LOOK = 1.0
# Seconds between two tries to hold a name.
_PAUSE = 0.05


@contextmanager
def held(connection: PostgresConnection, name: str, *, patience: float = 0.0) -> Iterator[bool]:
    """Try to hold a name against all others while the block runs; for so many seconds."""
    deadline = time.monotonic() + patience
    with connection.errors():
        connection.begin()
        connection.execute(_ENDURE)
        while not (is_held := _tried(connection, name)) and time.monotonic() < deadline:
            time.sleep(_PAUSE)
    yield is_held


def _tried(connection: PostgresConnection, name: str) -> bool:
    row = connection.execute("SELECT pg_try_advisory_xact_lock(?)", (_number(name),)).fetchone()
    return bool(row[0])


class Presence:
    """A sign that a receiver is at work, put up again whenever its connection broke."""

    def __init__(self, connect: Callable[[], PostgresConnection]) -> None:
        self._connect = connect
        self._stopped = threading.Event()
        self._connection = self._put_up()
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)
        start_thread(self._thread)

    def close(self) -> None:
        """Take it down."""
        self._stopped.set()
        self._thread.join()
        self._connection.close()

    def _put_up(self) -> PostgresConnection:
        connection = self._connect()
        try:
            with connection.errors():
                connection.begin()
                connection.execute(_ENDURE)
                number = _number(_RECEIVERS)
                connection.execute("SELECT pg_advisory_xact_lock_shared(?)", (number,))
        except BaseException:
            connection.close()
            raise
        return connection

    def _run(self) -> None:
        while not self._stopped.wait(_LOOK):
            try:
                with self._connection.errors():
                    self._connection.glance("SELECT 1")
            except StoreError:
                self._connection.close()
                try:
                    self._connection = self._put_up()
                except StoreError:
                    continue


def is_received(connection: PostgresConnection) -> bool:
    """Return whether any receiver is at work."""
    number = _number(_RECEIVERS)
    with connection.errors():
        row = connection.execute(_IS_SHARED, (number >> 32 & 0xFFFFFFFF, number & 0xFFFFFFFF))
        return bool(row.fetchone()[0])


def _number(name: str) -> int:
    digest = hashlib.sha256(f"linksms\n{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)

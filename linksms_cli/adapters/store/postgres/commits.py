"""What became of a commit in which the connection broke.

Each transaction writes a mark: the number of the last one, in a row of its connection's own. Who
asks later takes that row, so it waits for a transaction that is still under way, and reads what has
been committed. A connection that is made again has another row: the old one may still be taken.

The server could be asked for the status of a transaction (`pg_xact_status`), but one that crashed
gives the ids of transactions that it lost to others, whose commits would be taken for ours; and so
does a standby that was promoted.
"""

import os
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import psycopg
from psycopg import errors

from linksms_cli.adapters.store.postgres.explaining import SCHEMA, InDoubtError
from linksms_cli.adapters.store.postgres.link import Link

_WRITE = """
    INSERT INTO last_commit AS mark (client, number) VALUES ({client}, {number})
    ON CONFLICT (client) DO UPDATE SET number = excluded.number, written_at = now()
    RETURNING pg_backend_pid(), (pg_current_xact_id()::xid)::text
"""
# One transaction, that of a simple query. It is on disk at its end, and so is what it has seen.
_ASK = """
    SET LOCAL lock_timeout = 200;
    INSERT INTO {schema}.last_commit AS mark (client, number) VALUES ({client}, 0)
    ON CONFLICT (client) DO UPDATE SET number = mark.number RETURNING number
"""
_END = b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %s AND backend_xid = %s"
# A mark matters for moments. Those that processes left behind that were killed go too.
_LEAVE = """
    SET LOCAL synchronous_commit = off; SET LOCAL statement_timeout = 1000;
    DELETE FROM {schema}.last_commit
    WHERE client = {client} OR written_at < now() - interval '1 day'
"""
# Seconds between two attempts to ask.
_PAUSE = 0.05


class _Mark(NamedTuple):
    """The mark of a transaction, and who makes it: a process of the server, its transaction."""

    client: int
    number: int
    backend: int
    transaction: str


class Commits:
    """The commits of one connection. Its statements hold numbers alone, and need no values.

    `connect` makes another connection to ask on, for so many `seconds` each time.
    """

    def __init__(self, connect: Callable[[], Link], seconds: float) -> None:
        self._connect = connect
        self.seconds = seconds
        self._client = _any_client()
        self._number = 0
        self._mark: _Mark | None = None
        self._doubt: psycopg.Error | None = None

    def begin_again(self, link: Link) -> None:
        """Begin on a new connection.

        Who makes the last transaction of the old one is ended, if it waits for the rest of it: it
        would keep others out, and for hours if it waits in the middle of a message.
        """
        self._client, self._number = _any_client(), 0
        if self._mark:
            link.execute(_END, (self._mark.backend, self._mark.transaction))

    def mark(self) -> str:
        """Return the statement that writes the mark of the next transaction."""
        self._number += 1
        self._doubt = None
        return _WRITE.format(client=self._client, number=self._number)

    def note(self, written: "psycopg.Cursor[Any]") -> None:
        """Note the mark that was written by the last of some statements."""
        while written.nextset():
            pass
        self._mark = _Mark(self._client, self._number, *(written.fetchone() or ()))

    def is_there(self, failure: psycopg.Error) -> bool:
        """Return whether the transaction was committed whose connection broke in its commit.

        Raises InDoubtError if nobody can say.
        """
        self._doubt = failure
        committed = self._was_committed(self._mark) if self._mark else None
        if committed is None:
            raise InDoubtError(str(failure)) from None
        self._doubt = None
        return committed

    def settle_doubt(self) -> bool:
        """Return whether what was in doubt is there; False if nothing has been since then.

        Raises InDoubtError if that still cannot be found out.
        """
        return self._doubt is not None and self.is_there(self._doubt)

    def leave(self) -> str | None:
        """Return the statement that takes the mark away, None if there is none."""
        return _LEAVE.format(schema=SCHEMA, client=self._client) if self._number else None

    def _was_committed(self, mark: _Mark) -> bool | None:
        """Ask, and end whoever still makes it: it waits for a client that has gone."""
        deadline = time.monotonic() + self.seconds
        link: Link | None = None
        try:
            while time.monotonic() < deadline:
                try:
                    link = link or self._connect()
                    link.limit = self.seconds
                    link.execute(_END, (mark.backend, mark.transaction))
                    return _last(link, mark.client) == mark.number
                except errors.LockNotAvailable:
                    continue
                except psycopg.Error:  # it is not back yet, or another that may only be read
                    if link:
                        link.close()
                    link = None
                time.sleep(_PAUSE)
            return None
        finally:
            if link:
                link.close()


def _any_client() -> int:
    return int.from_bytes(os.urandom(8), "big") >> 1


def _last(link: Link, client: int) -> int:
    """Return the number of the last transaction that was committed, once none is under way."""
    asked = link.execute(_ASK.format(schema=SCHEMA, client=client).encode())
    asked.nextset()
    (number,) = asked.fetchone() or (0,)
    return int(number)

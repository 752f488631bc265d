"""A connection to a PostgreSQL store: its transactions, and what they do when it breaks.

Everything runs in transactions that name the schema themselves, and nothing else is kept in a
session: so pgbouncer may stand between, in transaction mode too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from typing import Any

import psycopg
from psycopg import errors
from psycopg.rows import tuple_row

from linksms_cli.adapters.store.postgres import link as links
from linksms_cli.adapters.store.postgres.commits import Commits
from linksms_cli.adapters.store.postgres.dialect import stored, translated
from linksms_cli.adapters.store.postgres.explaining import (
    SCHEMA,
    is_broken,
    readable_errors,
)
from linksms_cli.adapters.store.postgres.limits import NORMAL, Limits
from linksms_cli.adapters.store.sql.connection import Cursor

_BRIEFLY = 50
# Seconds for a glance, and for what the server does at once; and those that the server has beyond a
# limit of its own to say that it is over.
_GLANCE = 1.0
_AT_ONCE = 5.0
_MORE = 5.0


class PostgresConnection:
    """A `Connection` to a server. One that broke is made again by the next transaction."""

    unindexed = ""
    locked = "FOR UPDATE"
    if_free = "FOR UPDATE SKIP LOCKED"

    def __init__(
        self,
        address: str,
        place: str,
        *,
        read_only: bool = False,
        limits: Limits = NORMAL,
        check: Callable[..., object] | None = None,
    ) -> None:
        self._address = address
        self._check = partial(check, self, read_only=read_only) if check else lambda: None
        self._limits = limits
        # No query of ours is worth being compiled, which takes longer than all of them.
        self._begin = (
            f"BEGIN; SET LOCAL search_path = {SCHEMA}, pg_catalog; SET LOCAL jit = off; "
            f"{limits.settings}"
        )
        if read_only:
            self._begin += "; SET LOCAL transaction_read_only = on"
        self.place = place
        self.created = False  # whether this connection made the store
        self._is_open = False
        self.commits = Commits(self._connect, limits.doubt)
        self._link = self._connect()

    def hasten(self) -> None:
        """Give a server that is away only moments to come back, from now on."""
        self._limits = self._limits.hastened
        self.commits.seconds = self._limits.doubt

    def close(self) -> None:
        """Close it; a lock that it has is free at the return, not when the server sees to it.

        A server that does not answer is not waited for: it sees to it once it does.
        """
        last = "ROLLBACK" if self._is_open else self.commits.leave()
        if last and self._link.is_usable:
            self._link.limit = _GLANCE
            with suppress(psycopg.Error):
                self._link.execute(last.encode())
        self._link.close()

    def execute(self, statement: str, values: Sequence[Any] | Mapping[str, Any] = (), /) -> Cursor:
        """Run a statement; outside of a transaction it only reads."""
        if self._is_open:
            return self._run(statement, values)
        try:
            return self._read(statement, values)
        except psycopg.OperationalError as failure:
            if not is_broken(failure):
                raise
            return self._read(statement, values)

    def glance(self, query: str) -> Any:
        """Return the first row of a query that needs nothing of ours, by one way there and back.

        A connection that has died without a word is noticed within a second.
        """
        if not self._link.is_usable:
            return self.execute(query).fetchone()
        try:
            self._link.limit = _GLANCE
            return self._link.execute(query.encode()).fetchone()
        except psycopg.OperationalError:
            self._link.close()
            return self.execute(query).fetchone()

    def executemany(self, statement: str, values: Iterable[Sequence[Any]], /) -> None:
        """Run a statement for each of some values."""
        with self._link.cursor() as cursor:
            cursor.executemany(translated(statement), [stored(row) for row in values])

    def cursor(self, name: str = "") -> "psycopg.Cursor[Any]":
        """Return a cursor for plain rows in the transaction.

        The server keeps the rows of one with a name, and they are fetched in pieces.
        """
        return self._link.cursor(name, row_factory=tuple_row)

    def insert(self, statement: str, values: Sequence[Any] | Mapping[str, Any]) -> int:
        """Insert one row, and return its id."""
        return int(self.execute(f"{statement} RETURNING id", values).fetchone()[0])

    def insert_many(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> list[int]:
        """Insert rows by one way there and back."""
        row = f"({', '.join('?' * len(columns))})"
        statement = (
            f"INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608 - names of ours
            f"VALUES {', '.join([row] * len(rows))} RETURNING id"
        )
        values = [value for row in rows for value in row]
        # A sequence gives ids in the order in which rows are inserted.
        return sorted(int(one[0]) for one in self.execute(statement, values))

    def update_many(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> None:
        """Change rows by one way there and back: psycopg sends all statements at once."""
        new = ", ".join(f"{column} = ?" for column in columns)
        statement = f"UPDATE {table} SET {new} WHERE id = ?"  # noqa: S608 - names of ours
        self.executemany(statement, [(*values, number) for number, *values in rows])

    def insert_rows(
        self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> None:
        """Insert many rows as one stream: a fifth of what a statement for each takes."""
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        with self._link.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for row in rows:
                copy.write_row(stored(row))

    def texts(self, mark: str = "?") -> str:
        """Return a query of the texts of a list."""
        return f"SELECT value FROM unnest({mark}::text[]) AS list (value)"  # noqa: S608 - a mark

    def numbers(self, mark: str = "?") -> str:
        """Return a query of the numbers of a list."""
        return f"SELECT value FROM unnest({mark}::bigint[]) AS list (value)"  # noqa: S608 - a mark

    def listed(self, values: Iterable[str] | Iterable[int]) -> list[Any]:
        """Return a list."""
        return list(values)

    def ending(self, column: str, length: int) -> str:
        """Return the expression for the last characters of a column."""
        return f"right({column}, {length})"

    @contextmanager
    def briefly(self) -> Iterator[None]:
        """Give up the statement of the block after 50 ms."""
        try:
            with self._begun(f"{self._begin}; SET LOCAL statement_timeout = {_BRIEFLY}"):
                yield
                self._link.execute(b"COMMIT")
        except errors.QueryCanceled:
            return

    @contextmanager
    def transaction(self, *, marked: bool = True) -> Iterator[None]:
        """Commit the block as one, durably, or leave nothing of it.

        If the connection breaks in the commit, a new one finds out what became of it; that takes
        the mark, for which the store must be there.
        """
        with self._begun(self._begin, self.commits.mark if marked else None) as begun:
            if marked:
                self.commits.note(begun)
            yield
            try:
                self._link.execute(b"COMMIT")
            except psycopg.OperationalError as failure:
                self._link.close()
                if not (marked and self.commits.is_there(failure)):
                    raise

    def begin(self) -> None:
        """Begin a transaction that lasts as long as the connection."""
        self._link.execute(self._begin.encode())
        self._is_open = True

    def errors(self) -> AbstractContextManager[None]:
        """Turn what goes wrong in the block into a StoreError."""
        return readable_errors(self.place)

    def _read(self, statement: str, values: Any) -> Cursor:
        with self._begun(self._begin):
            cursor = self._run(statement, values)
            self._link.execute(b"COMMIT")
            return cursor

    def _run(self, statement: str, values: Any) -> Cursor:
        return self._link.execute(translated(statement), stored(values))

    @contextmanager
    def _begun(
        self, begin: str, mark: Callable[[], str] | None = None
    ) -> Iterator["psycopg.Cursor[Any]"]:
        """Begin, with a mark if need be, and roll back unless the block commits."""
        try:
            yield self._first(lambda: f"{begin}; {mark()}" if mark else begin)
        except BaseException:
            self._roll_back()
            raise
        finally:
            self._is_open = False

    def _first(self, begin: Callable[[], str]) -> "psycopg.Cursor[Any]":
        """Run what a transaction begins with, on a new connection if this one has broken."""
        if self._link.is_usable:
            # It may have broken while it was idle: nothing of the block has run yet.
            with suppress(psycopg.OperationalError, errors.ReadOnlySqlTransaction):
                return self._quickly(begin())
        self._link.close()
        self._link = links.connect_again(self._connect, self._limits.patience)
        self.commits.begin_again(self._link)
        begun = self._quickly(begin())
        try:
            self._check()
        except BaseException:
            self._link.close()  # or the next transaction would go by it, unchecked
            raise
        return begun

    def _quickly(self, begin: str) -> "psycopg.Cursor[Any]":
        self._link.limit = _AT_ONCE
        cursor = self._link.execute(begin.encode())
        self._is_open = True
        self._link.limit = self._limits.statement + _MORE
        return cursor

    def _roll_back(self) -> None:
        try:
            if self._link.is_usable:
                self._link.execute(b"ROLLBACK")
            else:
                self._link.close()
        except psycopg.Error:
            self._link.close()

    def _connect(self) -> links.Link:
        return links.connect(self._address)

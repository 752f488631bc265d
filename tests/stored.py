"""What stands in a store, asked of the database itself, and others who hold or spoil it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg


def is_on_server(state: str) -> bool:
    """Return whether a value of LINKSMS_STATE names a server."""
    return state.startswith("postgresql:")


def query(state: str, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a query; its values stand at `?`."""
    if is_on_server(state):
        with _link(state) as link:
            return link.execute(
                statement.replace("%", "%%").replace("?", "%s").encode(), values
            ).fetchall()
    with closing(sqlite3.connect(Path(state) / "linksms.db")) as store:
        return store.execute(statement, values).fetchall()


def change(state: str, statement: str) -> None:
    """Run a statement that returns nothing."""
    if is_on_server(state):
        with _link(state) as link:
            link.execute(statement.encode())
        return
    with closing(sqlite3.connect(Path(state) / "linksms.db", isolation_level=None)) as store:
        store.execute(statement)


def everything(state: str) -> bytes:
    """Return all that a store holds: every row of every table, and the bytes of all its files."""
    if not is_on_server(state):
        return b"".join(path.read_bytes() for path in Path(state).iterdir())
    tables = query(
        state, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'linksms'"
    )
    rows = [
        row
        for (table,) in tables
        for row in query(state, f"SELECT * FROM {table}")  # noqa: S608 - a table of ours
    ]
    assert rows
    return repr(rows).encode()


@contextmanager
def kept_from_writing(state: str) -> Iterator[None]:
    """Keep everybody else from storing anything while the block runs."""
    if is_on_server(state):
        with _link(state) as link:
            link.execute("LOCK TABLE once_key, submission, callback IN EXCLUSIVE MODE")
            yield
            link.rollback()
        return
    path = Path(state) / "linksms.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as store:
        store.execute("BEGIN IMMEDIATE")
        yield
        store.execute("ROLLBACK")


@contextmanager
def _link(state: str) -> "Iterator[psycopg.Connection[Any]]":
    """Give a connection in a transaction that finds our tables, through pgbouncer too."""
    with psycopg.connect(state, prepare_threshold=None) as link:
        link.execute("SET LOCAL search_path = linksms")
        yield link

"""What stands in a store's tables, asked of the database itself."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def is_on_server(state: str) -> bool:
    """Return whether a value of LINKSMS_STATE names a server."""
    return state.startswith("postgresql:")


def query(state: str, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a query; its values stand at `?`."""
    if is_on_server(state):
        import psycopg

        with psycopg.connect(state, prepare_threshold=None) as link:
            link.execute("SET LOCAL search_path = linksms")
            return link.execute(statement.replace("?", "%s").encode(), values).fetchall()
    with closing(sqlite3.connect(Path(state) / "linksms.db")) as store:
        return store.execute(statement, values).fetchall()


def everything(state: str) -> list[tuple[Any, ...]]:
    """Return every row of every table."""
    tables = (
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'linksms'"
        if is_on_server(state)
        else "SELECT name FROM sqlite_schema WHERE type = 'table'"
    )
    rows = [
        row
        for (table,) in query(state, tables)
        for row in query(state, f"SELECT * FROM {table}")  # noqa: S608 - a table of ours
    ]
    assert rows
    return rows

"""Two lists of migrations, held together by comparing what they make."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from linksms_cli.adapters.store import store_at
from linksms_cli.adapters.store.sqlite import database
from tests.postgres import PostgresServer

# What one has of its own. Of SQLite: the count beside its file. Of PostgreSQL: its version, who
# holds what, and what each connection has committed last. Whether a column may be empty is the last
# of its three.
OWN_COLUMNS = {
    ("once_count", "intents", True),
    ("version", "number", True),
    ("once_key", "fence", True),
    ("batch", "fence", True),
    ("last_commit", "client", True),
    ("last_commit", "number", True),
    ("last_commit", "written_at", True),
}

# How PostgreSQL tells an index again, and how it was written; SQLite has the row's number in each.
SPELLINGS = (
    (r"USING btree |linksms\.|::text|\"", ""),
    (r", id\)", ")"),
    (r"right\(destination, 4\)", "substr(destination, -4)"),
)


@pytest.fixture
def there(postgres: PostgresServer) -> Iterator["psycopg.Connection[Any]"]:
    address = postgres.database()
    store_at(address).outbox().close()
    with psycopg.connect(address) as link:
        yield link


@pytest.fixture
def here(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(database.connect(tmp_path)) as connection:
        yield connection


def pragma(here: sqlite3.Connection, name: str) -> Iterator[tuple[str, sqlite3.Row]]:
    """Yield each row of a pragma, with the table that it speaks of."""
    tables = here.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")
    for (table,) in tables.fetchall():
        for row in here.execute(f"PRAGMA {name}({table})").fetchall():
            yield table, row


def test_tables_have_the_same_columns(
    here: sqlite3.Connection, there: "psycopg.Connection[Any]"
) -> None:
    # A key is never empty, whether that is said or not.
    ours = {
        (table, row["name"], bool(row["notnull"] or row["pk"]))
        for table, row in pragma(here, "table_info")
    }
    theirs = set(
        there.execute(
            "SELECT table_name, column_name, is_nullable = 'NO' FROM information_schema.columns "
            "WHERE table_schema = 'linksms'"
        ).fetchall()
    )
    assert ours ^ theirs == OWN_COLUMNS
    assert len(ours) > 90


def test_rows_refer_to_the_same_rows(
    here: sqlite3.Connection, there: "psycopg.Connection[Any]"
) -> None:
    ours = {
        (table, row["from"], row["table"], row["on_delete"] == "CASCADE")
        for table, row in pragma(here, "foreign_key_list")
    }
    theirs = set(
        there.execute(
            "SELECT conrelid::regclass::text, attname, confrelid::regclass::text, "
            "confdeltype = 'c' FROM pg_constraint JOIN pg_attribute "
            "ON attrelid = conrelid AND attnum = conkey[1] WHERE contype = 'f'"
        ).fetchall()
    )
    assert ours == {
        (table.removeprefix("linksms."), column, other.removeprefix("linksms."), cascades)
        for table, column, other, cascades in theirs
    }
    assert len(ours) == 4


def test_the_same_columns_are_unique(
    here: sqlite3.Connection, there: "psycopg.Connection[Any]"
) -> None:
    ours = {
        (table, *(one["name"] for one in here.execute(f"PRAGMA index_info({row['name']})")))
        for table, row in pragma(here, "index_list")
        if row["unique"]
    } | {(table, row["name"]) for table, row in pragma(here, "table_info") if row["pk"] == 1}
    theirs = {
        (table, *columns)
        for table, columns in there.execute(
            "SELECT relname, array_agg(attname::text ORDER BY place) FROM pg_index "
            "JOIN pg_class ON pg_class.oid = indrelid "
            "CROSS JOIN unnest(indkey) WITH ORDINALITY AS key (number, place) "
            "JOIN pg_attribute ON attrelid = indrelid AND attnum = number "
            "WHERE indisunique AND relnamespace = 'linksms'::regnamespace "
            "GROUP BY relname, indexrelid"
        ).fetchall()
    }
    # Of a key of two columns the pragma tells the first, too.
    assert ours - theirs == {("forward", "callback")}
    assert theirs - ours == {("last_commit", "client")}
    assert len(theirs) > 8


def test_the_same_indices_find_the_same_rows(
    here: sqlite3.Connection, there: "psycopg.Connection[Any]"
) -> None:
    ours = {
        name: spelt(definition)
        for name, definition in here.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql NOT LIKE '%UNIQUE%'"
        ).fetchall()
    }
    theirs = {
        name: spelt(definition)
        for name, definition in there.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'linksms' "
            "AND indexdef NOT LIKE '%UNIQUE%'"
        ).fetchall()
    }
    assert ours == theirs
    assert len(ours) > 20


def spelt(definition: str) -> str:
    """Return an index as both would write it."""
    for theirs, ours in SPELLINGS:
        definition = re.sub(theirs, ours, definition)
    return re.sub(r"[\s()]+", " ", definition).strip()

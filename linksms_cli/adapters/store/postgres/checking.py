"""Check a PostgreSQL store: its server, its rows, its indices and its numbers."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

from linksms_cli.adapters.store.postgres import database
from linksms_cli.adapters.store.postgres.connection import PostgresConnection
from linksms_cli.adapters.store.postgres.facts import size
from linksms_cli.adapters.store.sql import checking
from linksms_cli.errors import StoreError
from linksms_cli.sms.check import findings
from linksms_cli.sms.check.findings import Finding

_SERVER = """
    SELECT current_setting('server_version') AS version, pg_is_in_recovery() AS is_standby,
        current_setting('synchronous_commit') AS commits, current_setting('fsync') AS fsync,
        current_setting('full_page_writes') AS whole_pages,
        current_setting('data_checksums') AS checksums, clock_timestamp() AS clock
"""
_INVALID = """
    SELECT indexrelid::regclass::text FROM pg_index
    WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'linksms'::regnamespace)
        AND NOT (indisvalid AND indisready)
"""
_NUMBERED = ("once_key", "batch", "submission", "forward_target")
_BEHIND = """
    SELECT coalesce((SELECT max(id) FROM {table}), 0) > coalesce((
        SELECT last_value FROM pg_sequences WHERE schemaname = 'linksms'
            AND format('%I.%I', schemaname, sequencename)
                = pg_get_serial_sequence('{table}', 'id')), 0)
"""
_DEAD = """
    SELECT relname FROM pg_stat_user_tables
    WHERE schemaname = 'linksms' AND n_dead_tup > 10000 AND n_dead_tup > n_live_tup
"""
_LOST = "a crash may take back what was stored, and it would be sent twice"
# Seconds that the clocks may be apart.
_APART = 2.0


def check(address: str, place: str, now: datetime) -> Iterator[Finding]:
    """Yield what each check finds."""
    try:
        connection = database.connect(address, place, read_only=True)
    except StoreError as failure:
        yield findings.misconfigured("database", failure.message, failure.hint)
        return
    with closing(connection):
        yield from _server(connection, now)
        yield from checking.kept_twice(connection)
        yield from _indices(connection)
        yield from _numbers(connection)
        yield from _dead(connection)
        yield from checking.old(
            connection, now, size(connection), shrinks="the server's vacuum frees the room"
        )


def _server(connection: PostgresConnection, now: datetime) -> Iterator[Finding]:
    with connection.errors():
        found = connection.execute(_SERVER).fetchone()
    if found["is_standby"]:
        yield findings.misconfigured(
            "server", "a standby, which can only be read", "Name the primary in LINKSMS_STATE."
        )
    else:
        yield findings.ok("server", f"PostgreSQL {found['version'].split()[0]}, the primary")
    if found["commits"] == "off" and not found["is_standby"]:
        yield findings.misconfigured(
            "commits", f"synchronous_commit is off: {_LOST}", "Switch it on."
        )
    elif "off" in {found["fsync"], found["whole_pages"]}:
        seen = f"fsync or full_page_writes is off: {_LOST}"
        yield findings.warning("commits", seen, "Switch both on in the server.")
    else:
        yield findings.ok("commits", "on disk when they return")
    if found["checksums"] == "off":
        seen = "the server has no checksums, so a damaged page may go unseen"
        yield findings.note("checksums", seen, "pg_checksums --enable adds them.")
    else:
        yield findings.ok("checksums", "the server finds damaged pages by itself")
    apart = abs((found["clock"] - now).total_seconds())
    if apart > _APART:
        seen = f"{apart:,.0f} s between the clock of this machine and the server's"
        yield findings.warning("clock", seen, "Set both by NTP: times in the store come from each.")
    else:
        yield findings.ok("clock", "this machine's and the server's agree")


def _indices(connection: PostgresConnection) -> Iterator[Finding]:
    with connection.errors():
        invalid = [row[0] for row in connection.execute(_INVALID).fetchall()]
    if invalid:
        advice = f"REINDEX INDEX {invalid[0]};"
        yield findings.misconfigured("indices", f"not valid: {', '.join(invalid)}", advice)
    else:
        yield findings.ok("indices", "all are valid")


def _numbers(connection: PostgresConnection) -> Iterator[Finding]:
    with connection.errors():
        behind = [
            table
            for table in _NUMBERED
            if connection.execute(_BEHIND.format(table=table)).fetchone()[0]
        ]
    for table in behind:
        yield findings.misconfigured(
            "numbers",
            f"the numbers of {table} are behind its rows, as after a restore of rows alone",
            f"Set the sequence of linksms.{table}.id to its highest id (setval).",
        )
    if not behind:
        yield findings.ok("numbers", "new rows get numbers of their own")


def _dead(connection: PostgresConnection) -> Iterator[Finding]:
    with connection.errors():
        dead = [row[0] for row in connection.execute(_DEAD).fetchall()]
    if dead:
        yield findings.warning(
            "vacuum",
            f"more dead rows than live ones in {', '.join(dead)}",
            f"VACUUM ANALYZE linksms.{dead[0]}; and see that autovacuum is on.",
        )

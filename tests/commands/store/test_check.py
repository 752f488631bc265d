"""`linksms store check` finds damage, and what will become trouble."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from linksms_cli.adapters.store import Store
from tests.conftest import Finished, Linksms, on_every_store
from tests.stored import is_on_server
from tests.stores import fill


def run(state: str, *statements: str) -> None:
    """Change a store behind its back."""
    if is_on_server(state):
        with psycopg.connect(state, options="-c search_path=linksms") as link:
            for statement in statements:
                link.execute(statement.encode())
        return
    with closing(sqlite3.connect(Path(state) / "linksms.db", isolation_level=None)) as store:
        for statement in statements:
            store.execute(statement)


def status(done: Finished) -> dict[str, str]:
    return {record["check"]: record["status"] for record in done.records}


@on_every_store
def test_a_sound_store_is_found_so(call: Linksms, store: Store, state: str) -> None:
    fill(store)
    done = call("store", "check", "--json")
    found = status(done)
    assert (done.code, done.stderr) == (0, "")
    expected = ["server", "clock", "indices", "numbers"] if is_on_server(state) else ["database"]
    for name in [*expected, "once-keys", "messages"]:
        assert found[name] == "ok", done.stdout
    assert "failed" not in found.values()
    assert call("store", "check").code == 0


@on_every_store
def test_a_key_that_has_lost_a_message_is_damage(call: Linksms, store: Store, state: str) -> None:
    fill(store)
    run(state, "DELETE FROM submission WHERE slot = 0 AND once_key IS NOT NULL")
    done = call("store", "check", "--json")
    assert (done.code, status(done)["once-keys"]) == (3, "failed")
    (found,) = [record for record in done.records if record["check"] == "once-keys"]
    assert "restore a backup, or find out what was sent" in found["advice"]


@on_every_store
def test_what_could_be_forgotten_is_counted(call: Linksms, store: Store, state: str) -> None:
    """The reports came on 1 July 2026 by their own clock, and the messages just now."""
    fill(store)
    run(state, "UPDATE callback SET received_at = '2020-01-01T00:00:00.000Z'")
    records = call("store", "check", "--json").records
    seen = [record["finding"] for record in records if record["check"] == "old_rows"]
    (text,) = seen
    assert text.startswith("0 messages and 5 reports are older than 365 days, about ")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20_000])


def _blotted(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096 * 10 : 4096 * 12] = b"\x5a" * 8192
    path.write_bytes(data)


def _no_database(path: Path) -> None:
    path.write_bytes(b"something else " * 1000)


@pytest.mark.parametrize("harm", [_cut, _blotted, _no_database])
def test_a_damaged_file_is_told_with_what_to_do(
    call: Linksms, store: Store, state: str, harm: Callable[[Path], None]
) -> None:
    fill(store)
    run(state, "PRAGMA wal_checkpoint(TRUNCATE)")
    harm(Path(state) / "linksms.db")
    done = call("store", "check", "--json")
    failed = [record for record in done.records if record["status"] == "failed"]
    assert (done.code, done.stderr) == (3, "")
    assert failed[0]["check"] == "database"
    assert failed[0]["advice"]


def test_a_lost_log_is_damage(call: Linksms, store: Store, state: str) -> None:
    fill(store)
    run(state, "UPDATE once_count SET intents = intents - 2")
    done = call("store", "check")
    assert (done.code, "it has lost 2 of 3 messages" in done.stdout) == (3, True)


def test_a_long_log_and_open_files_are_warned_of(call: Linksms, store: Store, state: str) -> None:
    fill(store)
    (Path(state) / "linksms.db").chmod(0o644)
    with closing(store.stories()):  # it keeps the log
        with (Path(state) / "linksms.db-wal").open("ab") as log:
            log.truncate(65_000_000)
        found = status(call("store", "check", "--json"))
    assert (found["files"], found["log"]) == ("warning", "warning")


@on_every_store
def test_there_must_be_a_store(call: Linksms, store: Store) -> None:
    done = call("store", "check")
    assert (done.code, "so there is nothing to check" in done.stderr) == (3, True)
    assert not store.exists()


@pytest.mark.parametrize("state", ["postgres"], indirect=True)
def test_numbers_behind_their_rows_and_a_broken_index_are_damage(
    call: Linksms, store: Store, state: str
) -> None:
    fill(store)
    run(
        state,
        "SELECT setval(pg_get_serial_sequence('submission', 'id'), 1)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'submission_once'::regclass",
    )
    done = call("store", "check", "--json")
    found = status(done)
    assert (done.code, found["numbers"], found["indices"]) == (3, "failed", "failed")


@pytest.mark.parametrize("state", ["postgres"], indirect=True)
def test_a_server_that_forgets_is_damage_to_come(call: Linksms, store: Store, state: str) -> None:
    fill(store)
    name = state.rpartition("/")[2]
    run(state, f"ALTER ROLE CURRENT_USER IN DATABASE {name} SET synchronous_commit = off")
    done = call("store", "check", "--json")
    assert (done.code, status(done)["commits"]) == (3, "failed")

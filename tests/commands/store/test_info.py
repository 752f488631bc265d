"""`linksms store info` says where the store is and how much it holds."""

import pytest

from linksms_cli.adapters.store import Store
from tests.conftest import Linksms, on_every_store
from tests.postgres import PostgresServer
from tests.stores import fill

COUNTS = {
    "messages": 3,
    "reports": 3,
    "incoming": 1,
    "unreadable": 1,
    "keys": 1,
    "batches": 1,
    "unfinished_batches": 1,
    "forwards_waiting": 3,
    "forwards_set_aside": 0,
}


@on_every_store
def test_it_counts_what_is_there(call: Linksms, store: Store, state: str) -> None:
    fill(store)
    done = call("store", "info", "--json")
    found = done.record
    assert (done.code, done.stderr) == (0, "")
    assert {name: found[name] for name in COUNTS} == COUNTS
    assert (found["place"], found["exists"], found["has_receiver"]) == (store.place, True, False)
    assert found["kind"] == ("postgresql" if "postgres" in state else "sqlite")
    assert found["software"].lower().startswith(found["kind"])
    assert found["size"] > 10_000
    # The reports came with a time of their own, before the messages.
    assert found["oldest"] == "2026-07-01T10:00:00.000Z" < found["newest"]


@on_every_store
def test_a_person_reads_the_same(call: Linksms, store: Store) -> None:
    fill(store)
    lines = call("store", "info").stdout.splitlines()
    assert lines[0] == f"The store in {store.place}"
    assert "  reports   3, 1 incoming message, 1 unreadable" in lines
    assert "  keys      1 once-key, 1 batch, 1 of them not finished" in lines


@on_every_store
def test_nothing_is_made_where_nothing_is(call: Linksms, store: Store) -> None:
    done = call("store", "info", "--json")
    assert (done.code, done.record["exists"], done.record["messages"]) == (0, False, 0)
    assert (done.record["version"], done.record["size"]) == (None, 0)
    assert not store.exists()
    assert "no command has stored" in call("store", "info").stdout


@on_every_store
def test_a_live_receiver_is_seen(call: Linksms, store: Store) -> None:
    store.inbox().close()
    with store.receiving():
        assert call("store", "info", "--json").record["has_receiver"]


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_password_is_not_shown(
    call: Linksms, postgres: PostgresServer, words: tuple[str, ...]
) -> None:
    with_password = postgres.database().replace("@", ":pa55-marked@")
    done = call("store", "info", *words, env={"LINKSMS_STATE": with_password})
    assert done.code == 0
    assert "pa55-marked" not in done.stdout + done.stderr

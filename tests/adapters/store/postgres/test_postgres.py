"""What a store in PostgreSQL has of its own; what every store promises is in `test_face`."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from linksms_cli.adapters.store import Store, find_store, store_at
from linksms_cli.errors import StoreError
from linksms_cli.sms.mt.batch import BatchIdentity
from linksms_cli.sms.mt.submission import Intent, OnceKey
from tests.ports import refusing
from tests.postgres import PostgresServer

KEY = OnceKey("https://h/x", 1, "k")
SECRET = "pa55-marked"


@pytest.fixture
def address(postgres: PostgresServer) -> str:
    return postgres.database()


@pytest.fixture
def store(address: str) -> Store:
    return store_at(address)


@pytest.fixture
def link(address: str) -> Iterator["psycopg.Connection[Any]"]:
    """A connection of the test's own."""
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


def intent(claim: int | None = None, batch: int | None = None) -> Intent:
    return Intent(
        base_url=KEY.base_url,
        service_id=1,
        profile=None,
        destination="+99955501234",
        source="LINK",
        encoding=None,
        parts=1,
        claim=claim,
        slot=0,
        parameters=[("Userdata", "x")],
        batch=batch,
        row=batch and 1,
    )


def cut(link: "psycopg.Connection[Any]") -> None:
    """End every other connection to the database, as a failing network does."""
    link.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def test_a_batch_can_be_held_again_as_soon_as_its_process_is_killed(
    store: Store, address: str
) -> None:
    batch = BatchIdentity(b"a digest")
    store.outbox().close()
    holding = f"""
from linksms_cli.adapters.store import store_at
from linksms_cli.sms.mt.batch import BatchIdentity
with store_at({address!r}).hold(BatchIdentity({batch.digest!r})) as held:
    print(held, flush=True)
    input()
"""
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", holding], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout
            assert process.stdout.readline() == b"True\n"
            with store.hold(batch) as held:
                assert not held
            process.kill()
            with store.hold(batch) as held:
                assert held


def test_a_lock_that_is_let_go_meanwhile_is_had(store: Store) -> None:
    batch = BatchIdentity(b"a digest")
    with ExitStack() as first:
        assert first.enter_context(store.hold(batch))
        leaving = threading.Timer(0.2, first.close)
        leaving.start()
        with store.hold(batch) as held:
            assert held
        leaving.join()


def test_who_lost_its_key_sends_nothing(store: Store, link: "psycopg.Connection[Any]") -> None:
    payload = [[("Userdata", "x")]]
    with closing(store.outbox()) as slow, closing(store.outbox()) as next_one:
        with store.hold(KEY) as held:
            assert held
            claim = slow.claim(KEY, payload)
            cut(link)
            with store.hold(KEY) as held_too:
                assert held_too
                assert next_one.claim(KEY, payload) == claim
                with pytest.raises(StoreError, match="another process has gone on"):
                    slow.begin([intent(claim)])
                next_one.begin([intent(claim)])
        assert claim is not None
        earlier = slow.earlier(claim, 0)
    assert earlier
    assert earlier.outcome == "unknown"


def test_who_lost_its_batch_sends_no_more_of_it(store: Store) -> None:
    identity = BatchIdentity(b"a digest")
    with closing(store.outbox()) as slow, closing(store.outbox()) as next_one:
        batch = slow.begin_batch(identity, again=False)
        slow.begin([intent(batch=batch.number)])
        assert next_one.batch(identity) == batch
        with pytest.raises(StoreError, match="another process has gone on"):
            slow.begin([intent(batch=batch.number)])
        next_one.begin([intent(batch=batch.number)])


def test_an_idle_connection_that_was_cut_is_made_again(
    store: Store, link: "psycopg.Connection[Any]"
) -> None:
    with closing(store.outbox()) as outbox, closing(store.stories()) as stories:
        cut(link)
        (number,) = outbox.begin([intent()])
        cut(link)
        story = stories.handled(number)
    assert story
    assert story.to == "+99955501234"


def test_a_receiver_is_seen_again_after_its_connection_was_cut(
    store: Store, link: "psycopg.Connection[Any]"
) -> None:
    store.outbox().close()
    with store.receiving():
        cut(link)
        for _ in range(100):
            if store.has_receiver():
                break
            link.execute("SELECT pg_sleep(0.1)")
        assert store.has_receiver()
    assert not store.has_receiver()


def test_a_commit_that_would_not_last_is_refused(
    store: Store, link: "psycopg.Connection[Any]"
) -> None:
    link.execute(f"ALTER DATABASE {link.info.dbname} SET synchronous_commit = off")
    with pytest.raises(StoreError, match="synchronous_commit"):
        store.outbox()


def test_a_server_that_may_only_be_read_is_refused_for_writing(
    store: Store, link: "psycopg.Connection[Any]"
) -> None:
    store.outbox().close()
    link.execute(f"ALTER DATABASE {link.info.dbname} SET default_transaction_read_only = on")
    with pytest.raises(StoreError, match="read-only"):
        store.outbox()
    assert store.recent(9) == []


def test_no_password_is_shown_where_the_server_cannot_be_reached() -> None:
    with refusing() as port:
        store = store_at(f"postgresql://u:{SECRET}@127.0.0.1:{port}/d")
        with pytest.raises(StoreError) as raised:
            store.outbox()
    shown = f"{raised.value.message} {raised.value.hint} {store.place}"
    assert "cannot be reached" in shown
    assert SECRET not in shown


def test_no_password_is_shown_of_an_address_that_cannot_be_read() -> None:
    with pytest.raises(StoreError) as raised:
        store_at(f"postgresql://u:{SECRET}@[/d?nonsense")
    assert SECRET not in f"{raised.value.message} {raised.value.hint}"


def test_a_service_file_names_the_server(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = psycopg.conninfo.conninfo_to_dict(address)
    file = tmp_path / "services"
    file.write_text(
        f"[sms]\nhost=127.0.0.1\nport={parts['port']}\ndbname={parts['dbname']}\nuser=postgres\n"
    )
    monkeypatch.setenv("PGSERVICEFILE", str(file))
    store = find_store({"LINKSMS_STATE": "service=sms"})
    store.outbox().close()
    assert store.exists()
    assert store.place == "PostgreSQL (service sms)"


def test_a_report_with_what_no_text_can_hold_is_stored(store: Store) -> None:
    from tests.adapters.store.test_face import callback, receive
    from tests.reporting import report

    receive(store, callback(report(operator="a\0b")), callback(report(id="m")))
    assert len(list(store.callbacks())) == 2


def test_without_the_driver_it_says_what_to_install(tmp_path: Path) -> None:
    import sys

    code = (
        "import sys; sys.modules['psycopg'] = None; from linksms_cli import app; "
        "sys.argv = ['linksms', 'status']; app.run()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env={"LINKSMS_STATE": "postgresql://h/d", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 3
    assert "linksms-cli[postgres]" in ended.stderr

"""Servers that cannot be used, or not now: each has one clear error, and nothing hangs."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import (
    AbstractContextManager,
    ExitStack,
    closing,
    contextmanager,
    nullcontext,
    suppress,
)
from pathlib import Path
from typing import Any

import psycopg
import pytest
import trustme

from linksms_cli.adapters.store import find_store, store_at
from linksms_cli.adapters.store.postgres import database
from linksms_cli.adapters.store.postgres.address import address_of
from linksms_cli.adapters.store.postgres.connection import PostgresConnection
from linksms_cli.adapters.store.postgres.limits import Limits
from linksms_cli.adapters.store.postgres.schema import MIGRATIONS
from linksms_cli.errors import StoreError
from tests.adapters.store.test_face import callback, intent, receive
from tests.conftest import Finished, Linksms, account, until
from tests.loopback import Recorder, http
from tests.postgres import PostgresServer, own, running_server
from tests.reporting import report
from tests.stored import query

SEND = ("send", "x", "-t", "+99955501234", "-f", "LINK", "--json", "--once", "k")
LIKE_TRUST = "host all all 127.0.0.1/32 trust"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server of these tests' own, whose ways in they change."""
    with running_server() as server:
        yield server


@pytest.fixture
def address(server: PostgresServer) -> Iterator[str]:
    yield server.database()
    server.admit(LIKE_TRUST)


@pytest.fixture
def refused(call: Linksms, gateway: Recorder) -> Any:
    """Send with a store at an address; return the one error, after which nothing has gone out."""

    def send(address: str, **env: str) -> str:
        done: Finished = call(*SEND, env=account(gateway.url) | {"LINKSMS_STATE": address} | env)
        assert (done.code, done.stdout, gateway.requests) == (3, "", [])
        assert "pa55-marked" not in done.stderr
        return done.stderr

    return send


def role(server: PostgresServer, name: str, more: str = "") -> str:
    server.run(f"DROP ROLE IF EXISTS {name}")
    server.run(f"CREATE ROLE {name} LOGIN {more}")
    return name


def as_user(address: str, user: str) -> str:
    return address.replace("postgres@", f"{user}@")


def test_a_wrong_password_is_said_and_not_shown(
    server: PostgresServer, address: str, refused: Any
) -> None:
    user = role(server, "secured", "SUPERUSER PASSWORD 'right'")
    server.admit("host all all 127.0.0.1/32 scram-sha-256")
    wrong = refused(as_user(address, f"{user}:pa55-marked"))
    assert "password authentication failed" in wrong
    assert "PGPASSWORD" in wrong
    assert "Put the password into PGPASSWORD" in refused(as_user(address, user))
    store = find_store({"LINKSMS_STATE": as_user(address, f"{user}:right")})
    store.outbox().close()


def test_a_database_that_is_not_there_is_named(address: str, refused: Any) -> None:
    assert "createdb" in refused(f"{address}_not_there")


@pytest.mark.parametrize("rights", ["none", "reading"])
def test_rights_that_are_missing_are_named(
    server: PostgresServer, address: str, refused: Any, rights: str
) -> None:
    user = role(server, f"guest_{rights}")
    if rights == "reading":
        store_at(address).outbox().close()
        with psycopg.connect(address) as link:
            link.execute(f"GRANT USAGE ON SCHEMA linksms TO {user}")
            link.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA linksms TO {user}")
    wrong = refused(as_user(address, user))
    assert "permission denied" in wrong
    assert "CREATE SCHEMA linksms AUTHORIZATION" in wrong
    with psycopg.connect(address) as link:
        link.execute(f"DROP OWNED BY {user}")


def test_a_server_without_a_connection_left_says_so(
    server: PostgresServer, address: str, refused: Any
) -> None:
    store_at(address).outbox().close()
    user = role(server, "crowd")
    with psycopg.connect(address) as link:
        link.execute(f"ALTER SCHEMA linksms OWNER TO {user}")
    with ExitStack() as crowd:
        with suppress(psycopg.OperationalError):
            while True:
                crowd.enter_context(psycopg.connect(as_user(address, user)))
        assert "max_connections" in refused(as_user(address, user))


def test_a_database_in_another_encoding_is_refused(server: PostgresServer, refused: Any) -> None:
    latin = server.database(more="ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    assert "has the encoding LATIN1" in refused(latin)


def test_a_newer_schema_is_refused_by_all_sides(address: str, refused: Any) -> None:
    store = store_at(address)
    store.outbox().close()
    with psycopg.connect(address) as link:
        link.execute("UPDATE linksms.version SET number = 99")
    assert "written by a newer linksms (version 99)" in refused(address)
    for side in (store.outbox, store.inbox, store.stories, lambda: store.recent(1)):
        with pytest.raises(StoreError, match="newer linksms"):
            side()


def test_an_older_schema_is_brought_up_to_date_by_who_only_reads(address: str) -> None:
    with psycopg.connect(address) as link:
        link.execute("CREATE SCHEMA linksms")
        link.execute("CREATE TABLE linksms.version (number BIGINT NOT NULL)")
        link.execute("SET search_path = linksms")
        for statement in MIGRATIONS[0]:
            link.execute(statement.encode())
        link.execute("INSERT INTO version VALUES (1)")
        link.execute("INSERT INTO secret VALUES ('x')")
    assert store_at(address).recent(1) == []
    with psycopg.connect(address) as link:
        row = link.execute("SELECT number FROM linksms.version").fetchone()
    assert row == (database.VERSION,)


def test_tls_is_used_where_it_is_asked_for(
    server: PostgresServer, refused: Any, tmp_path: Path
) -> None:
    authority, other = trustme.CA(), trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    other.cert_pem.write_to_path(str(tmp_path / "other.pem"))
    certificate = authority.issue_cert("127.0.0.1")
    for name, blobs in (
        ("server.key", [certificate.private_key_pem]),
        ("server.crt", certificate.cert_chain_pems),
    ):
        file = server.data / name
        file.write_bytes(b"".join(blob.bytes() for blob in blobs))
        file.chmod(0o600)
        own(file)
    server.stop()
    server.start(ssl="on")
    address = server.database()
    server.admit("hostssl all all 127.0.0.1/32 trust")
    try:
        store_at(address).outbox().close()
        verified = f"{address}?sslmode=verify-full&sslrootcert={tmp_path}/"
        store_at(f"{verified}ca.pem").outbox().close()
        assert "take sslmode=disable out" in refused(f"{address}?sslmode=disable")
        assert "certificate verify failed" in refused(f"{verified}other.pem")
    finally:
        server.admit(LIKE_TRUST)
        server.stop()
        server.start()


def test_a_standby_is_read_and_not_written(
    server: PostgresServer, address: str, refused: Any
) -> None:
    with closing(store_at(address).outbox()) as outbox:
        outbox.begin([intent(0)])
    standby = server.standby()
    standby.start()
    try:
        there = address.replace(f":{server.port}/", f":{standby.port}/")
        assert "is read-only: a standby" in refused(there)
        with closing(store_at(there).stories()) as stories:
            story = stories.handled(1)
        assert story
        assert story.to == "+99955501000"
    finally:
        standby.stop("immediate")


def test_a_sender_goes_on_at_the_standby_that_takes_over(
    server: PostgresServer, address: str
) -> None:
    standby = server.standby()
    standby.start()
    there = address.replace(f":{server.port}/", f":{standby.port}/")
    either = address.replace(f":{server.port}/", f":{server.port},127.0.0.1:{standby.port}/")
    with ExitStack() as ends:
        ends.callback(standby.stop, "immediate")
        store = store_at(f"{either}?target_session_attrs=read-write")
        outbox = ends.enter_context(closing(store.outbox()))
        (first,) = outbox.begin([intent(0)])
        ((written,),) = query(address, "SELECT pg_current_wal_lsn()::text")
        seen = f"SELECT pg_last_wal_replay_lsn() >= '{written}'"
        until(lambda: query(there, seen) == [(True,)])
        server.stop("immediate")
        ends.callback(server.start)
        standby.promote()
        (second,) = outbox.begin([intent(1)])
        # The numbers that a server had in hand are passed over.
        assert second > first
        assert query(there, "SELECT destination FROM submission ORDER BY id") == [
            ("+99955501000",),
            ("+99955501001",),
        ]


def test_who_stands_still_in_mid_transaction_keeps_nobody_out_for_long(address: str) -> None:
    limits = Limits(idle=0.5)
    still = database.connect(*address_of(address), limits=limits)
    with closing(still):
        still.begin()
        still.execute("SELECT pg_advisory_xact_lock(?)", (database.INBOX_LOCK,))
        assert receive(store_at(address), callback(report(id="m")))


def test_a_statement_that_takes_too_long_is_given_up(address: str) -> None:
    store_at(address).inbox().close()
    limits = Limits(statement=0.3)

    hurried = database.connect(*address_of(address), limits=limits)
    with psycopg.connect(address) as slow, closing(hurried) as connection:
        slow.execute("LOCK TABLE linksms.callback")
        with pytest.raises(StoreError, match="is too slow"), connection.errors():
            connection.execute("SELECT count(*) FROM callback")
        slow.rollback()
        with connection.errors():
            assert connection.execute("SELECT count(*) FROM callback").fetchone() == (0,)


@contextmanager
def frozen(server: PostgresServer) -> Iterator[None]:
    server.freeze()
    try:
        yield
    finally:
        server.thaw()


def test_a_server_that_is_stopped_in_its_tracks_is_given_up(
    server: PostgresServer, address: str, refused: Any
) -> None:
    with closing(store_at(address).inbox()) as inbox:
        with frozen(server):
            with pytest.raises(StoreError, match="connection timeout expired"):
                asyncio.run(inbox.store([callback(report(id="m"))]))
            assert "connection timeout expired" in refused(address)
        assert asyncio.run(inbox.store([callback(report(id="m"))]))


def _delete(
    connection: PostgresConnection, meanwhile: Callable[[], AbstractContextManager[None]]
) -> None:
    with connection.errors(), connection.transaction():
        connection.execute("DELETE FROM stale")
        with meanwhile():
            connection.execute("DELETE FROM stale")


def test_a_transaction_in_a_server_that_is_stopped_is_given_up(
    server: PostgresServer, address: str
) -> None:
    limits = Limits(statement=0.1)
    with closing(database.connect(*address_of(address), limits=limits)) as connection:
        with pytest.raises(StoreError, match="has stopped answering"):
            _delete(connection, lambda: frozen(server))
        _delete(connection, nullcontext)


def test_what_was_accepted_is_told_if_the_server_stops_before_it_is_stored(
    server: PostgresServer, address: str, linksms: Linksms
) -> None:
    def stop(connection: socket.socket) -> None:
        server.freeze()
        connection.sendall(http(b"1005;Queued;abc123"))

    with Recorder(stop) as gateway:
        env = account(gateway.url) | {"LINKSMS_STATE": address}
        try:
            done = linksms(*SEND, env=env)
        finally:
            server.thaw()
        again = linksms(*SEND, env=env)
    assert (done.code, done.record["outcome"], done.record["message_id"]) == (
        0,
        "accepted",
        "abc123",
    )
    assert "could not be stored" in done.stderr
    assert (again.code, again.record["outcome"], len(gateway.requests)) == (7, "skipped", 1)

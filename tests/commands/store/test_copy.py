"""`linksms store copy` takes a store over, whole or not at all, and keeps what its keys protect."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from linksms_cli.adapters.store import Store, find_store
from linksms_cli.adapters.store.sql.copying import TABLES, Piece
from linksms_cli.sms.mt.submission import OnceConflictError
from tests.adapters.store.test_face import (
    IDENTITY,
    KEY,
    accepted,
    callback,
    claimed,
    intent,
    parameters,
    receive,
)
from tests.conftest import BACKENDS, Linksms, on_every_store
from tests.postgres import PostgresServer
from tests.reporting import report
from tests.stored import is_on_server, query
from tests.stores import fill

on_every_target = pytest.mark.parametrize("target", BACKENDS, indirect=True)


@pytest.fixture
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a copy goes: a folder, or a database."""
    if request.param == "sqlite":
        return str(tmp_path / "copy")
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.database()


def at(state: str) -> Store:
    return find_store({"LINKSMS_STATE": state})


def everything(store: Store) -> list[Piece]:
    with store.original() as original:
        return list(original.pieces())


def rows(state: str) -> dict[str, set[tuple[str, ...]]]:
    """Return the columns that each table has."""
    if is_on_server(state):
        found = query(
            state,
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'linksms' AND table_name <> 'sent'",
        )
    else:
        found = query(
            state,
            "SELECT tables.name, columns.name FROM sqlite_schema AS tables "
            "JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'",
        )
    columns: dict[str, set[tuple[str, ...]]] = {}
    for table, column in found:
        columns.setdefault(table, set()).add(column)
    return columns


@on_every_store
@on_every_target
def test_a_copy_and_its_copy_hold_the_same(
    call: Linksms, store: Store, target: str, tmp_path: Path
) -> None:
    fill(store)
    before = everything(store)
    done = call("store", "copy", "--to", target, "--json")
    assert (done.code, done.stderr) == (0, "")
    copied = done.record
    assert (copied["from"], copied["to"]) == (store.place, at(target).place)
    assert (copied["messages"], copied["reports"], copied["keys"]) == (3, 3, 1)
    assert copied["rows"] == sum(len(piece.rows) for piece in before)
    back = str(tmp_path / "back")
    assert call("store", "copy", "--to", back, env={"LINKSMS_STATE": target}).code == 0
    assert everything(at(target)) == everything(at(back)) == everything(store) == before
    assert list(at(target).callbacks()) == list(at(back).callbacks()) == list(store.callbacks())


@on_every_store
@on_every_target
def test_what_a_key_and_a_batch_have_sent_is_not_sent_again(
    call: Linksms, store: Store, target: str
) -> None:
    fill(store)
    assert call("store", "copy", "--to", target).code == 0
    with closing(at(target).outbox()) as outbox:
        claim = claimed(outbox, 2)
        assert [found.outcome for slot in (0, 1) if (found := outbox.earlier(claim, slot))] == [
            "accepted",
            "unknown",
        ]
        with pytest.raises(OnceConflictError):
            claimed(outbox, 2, text="another")
        batch = outbox.batch(IDENTITY)
        assert batch is not None
        assert [one.row for one in outbox.rows_after(batch.number, 0, 9)] == [1]


@on_every_store
@on_every_target
def test_a_copy_goes_on_where_the_original_was(call: Linksms, store: Store, target: str) -> None:
    """New rows get numbers of their own, and reports are judged by those that came before."""
    fill(store)
    assert call("store", "copy", "--to", target).code == 0
    with closing(at(target).outbox()) as outbox:
        claim = outbox.claim(KEY._replace(key="new"), [parameters(0)])
        (number,) = outbox.begin([intent(0, claim)])
        outbox.finish([(number, accepted(0, "new"))])
        assert outbox.batch(IDENTITY) != outbox.begin_batch(IDENTITY, again=True)
    came = receive(
        at(target), callback(report(id="m0$1", segments=2)), callback(report(id="new", segments=1))
    )
    assert [getattr(event, "duplicate", None) for event in came] == [True, False]
    assert (number, came[0].number) == (4, 6)
    assert call("status", "new", "--json", env={"LINKSMS_STATE": target}).code == 0
    found = call("status", "--outcome", "delivered", "--json", env={"LINKSMS_STATE": target})
    assert {record["message_id"] for record in found.records} == {"m0", "new"}


@on_every_store
def test_every_table_and_column_is_copied(store: Store, state: str) -> None:
    """What only one kind of database has is made there anew."""
    fill(store)
    own = {
        "once_count": {"intents"},
        "version": {"number"},
        "last_commit": {"client", "number", "written_at"},
    }
    there = {table: columns - {"fence"} for table, columns in rows(state).items()}
    copied = {piece.table: set(piece.columns) for piece in everything(store)}
    assert set(copied) | {"stale"} >= set(TABLES) - {"stale"}
    for table, columns in there.items():
        if table not in own:
            assert table in TABLES
            assert copied.get(table, columns) == columns


def test_the_count_of_protected_messages_is_made_anew(
    call: Linksms, store: Store, environment: dict[str, str], tmp_path: Path
) -> None:
    fill(store)
    copy = tmp_path / "copy"
    assert call("store", "copy", "--to", str(copy)).code == 0
    assert query(str(copy), "SELECT intents FROM once_count") == [(3,)]
    original = Path(environment["LINKSMS_STATE"])
    assert (copy / "once.count").read_bytes() == (original / "once.count").read_bytes()


@contextmanager
def received(store: Store) -> Iterator[None]:
    with store.receiving():
        yield


@contextmanager
def held(store: Store) -> Iterator[None]:
    with closing(store.outbox()), store.hold(KEY) as is_held:
        assert is_held
        yield


@on_every_store
@on_every_target
@pytest.mark.parametrize("use", [received, held])
@pytest.mark.parametrize("busy", ["original", "copy"])
def test_nothing_is_copied_while_somebody_uses_one_of_the_two(
    call: Linksms, store: Store, target: str, use: object, busy: str
) -> None:
    fill(store)
    before = everything(store)
    at(target).inbox().close()
    with ExitStack() as ends:
        assert callable(use)
        ends.enter_context(use(store if busy == "original" else at(target)))
        done = call("store", "copy", "--to", target, "--json")
    assert (done.code, done.stdout) == (3, "")
    assert '"kind": "store"' in done.stderr
    assert at(target).facts().held.messages == 0
    assert call("store", "copy", "--to", target).code == 0
    assert everything(at(target)) == before


@on_every_store
@on_every_target
def test_what_is_not_empty_is_left_as_it_is(call: Linksms, store: Store, target: str) -> None:
    fill(store)
    receive(at(target), callback(report(id="theirs")))
    before = everything(at(target))
    done = call("store", "copy", "--to", target)
    assert (done.code, done.stdout) == (3, "")
    assert "is not empty, so nothing was copied into it. Name a folder" in done.stderr
    assert everything(at(target)) == before


KILLED = """
import os, signal, sys
from linksms_cli.adapters.store import find_store
source, target = (find_store({"LINKSMS_STATE": state}) for state in sys.argv[1:])
with source.original() as original, target.replica() as replica:
    for piece in original.pieces():
        replica.add(piece)
        if piece.table == "callback":
            os.kill(os.getpid(), signal.SIGKILL)
"""


@on_every_store
@on_every_target
def test_a_copy_that_was_killed_has_left_nothing_and_is_made_again(
    call: Linksms, store: Store, state: str, target: str
) -> None:
    fill(store)
    before = everything(store)
    killed = subprocess.run([sys.executable, "-c", KILLED, state, target], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert at(target).facts().held.messages == 0
    assert call("store", "copy", "--to", target).code == 0
    assert everything(at(target)) == everything(store) == before


def test_a_text_that_postgresql_cannot_hold_is_kept_with_a_sign_for_it(
    call: Linksms, store: Store, postgres: PostgresServer
) -> None:
    receive(store, callback(b"neither")._replace(remote="192.0.2.1\0"))
    address = postgres.database()
    assert call("store", "copy", "--to", address).code == 0
    assert query(address, "SELECT remote FROM callback") == [("192.0.2.1␀",)]


def test_there_must_be_a_store_and_another_place(
    call: Linksms, environment: dict[str, str], tmp_path: Path
) -> None:
    done = call("store", "copy", "--to", str(tmp_path / "copy"))
    assert done.code == 3
    assert "so there is nothing to copy" in done.stderr
    assert not (tmp_path / "copy").exists()
    at(environment["LINKSMS_STATE"]).outbox().close()
    done = call("store", "copy", "--to", environment["LINKSMS_STATE"])
    assert (done.code, "already. Name another place in --to." in done.stderr) == (2, True)
    link = tmp_path / "link"
    link.symlink_to(environment["LINKSMS_STATE"])
    done = call("store", "copy", "--to", str(link))
    assert (done.code, "already. Name another place in --to." in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("to", "code", "message"),
    [
        ("", 2, "Invalid value for '--to': '' is empty"),
        ("https://h/x", 2, "Invalid value for '--to': 'https://h/x' is a URL and not a path"),
        (
            "postgresql://u:pa55-marked@h/d?nonsense=1",
            3,
            "error: --to is not an address of PostgreSQL",
        ),
    ],
)
def test_what_is_no_place_is_refused(
    call: Linksms, store: Store, to: str, code: int, message: str
) -> None:
    store.outbox().close()
    done = call("store", "copy", "--to", to)
    assert (done.code, done.stdout) == (code, "")
    assert message in done.stderr
    assert "pa55-marked" not in done.stderr


def test_a_password_on_the_command_line_is_warned_of_and_not_shown(
    call: Linksms, store: Store, postgres: PostgresServer
) -> None:
    store.outbox().close()
    done = call("store", "copy", "--to", postgres.database().replace("@", ":pa55-marked@"))
    assert done.code == 0
    assert "warning: other users of this machine can see the password in --to" in done.stderr
    assert "pa55-marked" not in done.stdout + done.stderr

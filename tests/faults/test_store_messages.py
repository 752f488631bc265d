"""A batch and a receiver whose way to PostgreSQL breaks at each message, in each way: they go on.

Every message: `LINKSMS_TEST_EVERY_MESSAGE=1`; every one from the 79th on: `=79`.
"""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path

import pytest

from linksms_cli.actions.send.batch import patience
from linksms_cli.adapters.store import Store, store_at
from linksms_cli.adapters.store import postgres as postgres_store
from linksms_cli.adapters.store.postgres import connection as connections
from linksms_cli.adapters.store.postgres import database, limits
from linksms_cli.adapters.store.postgres.address import address_of
from linksms_cli.adapters.store.postgres.inbox import PostgresInbox
from linksms_cli.adapters.store.postgres.limits import Limits
from linksms_cli.adapters.store.postgres.stories import PostgresStories
from linksms_cli.errors import StoreError
from tests.adapters.store.test_face import callback
from tests.commands.batches import batch, numbers, write
from tests.conftest import Finished, Linksms, account
from tests.counting import CountingGateway
from tests.faults.messages import Break, MessageWay
from tests.postgres import PostgresServer
from tests.reporting import keep, report
from tests.stored import query

EVERY_MESSAGE = int(os.environ.get("LINKSMS_TEST_EVERY_MESSAGE", "0"))
ROWS = 4
# What notes that every row of a batch has its outcome.
FINISH = b"SET finished_at"

pytestmark = pytest.mark.timeout(1800 if EVERY_MESSAGE else 120)


@pytest.fixture
def way(postgres: PostgresServer) -> Iterator[MessageWay]:
    with MessageWay(postgres.port) as way, closing(way):
        yield way


@pytest.fixture
def direct(postgres: PostgresServer) -> str:
    """A store, by the direct way."""
    return postgres.database()


@pytest.fixture
def there(direct: str, postgres: PostgresServer, way: MessageWay) -> str:
    """The same store, by the way that breaks."""
    return direct.replace(f":{postgres.port}/", f":{way.port}/")


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever waits for a server waits for a short while; a batch has its 300 s."""
    short = partial(Limits, statement=0.6, idle=0.2, doubt=0.4)
    monkeypatch.setattr(limits, "Limits", short)
    monkeypatch.setattr(postgres_store, "_PATIENCE", 0.3)
    monkeypatch.setattr(connections, "_AT_ONCE", 0.3)
    monkeypatch.setattr(connections, "_MORE", 0.1)


# Each way by itself, or all of them at a few places.
in_every_way = pytest.mark.parametrize(
    "ways",
    [[one] for one in Break] if EVERY_MESSAGE else [list(Break)],
    ids=lambda ways: ways[0].name,
)


def breaks(ways: Sequence[Break], messages: int) -> list[tuple[int, Break]]:
    """Return where it breaks and how: everywhere, or each way at another place."""
    if EVERY_MESSAGE:
        return [(number, way) for number in range(EVERY_MESSAGE, messages + 1) for way in ways]
    step = messages // len(ways)
    return [(step * place + place % 2 + 1, way) for place, way in enumerate(ways)]


def sent(
    way: MessageWay, gateway: CountingGateway, send: Callable[[], Finished]
) -> tuple[Finished, int]:
    """Return how a batch ended, and how many messages its first run took.

    If it could not begin, one line says so, nothing has gone out, and it is run again.
    """
    done = send()
    seen = way.count
    if done.code == 3:
        assert (len(done.stderr.splitlines()), gateway.taken.total()) == (1, 0), done
        way.away = 0
        way.close()
        done = send()
    way.close()  # or the server would have no room for more
    return done, seen


@contextmanager
def reporting(store: Store, gateway: CountingGateway, late: Collection[str]) -> Iterator[None]:
    """Store a final report of each message that is taken, soon, and of some a little later."""
    has_ended = threading.Event()

    def store_reports() -> None:
        told: set[str] = set()
        began: dict[str, float] = {}
        while not has_ended.wait(0.02):
            for number in gateway.taken.keys() - told:
                since = began.setdefault(number, time.monotonic())
                if number not in late or time.monotonic() > since + 0.2:
                    # The limits are short for this one too: it may have to try again.
                    with suppress(StoreError):
                        keep(store, report(id=f"id-{number}-1", segments=1))
                        told.add(number)

    thread = threading.Thread(target=store_reports)
    thread.start()
    try:
        yield
    finally:
        has_ended.set()
        thread.join(30)


@in_every_way
def test_a_batch_sends_to_everybody_once_wherever_its_way_to_the_store_breaks(
    way: MessageWay, direct: str, there: str, call: Linksms, tmp_path: Path, ways: list[Break]
) -> None:
    seen = 0

    def run(number: int | bytes, broken: Break = Break.LOST) -> None:
        nonlocal seen
        file = write(tmp_path / "numbers", "\n".join(numbers(ROWS)))
        words = batch(file, "--again", "--json", "x")
        with CountingGateway() as gateway:
            env = account(gateway.url) | {"LINKSMS_STATE": there}
            way.break_at(number, broken, away=number % 3 if isinstance(number, int) else 0)
            done, seen = sent(way, gateway, partial(call, *words, env=env))
        at = f"message {number!r}, {broken}"
        assert (done.code, gateway.taken) == (0, dict.fromkeys(numbers(ROWS), 1)), f"{at}: {done}"
        summary = done.records[-1]
        assert (summary["accepted"], summary["finished"]) == (ROWS, True), f"{at}: {done}"

    store_at(direct).outbox().close()
    for _ in "begun", "begun anew":  # which takes more messages
        run(0)
    run(FINISH, Break.SILENT)
    for number, broken in breaks(ways, seen):
        run(number, broken)
    assert query(direct, "SELECT count(*) FROM submission WHERE outcome IS NULL") == [(0,)]


@in_every_way
def test_a_batch_waits_for_everybody_wherever_its_way_to_the_store_breaks(
    way: MessageWay, direct: str, there: str, call: Linksms, tmp_path: Path, ways: list[Break]
) -> None:
    people = iter(numbers(100_000))
    seen = 0

    def run(number: int, broken: Break = Break.LOST) -> None:
        nonlocal seen
        to = list(islice(people, ROWS))
        words = batch(write(tmp_path / "numbers", "\n".join(to)), "--wait", "60s", "--json", "x")
        with CountingGateway() as gateway, reporting(store_at(direct), gateway, to[ROWS // 2 :]):
            env = account(gateway.url) | {"LINKSMS_STATE": there}
            way.break_at(number, broken, away=number % 3)
            done, seen = sent(way, gateway, partial(call, *words, env=env))
        at = f"message {number}, {broken}"
        assert (done.code, gateway.taken) == (0, dict.fromkeys(to, 1)), f"{at}: {done}"
        summary = done.records[-1]
        assert (summary["delivered"], summary["finished"]) == (ROWS, True), f"{at}: {done}"

    store_at(direct).outbox().close()
    run(0)
    for number, broken in breaks(ways, seen):
        run(number, broken)
    assert query(direct, "SELECT count(*) FROM submission WHERE outcome IS NULL") == [(0,)]


def test_a_batch_waits_for_a_store_that_is_away_as_its_wait_begins(
    way: MessageWay,
    direct: str,
    there: str,
    call: Linksms,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened = postgres_store.PostgresStore.stories

    def broken(store: postgres_store.PostgresStore) -> PostgresStories:
        monkeypatch.setattr(postgres_store.PostgresStore, "stories", opened)
        way.break_at(1, Break.LOST, away=20)  # for longer than an opening tries
        return opened(store)

    monkeypatch.setattr(postgres_store.PostgresStore, "stories", broken)
    to = numbers(ROWS)
    words = batch(write(tmp_path / "numbers", "\n".join(to)), "--wait", "60s", "--json", "x")
    with CountingGateway() as gateway, reporting(store_at(direct), gateway, to):
        done = call(*words, env=account(gateway.url) | {"LINKSMS_STATE": there})
    assert (done.code, way.away, way.is_armed) == (0, 0, False), done
    assert (done.records[-1]["delivered"], gateway.taken) == (ROWS, dict.fromkeys(to, 1))


def test_a_batch_whose_end_is_not_stored_says_so_and_is_finished_later(
    way: MessageWay,
    there: str,
    call: Linksms,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "PATIENCE", -1.0)
    words = batch(write(tmp_path / "numbers", "\n".join(numbers(ROWS))), "--json", "x")
    with CountingGateway() as gateway:
        env = account(gateway.url) | {"LINKSMS_STATE": there}
        way.break_at(FINISH, Break.SILENT)
        cut = call(*words, "--again", env=env)
        rest = call(*words, env=env)
    assert (cut.code, cut.records[-1]["finished"]) == (0, False)
    assert "the store may not know that the batch is finished" in cut.stderr
    assert (rest.code, rest.records[-1]["skipped"], rest.records[-1]["finished"]) == (0, ROWS, True)
    assert gateway.taken == dict.fromkeys(numbers(ROWS), 1)


@in_every_way
def test_a_receiver_acknowledges_what_is_stored_wherever_its_way_to_the_store_breaks(
    way: MessageWay, direct: str, there: str, ways: list[Break]
) -> None:
    to = address_of(there)
    connect = partial(database.connect, *to, limits=limits.Limits())
    database.connect(*address_of(direct)).close()

    async def put(inbox: PostgresInbox, name: str) -> bool:
        try:
            return bool(await inbox.store([callback(report(id=name))]))
        except StoreError:
            return False

    def is_stored(name: str) -> bool:
        ((count,),) = query(direct, "SELECT count(*) FROM callback WHERE message_id = ?", name)
        return bool(count)

    with closing(PostgresInbox(connect(), lambda: database.connect(*address_of(direct)))) as inbox:
        way.break_at(0, Break.LOST)
        assert asyncio.run(put(inbox, "first"))
        for number, broken in breaks(ways, way.count):
            name = f"{broken.name}-{number}"
            way.break_at(number, broken, away=number % 3)
            told = asyncio.run(put(inbox, name))
            assert not way.is_armed
            way.away = 0
            assert told is is_stored(name), f"message {number}, {broken}"
            assert asyncio.run(put(inbox, name)), f"message {number}, {broken}"

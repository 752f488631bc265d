"""What a message's reports add up to, kept so that no number of them makes the next one dear."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from linksms_cli.adapters.store.sql import indexing
from linksms_cli.adapters.store.sql.callbacks import Reader
from linksms_cli.adapters.store.sqlite import database
from linksms_cli.adapters.store.sqlite.forgetting import forget
from linksms_cli.adapters.store.sqlite.recording import Writer
from linksms_cli.adapters.store.sqlite.stories import SqliteStories
from linksms_cli.sms.dlr.reading import read_callback
from linksms_cli.sms.dlr.receiving import Callback, ReceivedMessage, ReceivedReport, StoredCallback
from linksms_cli.sms.dlr.tally import MOST_KEYS
from tests.older import COLUMNS, insert_callbacks, older_store
from tests.reporting import INCOMING, report


def callback(body: bytes, second: int = 0) -> Callback:
    return Callback(
        received_at=f"2026-07-01T10:{second // 60:02}:{second % 60:02}.000Z",
        remote="192.0.2.1",
        method="POST",
        query="",
        headers=(),
        body=body,
        contents=read_callback(body=body, query="", content_type=None),
    )


def write(writer: Writer, batch: Sequence[Callback]) -> list[StoredCallback]:
    assert writer.begin()
    told = [event for events in writer.write(batch) for event in events]
    writer.commit()
    return told


def at(number: int, **changes: Any) -> bytes:
    """A report of one message that differs from all others by its time."""
    hours, seconds = divmod(number, 3600)
    time = f"2026-07-01T{hours:02}:{seconds // 60:02}:{seconds % 60:02}Z"
    return report(id="hot", timestamp=time, **changes)


def duplicates(told: Sequence[StoredCallback]) -> list[bool]:
    return [event.duplicate for event in told if isinstance(event, ReceivedReport)]


def steps(writer: Writer, body: bytes) -> int:
    """Return how much SQLite has to do for one more callback."""
    count = 0

    def step() -> None:
        nonlocal count
        count += 1

    writer._connection.set_progress_handler(step, 1)  # noqa: SLF001 - no clock tells it as surely
    write(writer, [callback(body)])
    writer._connection.set_progress_handler(None, 0)  # noqa: SLF001
    return count


@pytest.mark.parametrize("repeated", [False, True], ids=["each new", "all the same"])
def test_a_report_takes_no_longer_for_those_that_came_before_it(
    tmp_path: Path, repeated: bool
) -> None:
    with closing(Writer(tmp_path)) as writer:
        write(writer, [callback(at(number)) for number in range(50)])
        few = (steps(writer, at(50)), steps(writer, at(7)), steps(writer, at(49)))
        write(writer, [callback(at(60 if repeated else number)) for number in range(60, 5060)])
        many = (steps(writer, at(5060)), steps(writer, at(7)), steps(writer, at(49)))
    assert max(many) <= max(few) + 10


def test_a_message_is_indexed_no_slower_for_its_reports(tmp_path: Path) -> None:
    counts = []
    with closing(Writer(tmp_path)) as writer, closing(database.connect(tmp_path)) as store:
        for numbers in (range(50), range(50, 5000)):
            write(writer, [callback(at(number)) for number in numbers])
            count = 0

            def step() -> None:
                nonlocal count
                count += 1

            store.set_progress_handler(step, 1)
            indexing._index(store, ["hot"])  # noqa: SLF001 - no clock tells it as surely
            store.set_progress_handler(None, 0)
            counts.append(count)
    assert counts[1] < counts[0] * 2


def test_an_incoming_message_takes_no_longer_for_those_that_came_before_it(tmp_path: Path) -> None:
    with closing(Writer(tmp_path)) as writer:
        write(writer, [callback(INCOMING)] * 2)
        few = steps(writer, INCOMING)
        told = write(writer, [callback(INCOMING)] * 3000)
        assert steps(writer, INCOMING) <= few + 10
    assert all(isinstance(event, ReceivedMessage) and event.duplicate for event in told)


def test_reports_are_known_again_however_many_there_are(tmp_path: Path) -> None:
    count = MOST_KEYS * 3
    with closing(Writer(tmp_path)) as writer:
        first = write(writer, [callback(at(number)) for number in range(count)])
        again = write(writer, [callback(at(number)) for number in (0, 31, 32, 33, count - 1)])
        more = [callback(at(number)) for number in (count, 5, count, count + 1)]
        mixed = write(writer, more)
        with closing(database.connect(tmp_path)) as store:
            keyed = store.execute("SELECT count(*) FROM callback WHERE report_key IS NOT NULL")
            assert keyed.fetchone()[0] == count - MOST_KEYS + 2
    assert duplicates(first) == [False] * count
    assert duplicates(again) == [True] * 5
    assert duplicates(mixed) == [False, True, True, False]


def test_a_state_is_told_again_as_it_was_though_more_is_known_now(tmp_path: Path) -> None:
    bodies = [report(id=f"a${part}", segments=None) for part in (0, 1, 1)]
    with closing(Writer(tmp_path)) as writer:
        told = write(writer, [callback(body) for body in bodies])
        with closing(database.connect(tmp_path)) as store:
            store.execute(
                "INSERT INTO submission (created_at, updated_at, base_url, service_id, destination,"
                " source, parts, slot, message_id) VALUES ('', '', '', 1, '', '', 2, 0, 'a')"
            )
    with closing(Reader(database.connect(tmp_path, read_only=True))) as reader:
        assert list(reader.callbacks()) == told
    with closing(SqliteStories(tmp_path)) as stories:
        known = stories.delivery("a")
        assert known
        assert (known.outcome, known.parts_expected) == ("delivered", 2)


def test_a_message_keeps_its_state_when_its_first_reports_are_forgotten(tmp_path: Path) -> None:
    with closing(Writer(tmp_path)) as writer:
        for part in (0, 1):
            write(writer, [callback(report(id=f"a${part}", segments=2), second=part)])
        with closing(database.connect(tmp_path)) as store:
            store.execute("DELETE FROM callback WHERE part = 0")
        with closing(SqliteStories(tmp_path)) as stories:
            known = stories.delivery("a")
            assert known
            assert known.final


def test_a_damaged_tally_costs_no_more_than_what_it_held(tmp_path: Path) -> None:
    with closing(Writer(tmp_path)) as writer:
        write(writer, [callback(report(id=f"a${part}", segments=2)) for part in (0, 1)])
        with closing(database.connect(tmp_path)) as store:
            store.execute("UPDATE callback SET tally = 'x' WHERE part = 1")
        (event,) = write(writer, [callback(report(id="a$0", segments=2, resultCode=1000))])
    assert isinstance(event, ReceivedReport)
    assert (event.delivery.outcome, event.delivery.parts_reported) == ("pending", 2)
    with closing(Reader(database.connect(tmp_path, read_only=True))) as reader:
        assert len(list(reader.callbacks())) == 3


def test_replay_begins_where_it_is_asked_to(tmp_path: Path) -> None:
    with closing(Writer(tmp_path)) as writer:
        told = write(writer, [callback(at(number), second=number) for number in range(2000)])
    connection = database.connect(tmp_path, read_only=True)
    with closing(Reader(connection)) as reader:
        count = 0

        def step() -> None:
            nonlocal count
            count += 1

        connection.set_progress_handler(step, 1)  # no clock tells it as surely
        since = told[-2].received_at
        assert list(reader.callbacks(since=since)) == told[-2:]
        assert count < 300
        assert list(reader.callbacks(since="2027")) == []
        assert list(reader.callbacks(since=told[0].received_at)) == told


def test_callbacks_before_the_clock_went_back_are_told_too(tmp_path: Path) -> None:
    with closing(Writer(tmp_path)) as writer:
        told = write(writer, [callback(at(n), second=second) for n, second in enumerate((5, 1, 6))])
    with closing(Reader(database.connect(tmp_path, read_only=True))) as reader:
        assert list(reader.callbacks(since=told[0].received_at)) == [told[0], told[2]]


@pytest.fixture
def before(tmp_path: Path) -> tuple[Path, list[StoredCallback]]:
    """A store from before there were tallies, and what its callbacks were told as."""
    bodies = [
        *(report(id=f"a${part}", segments=3) for part in (0, 1, 1, 2)),
        report(id="b", resultCode=1000),
        b"hello",
        *(at(number) for number in range(MOST_KEYS + 3)),
        report(id="b"),
        report(id="b"),
    ]
    with closing(Writer(tmp_path / "now")) as writer:
        told = write(writer, [callback(body, second=n) for n, body in enumerate(bodies)])
    with closing(sqlite3.connect(tmp_path / "now" / database.FILE)) as store:
        rows = store.execute(f"SELECT {', '.join(COLUMNS)} FROM callback").fetchall()  # noqa: S608 - ours
    with closing(older_store(tmp_path / "before")) as store:
        insert_callbacks(store, rows)
    return tmp_path / "before", told


def without(folder: Path) -> int:
    """Return how many reports have no tally."""
    with closing(database.connect(folder)) as store:
        found = store.execute(
            "SELECT count(*) FROM callback WHERE message_id IS NOT NULL AND tally IS NULL"
        )
        return int(found.fetchone()[0])


@pytest.mark.parametrize("is_complete", [False, True], ids=["at once", "brought up to date"])
def test_a_store_from_before_there_were_tallies_knows_as_much(
    before: tuple[Path, list[StoredCallback]], is_complete: bool
) -> None:
    folder, told = before
    assert without(folder) > 40  # nothing is rewritten when it is opened
    if is_complete:
        indexing.catch_up(partial(database.connect, folder))
        assert without(folder) == 0
    with closing(Writer(folder)) as writer:
        with closing(Reader(database.connect(folder, read_only=True))) as reader:
            assert list(reader.callbacks()) == told
        with closing(SqliteStories(folder)) as stories:
            states = [stories.delivery(one) for one in ("a", "b", "hot")]
        assert [(one.outcome, one.parts_reported) for one in states if one] == [
            ("delivered", 3),
            ("delivered", 1),
            ("delivered", 1),
        ]
        again = write(writer, [callback(at(number)) for number in (0, MOST_KEYS, MOST_KEYS + 2)])
        assert duplicates(again) == [True] * 3
        new = write(writer, [callback(at(MOST_KEYS + 3)), callback(report(id="a$2", segments=3))])
        assert duplicates(new) == [False, True]
    indexing.catch_up(partial(database.connect, folder))
    assert without(folder) == 0
    with closing(Reader(database.connect(folder, read_only=True))) as reader:
        assert list(reader.callbacks())[: len(told)] == told


def test_a_receiver_of_an_older_version_may_go_on_beside(
    before: tuple[Path, list[StoredCallback]],
) -> None:
    folder, _ = before
    first, last = report(id="c$0", segments=2), report(id="c$1", segments=2)
    with closing(Writer(folder)) as writer:
        indexing.catch_up(partial(database.connect, folder))
        write(writer, [callback(first)])
        with closing(database.connect(folder)) as store:
            store.execute("UPDATE callback SET tally = NULL WHERE message_id = 'c'")
        (event,) = write(writer, [callback(last)])
    assert isinstance(event, ReceivedReport)
    assert (event.delivery.outcome, event.delivery.parts_reported) == ("delivered", 2)


def test_what_is_forgotten_still_counts_in_a_store_from_before(
    before: tuple[Path, list[StoredCallback]],
) -> None:
    folder, told = before
    forget(folder, told[2].received_at)  # two of three parts
    with closing(SqliteStories(folder)) as stories:
        known = stories.delivery("a")
    assert known
    assert (known.outcome, known.parts_reported) == ("delivered", 3)

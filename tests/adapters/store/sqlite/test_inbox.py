"""The receiver's side of the store: where a commit is waited for, and how a lock is."""

import asyncio
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from linksms_cli.adapters.store.sqlite import database, inbox
from linksms_cli.adapters.store.sqlite.inbox import SqliteInbox
from linksms_cli.adapters.store.sqlite.recording import Writer
from linksms_cli.errors import StoreError
from linksms_cli.sms.dlr.reading import read_callback
from linksms_cli.sms.dlr.receiving import Callback
from tests.reporting import report


def callback(name: str) -> Callback:
    return Callback(
        received_at="2026-07-01T10:00:00.000Z",
        remote="192.0.2.1",
        method="POST",
        query="",
        headers=(),
        body=report(id=name),
        contents=read_callback(body=report(id=name), query="", content_type=None),
    )


@pytest.fixture
def committing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the threads that committed; the second commit finds a slow disk."""
    threads: list[str] = []
    commit = Writer.commit

    def slowly(writer: Writer) -> None:
        threads.append(threading.current_thread().name)
        if len(threads) == 2:
            time.sleep(1.05)
        commit(writer)

    monkeypatch.setattr(Writer, "commit", slowly)
    return threads


def test_a_slow_disk_is_waited_for_in_a_thread(
    tmp_path: Path, committing: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "_LONG", 1.0)  # longer than any commit on a busy machine

    async def store() -> None:
        for name in "abcd":
            assert len(await receiver.store([callback(name)])) == 1

    with closing(SqliteInbox(tmp_path)) as receiver:
        asyncio.run(store())
    here = threading.current_thread().name
    assert committing == [here, here, "commit_0", here]


def test_a_lock_is_waited_for_without_holding_up_the_loop(tmp_path: Path) -> None:
    async def store() -> None:
        storing = asyncio.create_task(receiver.store([callback("a")]))
        for _ in range(20):
            await asyncio.sleep(0.005)
        assert not storing.done()
        holder.execute("ROLLBACK")
        assert len(await storing) == 1

    with (
        closing(SqliteInbox(tmp_path)) as receiver,
        closing(database.connect(tmp_path)) as holder,
    ):
        holder.execute("BEGIN IMMEDIATE")
        asyncio.run(store())


def test_a_lock_that_is_not_freed_is_an_error_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        closing(SqliteInbox(tmp_path)) as receiver,
        closing(database.connect(tmp_path)) as holder,
    ):
        monkeypatch.setattr(database, "BUSY_TIMEOUT", 50)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="is locked by another process"):
            asyncio.run(receiver.store([callback("a")]))
        holder.execute("ROLLBACK")
        assert len(asyncio.run(receiver.store([callback("a")]))) == 1

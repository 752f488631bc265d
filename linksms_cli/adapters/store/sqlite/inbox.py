"""The receiver's side of the store: it stores a batch and returns what each callback is."""

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from linksms_cli.adapters.store.sql.indexing import Indexer
from linksms_cli.adapters.store.sqlite import database
from linksms_cli.adapters.store.sqlite.recording import Writer
from linksms_cli.adapters.threads import one_thread
from linksms_cli.errors import StoreMovedError
from linksms_cli.sms.dlr.receiving import Callback, StoredCallback

# Seconds of a commit from which on the next one has a thread of its own. A thread takes some 0.1 ms
# from both sides, and the turns that it takes with the loop at Python's lock.
_LONG = 0.003
# Seconds between two looks whether another process has done with the write lock.
_LOOKS = (0.001, 0.002, 0.005, 0.01)


class SqliteInbox:
    """An `Inbox`.

    Rows are written in the loop, since that is Python's work. So are commits while the disk is
    quick; where it is slow, they wait for it in a thread, and the loop reads on meanwhile.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer: Writer | None = Writer(folder)
        self._disk = one_thread("commit")
        self._indexer = Indexer(partial(database.connect, folder))
        self._is_slow = False

    async def store(self, batch: Sequence[Callback]) -> list[Sequence[StoredCallback]]:
        """Store a batch as one, and return what each callback held."""
        if self._writer is None:
            loop = asyncio.get_running_loop()
            self._writer = await loop.run_in_executor(self._disk, Writer, self._folder)
        writer = self._writer
        await _begin(writer)
        stored = writer.write(batch)
        try:
            await self._commit(writer)
        except StoreMovedError:
            self._writer = None
            writer.close()
            raise
        self._indexer.reported()
        return stored

    def close(self) -> None:
        """End the threads and close the store."""
        self._indexer.stop()
        self._disk.shutdown()
        if self._writer:
            self._writer.close()

    async def _commit(self, writer: Writer) -> None:
        started = time.perf_counter()
        if self._is_slow:
            await asyncio.get_running_loop().run_in_executor(self._disk, writer.commit)
        else:
            writer.commit()
        self._is_slow = time.perf_counter() - started > _LONG


async def _begin(writer: Writer) -> None:
    """Take the write lock; others may have it for as long as senders would wait for them."""
    looks = iter(_LOOKS)
    look = 0.0
    deadline = time.monotonic() + database.BUSY_TIMEOUT / 1000
    while not writer.begin(patient=time.monotonic() < deadline):
        look = next(looks, look)
        await asyncio.sleep(look)

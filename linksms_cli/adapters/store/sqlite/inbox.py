"""The receiver's side of the store: it stores a batch and returns what each callback is."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from linksms_cli.adapters.store.sqlite.indexing import Indexer
from linksms_cli.adapters.store.sqlite.recording import Writer
from linksms_cli.errors import StoreMovedError
from linksms_cli.sms.dlr.receiving import Callback, StoredCallback


class SqliteInbox:
    """An `Inbox`.

    Rows are written in the loop, since that is Python's work and a thread would only take turns
    with it. The commit alone waits for the disk, in a thread, and the loop reads on meanwhile.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer: Writer | None = Writer(folder)
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._indexer = Indexer(folder)

    async def store(self, batch: Sequence[Callback]) -> list[Sequence[StoredCallback]]:
        """Store a batch as one, and return what each callback held."""
        loop = asyncio.get_running_loop()
        if self._writer is None:
            self._writer = await loop.run_in_executor(self._disk, Writer, self._folder)
        writer = self._writer
        if not writer.begin(wait=False):
            await loop.run_in_executor(self._disk, lambda: writer.begin(wait=True))
        stored = writer.write(batch)
        try:
            await loop.run_in_executor(self._disk, writer.commit)
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

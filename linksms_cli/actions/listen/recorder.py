"""Store callbacks in batches: those that arrive during one commit share the next.

Two designs were built on the same server and measured, with 128 connections on two cores of which
the client took one; processor time of a report, and reports a second, the median and the best:

    an asyncio protocol that answers and does nothing             6.5 µs  115,000 to 127,000
    our server, an empty 200                                       13 µs   70,000 to  77,000
    (a) read and judge on arrival, store, then answer              63 µs   14,500 to  15,600
    (b) store what came, answer, judge with the next batch         62 µs   15,200 to  18,800
    (b) the same, judged by a second process                    over 60 µs  1,300 to   5,500
    (b) store what came, answer, judge nothing yet                 24 µs   34,500 to  45,000

Judging costs the same before the answer as behind it, so (b) only answers bursts sooner, and owes
the rest: whoever looks after a 200 would not find the report yet, a crash would leave reports to
be judged by somebody, and two receivers would have to agree who. (a) has none of that: one
transaction holds what came, whether it is new, and what its message has come to, and whatever is
done with it afterwards reads it from there.

The ids of those runs came in order. Under random ids, each of which touches a page of the index
that no other does, the steps of (a) gained this; medians of three turns of two seconds in one run,
with 128 connections and with 8:

    what it began on: uvicorn                       105 µs, 10,000     231 µs, 4,300
    a protocol of our own                           102 µs,  8,200     199 µs, 3,900
    a report judged by one row                       89 µs, 10,200     196 µs, 3,900
    reports as named tuples, read in half the time   82 µs, 10,400     219 µs, 4,200
    an event's line made of pieces                   73 µs, 10,600     213 µs, 4,000
    commits in the loop, what has come gathered      69 µs, 12,700     108 µs, 8,300
    (other clients get their turn: nothing           64 to 65          100 to 97)
    a log of 16 MB                                   64 µs, 13,900      94 µs, 8,900

Where they go now, each part run by itself over batches of 128 (the machine had a load of 9):

    a request and its answer: our server with an empty 200         13 µs
    reading the JSON                                              6.8
    who may report, what is kept of the request, its answer       4.1
    what the store knows of the messages, one query a batch       2.9
    judging, the tally, the event                                 6.8
    the row and its indices                                       5.6
    the commit                                                    6.5
    the event as a line of JSON, and writing it                   5.4
    the rest of 62: the loop's tasks and callbacks, garbage        11

To reach 0.6 of the rate of an empty 200 a report may take 22 µs, and a request, its row and the
commit take more already (24 above, with nothing judged). Three times webhook's rate would be 39 µs,
which only (b) has that judges later.

On a quieter machine that is 62 µs, 15,400 reports a second, 99 of 100 answered within 17 ms. What
has not made it faster: uvloop (1 µs), reading the bodies of a batch together (nothing), and fewer
collections of garbage (1.5 µs).

With ten million reports stored, processor time of a report (on a machine with a load of 8 to 25;
the store's part alone in batches of 128, from two or three runs):

                            few stored       ten million    ten million, the file not in memory
    the store, random ids   27 to 31 µs      31 to 34 µs    46 to 49 µs
    the store, growing ids  16 µs            17 to 18 µs    20 µs
    all of it, random ids   102 µs           141 µs         135 µs
    all of it, growing ids  74 µs            75 µs          78 µs

So it is the disk: with random ids 1.3 pages a report have to be read, and the loop waits 60 µs for
them, until the system has the index in memory (400 MB). Ids as those in LINK's documents, a number
that grows and then the time, are neighbours in the index: a report takes 0.7 writes and not 3.8,
and none of it depends on what is stored. Hence the index stays as it is. A hash of the id as its
key, half as long, would make such ids random; an index in two levels would need a million entries
in the young one, ten for each page of the old, and a million cost what ten million do. With random
ids and the index in memory (31 and 32 µs in that run) these were no faster:

    cache_size of 8 MB                     33, 37 µs, and 6 MB more memory
    cache_size of 64 MB                    35, 38 µs, and 65 MB more
    mmap_size of 256 MB, of 4 GB           34, 38 µs; 35, 37 µs
    a log of 4 MB                          36, 38 µs
    a log of 64 MB                         35, 37 µs, and bringing it in takes half a second
"""

import asyncio
from collections.abc import Callable, Sequence

from linksms_cli.actions.listen.metrics import Meter
from linksms_cli.adapters.store import Inbox
from linksms_cli.errors import StoreError, StoreMovedError
from linksms_cli.sms.dlr.receiving import (
    UNREADABLE_BYTES,
    Callback,
    ReceiverTrouble,
    StoredCallback,
    UnreadableCallback,
)

# What shares one commit, at most: reports and the like, of which a callback may hold many. Nothing
# else happens in the loop while they are judged.
_BATCH = 512
# Seconds for which it is known that the store can be written, once something was.
_CHECKED_FOR = 1.0
_MENDED = ReceiverTrouble(message="reports are stored again")
_FULL = ReceiverTrouble(
    message=f"{UNREADABLE_BYTES >> 20} MiB are stored of what cannot be read as a report, "
    "and more of it is answered 503: see `linksms listen --replay`, and make room with "
    "`linksms status --forget-before`"
)
_ROOM = ReceiverTrouble(message="there is room again for unreadable requests")


class Recorder:
    """Stores callbacks durably; it belongs to one event loop.

    `tell` is given what was stored, `trouble` what keeps it from being stored. `renewed` is called
    when another store has taken the place of the one that it began with, before anything is stored
    there; it may raise StoreError. `meter` counts.
    """

    def __init__(
        self,
        inbox: Inbox,
        *,
        tell: Callable[[Sequence[StoredCallback]], None],
        trouble: Callable[[ReceiverTrouble], None],
        renewed: Callable[[], None] = lambda: None,
        meter: Meter | None = None,
    ) -> None:
        self._inbox = inbox
        self._tell = tell
        self._trouble = trouble
        self._renewed = renewed
        self._meter = meter
        self._waiting: list[tuple[Callback, Callable[[bool], None]]] = []
        self._checks: list[Callable[[bool], None]] = []
        # When something was last stored, by the loop's clock.
        self._stored_at = -_CHECKED_FOR
        self._work: asyncio.Task[None] | None = None
        self._fails = False
        self._full = False
        self._is_moved = False

    @property
    def waiting(self) -> int:
        """How many callbacks wait for their commit."""
        return len(self._waiting)

    @property
    def stores(self) -> bool:
        """Whether the last attempt to store something worked."""
        return not self._fails

    def take(self, callback: Callback, stored: Callable[[bool], None]) -> None:
        """Store a callback, and say then whether it is on disk."""
        self._waiting.append((callback, stored))
        if self._work is None:
            self._work = asyncio.get_running_loop().create_task(self._store_all())

    def check(self, answer: Callable[[bool], None]) -> None:
        """Say whether a callback could be stored now, by writing to the store."""
        self._checks.append(answer)
        if self._work is None:
            self._work = asyncio.get_running_loop().create_task(self._store_all())

    async def _check(self) -> None:
        """Answer all who ask; if reports are being stored, that is the answer."""
        asked, self._checks = self._checks, []
        now = asyncio.get_running_loop().time()
        if now - self._stored_at > _CHECKED_FOR:
            try:
                await self._store([])
                self._stored_at = now
                self._recover()
            except StoreError as failure:
                self._fail(failure)
        for answer in asked:
            answer(not self._fails)

    async def _store_all(self) -> None:
        try:
            while self._waiting or self._checks:
                if self._checks:
                    await self._check()
                    continue
                await self._gather()
                size = self._batch_size()
                batch, self._waiting = self._waiting[:size], self._waiting[size:]
                await self._store_batch(batch)
        finally:
            self._work = None

    async def _gather(self) -> None:
        """Read on while more comes: what is there already shares the commit."""
        before = 0
        while before < len(self._waiting) < _BATCH:
            before = len(self._waiting)
            await asyncio.sleep(0)

    def _batch_size(self) -> int:
        """Return how many of the callbacks that wait share the next commit: one at least."""
        contents = 0
        for count, (callback, _) in enumerate(self._waiting[:_BATCH]):
            contents += len(callback.contents)
            if contents > _BATCH:
                return max(count, 1)
        return min(len(self._waiting), _BATCH)

    async def _store_batch(self, batch: Sequence[tuple[Callback, Callable[[bool], None]]]) -> None:
        told: list[Sequence[StoredCallback]] = [()] * len(batch)
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            told = await self._store([callback for callback, _ in batch])
            self._stored_at = loop.time()
            self._recover()
        except StoreError as failure:
            self._stored_at = -_CHECKED_FOR
            self._fail(failure)
        finally:
            for (_, stored), events in zip(batch, told, strict=True):
                stored(bool(events))
        kept = [event for events in told for event in events]
        self._tell(kept)
        if self._meter:
            self._meter.tried(kept, None if self._fails else self._stored_at - began)
        if not all(told) and not self._fails:
            self._fill()
        elif self._full and any(isinstance(event, UnreadableCallback) for event in kept):
            self._full = False
            self._trouble(_ROOM)

    async def _store(self, batch: Sequence[Callback]) -> list[Sequence[StoredCallback]]:
        if not self._is_moved:
            try:
                return await self._inbox.store(batch)
            except StoreMovedError as moved:
                self._is_moved = True
                message = f"{moved.message}: reports go into what is there now, or into a new one"
                self._trouble(ReceiverTrouble(message=message))
        await self._inbox.store([])  # made, where there is none
        self._renewed()
        stored = await self._inbox.store(batch)
        self._is_moved = False
        return stored

    def _fail(self, failure: StoreError) -> None:
        if not self._fails:
            message = f"{failure.message}; reports are answered 503 until this is fixed"
            self._trouble(ReceiverTrouble(message=message))
        self._fails = True

    def _fill(self) -> None:
        if not self._full:
            self._trouble(_FULL)
        self._full = True

    def _recover(self) -> None:
        if self._fails:
            self._trouble(_MENDED)
        self._fails = False

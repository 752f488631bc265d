"""The sides of a store, each for one who uses it: to send, receive, forward, look and copy.

Every method raises StoreError where the store cannot be opened, read or written.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from linksms_cli.adapters.store.sql.copying import Piece
    from linksms_cli.sms.dlr.delivery import Delivery
    from linksms_cli.sms.dlr.receiving import Callback, StoredCallback
    from linksms_cli.sms.forward.due import Due, Settled
    from linksms_cli.sms.mt.batch import BatchIdentity, StoredBatch, StoredRow
    from linksms_cli.sms.mt.result import Result
    from linksms_cli.sms.mt.submission import Intent, OnceKey, Payload, Submission
    from linksms_cli.sms.mt.twin import Twin
    from linksms_cli.sms.search import CountField, Search
    from linksms_cli.sms.story import Story


class Original(Protocol):
    """A store that is copied."""

    @property
    def total(self) -> int:
        """How many rows it has."""

    def pieces(self) -> "Iterator[Piece]":
        """Yield them all, each after those that it refers to, the same in every database."""


class Replica(Protocol):
    """A store that is filled."""

    def add(self, piece: "Piece") -> None:
        """Put some rows in."""


class Outbox(Protocol):
    """The sender's side. What is given together is committed as one, and is on disk at the return.

    It serves one thread at a time, which may be another than opened it, and any number of orders: a
    claim is a value.
    """

    @property
    def created(self) -> bool:
        """Whether opening it made the store: then no earlier run can have left anything in it."""

    @property
    def replaced(self) -> bool:
        """Whether another store lay here before, whose keys this one does not know."""

    def claim(self, key: "OnceKey", payload: "Payload") -> int | None:
        """Make a key stand for a payload from now on, and return the claim.

        The caller holds the key. None where a read-only outbox finds the key free. Another payload
        may take a key over while some of the one before was not sent, if it holds what was.

        Raises OnceConflictError where another payload has used the key up, StoreError where the
        store has lost what it knew of keys.
        """

    def earlier(self, claim: int, slot: int) -> "Submission | None":
        """Return the submission that has used up a claimed key for one recipient, if one has."""

    def begin(self, intents: "Sequence[Intent]") -> list[int]:
        """Store that requests are about to go out, and return a number for each.

        Nothing bars any of them.
        """

    def finish(self, results: "Iterable[tuple[int, Result]]") -> None:
        """Store what became of requests, each by the number of its intent."""

    def advance(
        self, results: "Iterable[tuple[int, Result]]", intents: "Sequence[Intent]"
    ) -> "list[int | Submission]":
        """Do what `finish` and `begin` do, in one commit.

        An intent that has a twin which bars it is not stored: in place of its number that is
        returned. No other process can store one meanwhile.
        """

    def batch(self, identity: "BatchIdentity") -> "StoredBatch | None":
        """Return the latest batch of that identity, None if it was never begun.

        Raises StoreError if the store has lost what it knew of batches.
        """

    def begin_batch(self, identity: "BatchIdentity", *, again: bool) -> "StoredBatch":
        """Begin a batch; `again` if it is sent although it was finished before.

        The caller holds it.
        """

    def finish_batch(self, batch: int) -> None:
        """Note that every row of a batch has its outcome."""

    def rows_after(self, batch: int, row: int, limit: int) -> "list[StoredRow]":
        """Return the latest submission of each of the next rows of a batch, in their order.

        They have numbers above `row`; those that were never submitted are left out.
        """

    def twins(self, wanted: "Sequence[Twin]", *, besides: int) -> "list[Submission | None]":
        """Return for each row its latest equal in another batch that bars it, None if none does."""

    def settle(self, results: "Iterable[Result]") -> None:
        """Store what messages that were accepted have come to."""

    def hasten(self) -> None:
        """Raise StoreAwayError within moments if the store is away: the caller waits for it."""

    def close(self) -> None:
        """Close it."""


class Inbox(Protocol):
    """The receiver's side; its methods belong to one event loop, which a commit does not block."""

    async def store(self, batch: "Sequence[Callback]") -> "list[Sequence[StoredCallback]]":
        """Store a batch as one, and return what each callback held: reports, new or not, and so on.

        Of an empty batch something is written that changes nothing, to see whether that works.
        Nothing is returned where it is not stored for want of room. What is returned is on disk;
        where it raises, nothing of the batch is.

        Raises StoreMovedError if the store was taken away; the next batch goes into the one that
        is there then, made where there is none.
        """

    def close(self) -> None:
        """Close it; nothing may be under way any more."""


class Forwards(Protocol):
    """The side of who forwards what is stored to one target; it serves one thread at a time.

    Any number may forward to a target. What one has claimed is nobody else's until the lease ends,
    which comes to pass by itself if its owner is gone. Reports of one message are claimed one after
    the other, each when the one before it is settled; a request that holds several is one.
    """

    def advance(
        self,
        settled: "Sequence[Settled]",
        *,
        held: Sequence[int],
        limit: int,
        now: "datetime",
        lease: "timedelta",
    ) -> "list[Due]":
        """Settle attempts, renew the lease of what is still `held`, and claim up to `limit` more.

        All of it is one commit. It survives the end of the process; a power cut may take back the
        last moments of it, and what was settled then is forwarded again. What a clock that was put
        back has left for much later is due when a lease would end.
        """

    def next_due(self) -> str | None:
        """Return when something is due next, RFC 3339 in UTC or empty for now; None for never."""

    def newest(self) -> int:
        """Return the number of what came last."""

    def give_up(self, before: "datetime", failure: str) -> int:
        """Set aside what came before a moment, if the target has failed at everything since then.

        Returns how much that was.
        """

    def version(self) -> int:
        """Return a number that changes whenever somebody else has committed."""

    def is_moved(self) -> bool:
        """Return whether the store was removed, moved or replaced since it was opened."""

    def close(self) -> None:
        """Close it."""


class Stories(Protocol):
    """The side of those who look at messages: nothing is written."""

    def version(self) -> int:
        """Return a number that changes whenever somebody else has committed.

        Raises StoreMovedError if the store was taken away.
        """

    def find(self, prefix: str) -> str | None:
        """Return the message id that is `prefix` or alone begins with it, None where none does.

        The id of one of its parts, which is that of a report, means the message too.

        Raises UsageError where several begin with it.
        """

    def story(self, message_id: str) -> "Story | None":
        """Return the story of a message, None where the store does not know it."""

    def delivery(self, message_id: str) -> "Delivery | None":
        """Return the state that a message's reports add up to, None before the first."""

    def handled(self, handle: int) -> "Story | None":
        """Return the story of a submission by the store's number of it, None if there is none."""

    def refresh(self, behind: "Callable[[int], None]", stopped: "Callable[[], bool]") -> str | None:
        """Make what is searched complete; return why that cannot be, if it cannot.

        `behind` is given meanwhile how many rows are left.
        """

    def search(self, wanted: "Search", limit: int | None) -> "Iterator[Story]":
        """Yield the stories of the messages that are looked for, the latest first."""

    def total(self, wanted: "Search") -> int | None:
        """Return how many there are, 10,001 for more; None if counting them takes too long."""

    def count(
        self, wanted: "Search", fields: "Sequence[CountField]"
    ) -> "list[tuple[tuple[Any, ...], int]]":
        """Return which values of these fields how many messages have.

        Hours and days are quarters of an hour of UTC since 1970.
        """

    def changes(self) -> "Callable[[Search], list[Story]]":
        """Return what gives, at each call, the stories that have changed since the one before."""

    def close(self) -> None:
        """Close it."""

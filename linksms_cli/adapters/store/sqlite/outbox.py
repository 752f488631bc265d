"""The sender's side of a SQLite store: beside the tables it keeps a count outside of them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from linksms_cli.adapters.store.sql.outbox import SqlOutbox
from linksms_cli.adapters.store.sqlite import database, witness
from linksms_cli.errors import StoreError
from linksms_cli.sms.mt.batch import BatchIdentity, StoredBatch
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.mt.submission import Intent, OnceKey, Payload, Submission

_PUT_BACK = (
    "Put it back before you send again: it alone knows what was sent, so without it a once-key or "
    "a batch would send it again."
)


class SqliteOutbox(SqlOutbox):
    """An `Outbox`."""

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self.created = not database.exists(folder)
        self._folder = folder
        connection = database.connect(folder, read_only=read_only, one_thread=False)
        try:
            super().__init__(connection, read_only=read_only)
            with connection.errors():
                self.replaced = witness.is_of_another(folder, self._id)
                self._identity = database.identity(folder)
        except BaseException:
            connection.close()
            raise

    def claim(self, key: OnceKey, payload: Payload) -> int | None:
        """Make a key stand for a payload from now on."""
        self._check_count()
        return super().claim(key, payload)

    def batch(self, identity: BatchIdentity) -> StoredBatch | None:
        """Return the latest batch of that identity."""
        self._check_count()
        return super().batch(identity)

    def advance(
        self, results: Iterable[tuple[int, Result]], intents: Sequence[Intent]
    ) -> list[int | Submission]:
        """Store what became of requests, and that others are about to go out."""
        begun = super().advance(results, intents)
        stored = [
            one for one, number in zip(intents, begun, strict=True) if isinstance(number, int)
        ]
        if protected := _protected(stored):
            with self._connection.errors():
                # A group of a batch is one of many: the next one's note follows in a moment.
                lasting = len(protected) == 1 and protected[0].batch is None
                witness.note(self._folder, self._id, self._count, lasting=lasting)
        return begun

    def _protect(self, intents: Sequence[Intent]) -> None:
        super()._protect(intents)
        if protected := _protected(intents):
            statement = "UPDATE once_count SET intents = intents + ? RETURNING intents"
            (total,) = self._connection.execute(statement, (len(protected),)).fetchall()
            self._count = int(total[0])

    def _counted(self) -> int:
        """Return how many submissions that must not be made twice there have ever been."""
        (total,) = self._connection.execute("SELECT intents FROM once_count").fetchone()
        return int(total)

    @property
    def _id(self) -> bytes:
        return witness.identity(self._secret)

    def _check_count(self) -> None:
        """Raise StoreError where the database has lost submissions that went out under a key."""
        with self._connection.errors():
            there = self._counted()
            known = witness.read(self._folder, self._id)
        if known is not None and known > there:
            message = (
                f"the store {self._folder / database.FILE} has lost what it knew of "
                f"{known - there} of {known} messages that must not be sent twice"
            )
            hint = (
                "Its log was damaged or removed. Find out what was sent before you send again; to "
                f"go on without what is lost, delete {self._folder / witness.FILE}."
            )
            raise StoreError(message, hint)

    @contextmanager
    def _transaction(self) -> Iterator[datetime]:
        """Commit the block as one, durably; it is given the time.

        Raises StoreMovedError if it is durable where nobody will look for it: what it was to
        record must not be sent.
        """
        with super()._transaction() as now:
            yield now
        with self._connection.errors():
            database.check_identity(self._folder, self._identity, _PUT_BACK)


def _protected(intents: Sequence[Intent]) -> list[Intent]:
    """Return those that must not be sent twice: they are counted outside the database too."""
    return [one for one in intents if one.claim is not None or one.batch is not None]

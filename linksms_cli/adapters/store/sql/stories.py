"""What the store knows of messages: submissions and reports, read back as stories."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from linksms_cli.adapters.store.sql import counting, indexing, searching
from linksms_cli.adapters.store.sql.connection import Connection, Row
from linksms_cli.adapters.store.sql.forwarded import states_of
from linksms_cli.adapters.store.sql.history import History
from linksms_cli.adapters.store.sql.outbox import submission
from linksms_cli.adapters.store.sql.rereading import CALLBACKS, Rereader
from linksms_cli.errors import StoreError, UsageError
from linksms_cli.sms.dlr.delivery import Delivery
from linksms_cli.sms.dlr.report import split_id
from linksms_cli.sms.search import CountField, Search
from linksms_cli.sms.story import Story, StoryReport

# How many candidates an ambiguous prefix lists.
_CANDIDATES = 5
_FIRST_SURROGATE, _LAST_SURROGATE = 0xD800, 0xDFFF


class SqlStories:
    """`Stories`, but for how a backend knows that somebody has committed.

    `connect` opens a second connection, which may write.
    """

    def __init__(self, connection: Connection, connect: Callable[[], Connection]) -> None:
        self._connection = connection
        self._connect = connect

    def close(self) -> None:
        """Close the store."""
        self._connection.close()

    def find(self, prefix: str) -> str | None:
        """Return the message id that is `prefix` or alone begins with it, None where none does.

        The id of one of its parts, which is that of a report, means the message too.

        Raises UsageError where several begin with it.
        """
        with self._connection.errors():
            return _find(self._connection, prefix)

    def story(self, message_id: str) -> Story | None:
        """Return the story of a message, None where the store does not know it."""
        with self._connection.errors():
            return _story_of(self._connection, message_id)

    def delivery(self, message_id: str) -> Delivery | None:
        """Return the state that a message's reports add up to, None before the first."""
        with self._connection.errors():
            tally = History(self._connection, [message_id]).tally(message_id)
            return tally.delivery() if tally else None

    def refresh(self, behind: Callable[[int], None], stopped: Callable[[], bool]) -> str | None:
        """Make what is searched complete."""
        with self._connection.errors():
            if not indexing.behind(self._connection):
                return None
        try:
            with self._connection.errors():
                indexing.catch_up(self._connect, told=behind, stopped=stopped)
        except StoreError as failure:  # it may only be read, or another process holds it
            return failure.message
        return None

    def search(self, wanted: Search, limit: int | None) -> Iterator[Story]:
        """Yield the stories of what is looked for, the latest first."""
        with self._connection.errors():
            for number in searching.find(self._connection, wanted, limit):
                yield from self._numbered([number])

    def total(self, wanted: Search) -> int | None:
        """Return how many are found."""
        with self._connection.errors():
            return searching.total(self._connection, wanted)

    def count(
        self, wanted: Search, fields: Sequence[CountField]
    ) -> list[tuple[tuple[Any, ...], int]]:
        """Return how many messages have which values."""
        with self._connection.errors():
            return counting.count(self._connection, wanted, fields)

    def handled(self, handle: int) -> Story | None:
        """Return the story of a submission by its number."""
        with self._connection.errors():
            row = self._connection.execute(_SUBMISSION, (handle,)).fetchone()
            return _story(self._connection, row, row["message_id"]) if row else None

    def changes(self) -> Callable[[Search], list[Story]]:
        """Return what tells, from now on, the stories that have changed since it was last asked."""
        with self._connection.errors():
            changes = searching.Changes(self._connection)

        def since_then(wanted: Search) -> list[Story]:
            with self._connection.errors():
                return list(self._numbered(changes.next(wanted)))

        return since_then

    def _numbered(self, numbers: Iterable[int]) -> Iterator[Story]:
        """Yield the stories of rows, as far as they are still there."""
        for number in numbers:
            found: Story | None = None
            if number > 0:
                row = self._connection.execute(_SUBMISSION, (number,)).fetchone()
                found = _story(self._connection, row, row["message_id"]) if row else None
            elif row := self._connection.execute(_CALLBACK, (-number,)).fetchone():
                found = _story(self._connection, None, row["message_id"])
            if found:
                yield found


_SUBMISSION = "SELECT * FROM submission WHERE id = ? AND destination <> ''"
_CALLBACK = "SELECT message_id FROM callback WHERE id = ?"


def _find(connection: Connection, prefix: str) -> str | None:
    found = _beginning(connection, prefix)
    if prefix in found:
        return prefix
    if len(found) > 1:
        more = ", …" if len(found) > _CANDIDATES else ""
        listed = ", ".join(found[:_CANDIDATES])
        message = f"several message ids begin with {prefix!r}: {listed}{more}"
        raise UsageError(message, "Type more of the one you mean.")
    if found:
        return found[0]
    whole, _ = split_id(prefix)
    return whole if whole in _beginning(connection, whole) else None


def _beginning(connection: Connection, prefix: str) -> list[str]:
    """Return the first ids that begin with `prefix`: that itself, then more than can be listed."""
    if not prefix:
        return []
    after = _after(prefix)
    begins = "message_id >= :prefix" + (" AND message_id < :after" if after else "")
    rows = connection.execute(
        f"SELECT message_id FROM submission WHERE {begins} "  # noqa: S608 - constants
        f"UNION SELECT message_id FROM callback WHERE {begins} "
        "AND NOT duplicate ORDER BY message_id LIMIT :most",
        {"prefix": prefix, "after": after, "most": _CANDIDATES + 1},
    ).fetchall()
    return [str(row[0]) for row in rows]


def _after(prefix: str) -> str | None:
    """Return what is sorted behind every text that begins with `prefix`, and before any other.

    Text is sorted by its octets in UTF-8, which has no surrogates. None where nothing can be.
    """
    last = prefix.rstrip(chr(sys.maxunicode))
    if not last:
        return None
    following = ord(last[-1]) + 1
    return last[:-1] + chr(following if following != _FIRST_SURROGATE else _LAST_SURROGATE + 1)


def _story_of(connection: Connection, message_id: str) -> Story | None:
    row = connection.execute(
        "SELECT * FROM submission WHERE message_id = ? ORDER BY id DESC LIMIT 1", (message_id,)
    ).fetchone()
    return _story(connection, row, message_id)


def _reports(connection: Connection, message_id: str) -> Iterator[StoryReport]:
    """Read a message's reports again; of one that only another version could read, what is known.

    `listen --replay` shows its bytes.
    """
    rows = connection.execute(
        f"{CALLBACKS} WHERE callback.message_id = ? "
        "AND NOT callback.duplicate ORDER BY callback.id",
        (message_id,),
    ).fetchall()
    forwards = states_of(connection, [row["id"] for row in rows])
    rereader = Rereader()
    for row in rows:
        yield StoryReport(
            report=rereader.report(row),
            received_at=row["received_at"],
            forwards=forwards.get(row["id"], ()),
        )


def _story(connection: Connection, row: Row | None, message_id: str | None) -> Story | None:
    delivery: Delivery | None = None
    reports: tuple[StoryReport, ...] = ()
    if message_id is not None:
        tally = History(connection, [message_id]).tally(message_id)
        if tally:
            delivery = tally.delivery()
            reports = tuple(_reports(connection, message_id))
    if row is None and delivery is None:
        return None
    return Story(
        number=row["id"] if row is not None else None,
        submission=submission(row) if row is not None else None,
        delivery=delivery,
        reports=reports,
    )

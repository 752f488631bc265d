"""The rows that are searched and counted, made piece by piece from submissions and callbacks.

Triggers make a submission's row. What reports say of a message is added up here, behind the
receiver's back, so that no report waits for it: by the receiver when it is quiet, and by whoever
searches. An older store is brought up to date in the same way.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing

from linksms_cli.adapters.store.sql import tallying
from linksms_cli.adapters.store.sql.connection import Connection, DamagedError
from linksms_cli.adapters.store.sql.history import History
from linksms_cli.adapters.store.sql.outbox import submission
from linksms_cli.adapters.store.sql.rereading import CALLBACKS, Rereader
from linksms_cli.adapters.threads import start_thread
from linksms_cli.errors import StoreError
from linksms_cli.sms import msisdn, timestamp
from linksms_cli.sms.story import Story, StoryReport

# Rows in one transaction: few enough to hold the write lock for some 10 ms.
_PIECE = 200
# The pause after a piece is as long as the piece took, and at least this: others want to write.
_PAUSE = 0.01
# How long no report has come when the receiver is quiet, in seconds.
_QUIET = 0.2

_BEHIND = """
    SELECT coalesce((SELECT max(id) FROM callback), 0) - callback
        + CASE WHEN submission > 1 THEN submission - 1 ELSE 0 END
        + (SELECT count(*) FROM (SELECT 1 FROM stale LIMIT 1000) AS some_stale)
    FROM indexed
"""
_OLD_SUBMISSIONS = """
    INSERT INTO message (id, at, destination, source, profile, batch, outcome, result_code)
    SELECT * FROM sent WHERE id >= ? AND id < ? ON CONFLICT (id) DO NOTHING
"""
_AFTER_SUBMISSIONS = "SELECT coalesce(max(id), 0) + 1 FROM submission"
_NEXT_CALLBACKS = """
    SELECT id, message_id, result_code IS NOT NULL AND tally IS NULL AS is_without
    FROM callback WHERE id > ? ORDER BY id LIMIT ?
"""
_FRESH = "DELETE FROM stale WHERE message_id IN ({wanted})"
_OWN = "SELECT * FROM submission WHERE message_id IN ({wanted})"
# The first callback of each message names its row, the last says the most. Those between them are
# not looked at: a message may have any number.
_ENDS = """
    SELECT first.message_id, first.id, (
            SELECT max(id) FROM callback WHERE message_id = wanted.value AND NOT duplicate
        ), first.received_at
    FROM ({wanted}) AS wanted JOIN callback AS first ON first.id = (
        SELECT min(id) FROM callback WHERE message_id = wanted.value AND NOT duplicate)
"""
_LAST = f"{CALLBACKS} WHERE callback.id IN ({{wanted}})"
_UPDATE = """
    UPDATE message SET outcome = ?, result_code = ?, operator = ?, reference = ? WHERE id = ?
"""
_REPLACE = """
    INSERT INTO message (outcome, result_code, operator, reference, id, at, destination, source)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome, result_code = excluded.result_code,
        operator = excluded.operator, reference = excluded.reference, at = excluded.at,
        destination = excluded.destination, source = excluded.source
"""


def behind(connection: Connection) -> int:
    """Return about how many rows are still to be looked at."""
    return int(connection.execute(_BEHIND).fetchone()[0])


def catch_up(
    connect: Callable[[], Connection],
    *,
    told: Callable[[int], None] = lambda _behind: None,
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Make every row that is missing, in pieces, until all are there or it is stopped.

    `told` is given how many rows are left. Raises StoreError.
    """
    with closing(connect()) as connection, connection.errors():
        while (left := behind(connection)) and not stopped():
            told(left)
            began = time.monotonic()
            with connection.transaction():
                found = _piece(connection)
            if not found:
                return
            time.sleep(max(_PAUSE, time.monotonic() - began))


class Indexer:
    """Catches up in a thread of its own whenever no report has come for a moment."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._reports = threading.Event()
        self._stopped = False
        self._quiet_at = time.monotonic() + _QUIET
        self._thread = threading.Thread(target=self._run, name="index", daemon=True)
        self._reports.set()  # what came before it began
        start_thread(self._thread)

    def reported(self) -> None:
        """Note that reports were stored."""
        self._quiet_at = time.monotonic() + _QUIET
        if not self._reports.is_set():  # to wake a thread takes longer than to store a report
            self._reports.set()

    def stop(self) -> None:
        """End the thread after the piece that is under way."""
        self._stopped = True
        self._reports.set()
        self._thread.join()

    def _run(self) -> None:
        while self._reports.wait() and not self._stopped:
            left = self._quiet_at - time.monotonic()
            if left > 0:
                time.sleep(left)
                continue
            self._reports.clear()
            # Whoever searches finds what is missing here, and says why if it cannot be made.
            try:
                catch_up(self._connect, stopped=self._reports.is_set)
            except StoreError:
                continue


def _piece(connection: Connection) -> bool:
    """Look at the next rows; return whether there were any."""
    # One piece at a time, whoever makes it.
    statement = f"SELECT callback, submission FROM indexed {connection.locked}"  # noqa: S608 - a constant
    callback, oldest = connection.execute(statement).fetchone()
    if oldest > 1:
        oldest = min(oldest, connection.execute(_AFTER_SUBMISSIONS).fetchone()[0])
        connection.execute(_OLD_SUBMISSIONS, (oldest - _PIECE, oldest))
        connection.execute("UPDATE indexed SET submission = ?", (max(oldest - _PIECE, 0),))
        return True
    rows = connection.execute(_NEXT_CALLBACKS, (callback, _PIECE)).fetchall()
    if rows:
        if any(row["is_without"] for row in rows):
            tallying.write(connection, rows[0]["id"], rows[-1]["id"])
        connection.execute("UPDATE indexed SET callback = ?", (rows[-1]["id"],))
        _index(connection, {row["message_id"] for row in rows if row["message_id"] is not None})
        return True
    stale = connection.execute("SELECT message_id FROM stale LIMIT ?", (_PIECE,)).fetchall()
    ids = [row["message_id"] for row in stale]
    # First, so that whoever changes one of them meanwhile puts it down anew.
    texts, wanted = connection.texts(), connection.listed(ids)
    if connection.execute(_FRESH.format(wanted=texts), (wanted,)).rowcount < len(ids):
        raise DamagedError("what is to be indexed cannot be marked as done")
    _index(connection, ids)
    return bool(ids)


def _index(connection: Connection, message_ids: Iterable[str]) -> None:
    """Make the rows of messages that reports have come for."""
    texts, wanted = connection.texts(), connection.listed(message_ids)
    ends = {row[0]: row for row in connection.execute(_ENDS.format(wanted=texts), (wanted,))}
    history = History(connection, ends)
    last = dict(_last_reports(connection, [row[2] for row in ends.values()]))
    own: set[str] = set()
    for row in connection.execute(_OWN.format(wanted=texts), (wanted,)).fetchall():
        message_id = row["message_id"]
        own.add(message_id)
        tally = history.tally(message_id)
        story = Story(
            number=row["id"],
            submission=submission(row),
            delivery=tally.delivery() if tally else None,
            reports=(last[message_id],) if tally else (),
        )
        connection.execute(_UPDATE, (*_said(story), row["id"]))
    for message_id, first, _, at in ends.values():
        if message_id in own:
            connection.execute("DELETE FROM message WHERE id = ?", (-first,))
            continue
        tally = history.tally(message_id)
        if tally is None:
            continue
        story = Story(submission=None, delivery=tally.delivery(), reports=(last[message_id],))
        to = msisdn.searchable(story.to) if story.to else None
        connection.execute(
            _REPLACE, (*_said(story), -first, timestamp.milliseconds(at), to, story.source)
        )


def _said(story: Story) -> tuple[object, ...]:
    last = story.reports[-1].report if story.reports else None
    operator, reference = (last.operator, last.ref_id) if last else (None, None)
    return story.outcome, story.result_code, operator, reference


def _last_reports(
    connection: Connection, numbers: Iterable[int]
) -> Iterator[tuple[str, StoryReport]]:
    rereader = Rereader()
    statement = _LAST.format(wanted=connection.numbers())
    for row in connection.execute(statement, (connection.listed(numbers),)).fetchall():
        report = StoryReport(report=rereader.report(row), received_at=row["received_at"])
        yield row["message_id"], report

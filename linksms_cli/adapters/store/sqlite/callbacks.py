"""Store callbacks as they came, judge each against earlier ones, and read them again."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from linksms_cli.adapters.store.sqlite import database
from linksms_cli.adapters.store.sqlite.history import History
from linksms_cli.adapters.store.sqlite.incoming import CameIn
from linksms_cli.adapters.store.sqlite.rereading import CALLBACKS, Rereader
from linksms_cli.errors import StoreMovedError
from linksms_cli.sms.dlr.incoming import IncomingMessage
from linksms_cli.sms.dlr.reading import Content, Unreadable
from linksms_cli.sms.dlr.receiving import (
    UNREADABLE_BYTES,
    Callback,
    ReceivedMessage,
    ReceivedReport,
    StoredCallback,
    UnreadableCallback,
)
from linksms_cli.sms.dlr.report import Report

# What cannot be read counts for at least so much: what there is of it gets counted again with each
# batch that brings more, so it must not be too many.
_ROW_BYTES = 2048
# What a body that could not be read shows of itself.
_EXCERPT = 200
_PAGE = 500

_INSERT = """
    INSERT INTO callback (id, received_at, remote, method, query, headers, body, fault, message_id,
        part, result_code, operator_result_code, timestamp, segments, duplicate, place, incoming)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class Writer:
    """Writes callbacks in batches: `begin`, `write`, then `commit`, which alone waits for the disk.

    One batch at a time; the three may run in different threads. Every method raises StoreError,
    and leaves nothing of the batch when it does.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / database.FILE
        self._connection = database.connect(folder, one_thread=False)
        self._identity = database.identity(folder)

    def close(self) -> None:
        """Close the store."""
        self._connection.close()

    def begin(self, *, wait: bool) -> bool:
        """Take the write lock; without `wait`, say whether it could be had at once."""
        with database.readable_errors(self._path):
            timeout = database.BUSY_TIMEOUT if wait else 0
            self._connection.execute(f"PRAGMA busy_timeout = {timeout}")
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                if wait:
                    raise
                return False
            return True

    def write(self, batch: Sequence[Callback]) -> list[Sequence[StoredCallback]]:
        """Write a batch, and return what each held; nothing if it has no room and is not stored."""
        with database.readable_errors(self._path):
            try:
                return self._write(batch)
            except BaseException:
                self._roll_back()
                raise

    def commit(self) -> None:
        """Make the batch durable.

        Raises StoreMovedError if it is durable where nobody will look for it.
        """
        with database.readable_errors(self._path):
            try:
                self._connection.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise
            if database.identity(self._folder) != self._identity:
                raise StoreMovedError(
                    f"the store {self._path} was removed, moved or replaced while it was in use"
                )

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _write(self, batch: Sequence[Callback]) -> list[Sequence[StoredCallback]]:
        known = _Known(self._connection, [c for callback in batch for c in callback.contents])
        faulty = [isinstance(callback.contents[0], Unreadable) for callback in batch]
        room = self._room() if any(faulty) else 0
        (number,) = self._connection.execute("SELECT max(id) FROM callback").fetchone()
        number = number or 0
        rows: list[tuple[Any, ...]] = []
        told: list[Sequence[StoredCallback]] = []
        for callback, is_faulty in zip(batch, faulty, strict=True):
            if is_faulty:
                room -= max(len(callback.body) + len(callback.query), _ROW_BYTES)
                if room < 0:
                    told.append(())
                    continue
            held = []
            for place, content in enumerate(callback.contents):
                number += 1
                stored = _told(callback, content, known, number)
                rows.append(_row(callback, content, stored, place))
                held.append(stored)
            told.append(held)
        self._connection.executemany(_INSERT, rows)
        return told

    def _room(self) -> int:
        """Return how many bytes there is room for of what cannot be read."""
        (taken,) = self._connection.execute(
            "SELECT total(max(length(body) + length(query), ?)) FROM callback "
            "WHERE fault IS NOT NULL AND place = 0",
            (_ROW_BYTES,),
        ).fetchone()
        return UNREADABLE_BYTES - int(taken)


class Reader:
    """Reads callbacks again, as they were told when they came. Every method raises StoreError."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / database.FILE
        self._connection = database.connect(folder, read_only=True)

    def close(self) -> None:
        """Close the store."""
        self._connection.close()

    def callbacks(
        self, *, first: int = 0, last: int = database.LAST, since: str = ""
    ) -> Iterator[StoredCallback]:
        """Tell the callbacks numbered `first` to `last` that came at `since` or later.

        A report's `delivery` is the state that its message had then.
        """
        rereader = Rereader()
        while first <= last:
            with database.readable_errors(self._path):
                page = self._connection.execute(
                    f"{CALLBACKS} WHERE callback.id BETWEEN ? AND ? "
                    "AND callback.received_at >= ? ORDER BY callback.id LIMIT ?",
                    (first, last, since, _PAGE),
                ).fetchall()
                contents = [rereader.content(row) for row in page]
                known = _Known(self._connection, contents, page[0]["id"] if page else 0)
            if not page:
                return
            for row, content in zip(page, contents, strict=True):
                yield _told(_callback(row), content, known, row["id"])
            first = page[-1]["id"] + 1


class _Known:
    """What the store knows of the messages that some contents are about."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        contents: Sequence[Content],
        before: int = database.LAST,
    ) -> None:
        ids = {content.message_id for content in contents if isinstance(content, Report)}
        self.history = History(connection, ids, before)
        self.incoming = CameIn(connection, contents, before)


def _told(callback: Callback, content: Content, known: _Known, number: int) -> StoredCallback:
    """Return what a content of a callback is, given what is known before it."""
    match content:
        case Report():
            return ReceivedReport(
                number=number,
                report=content,
                received_at=callback.received_at,
                remote=callback.remote,
                duplicate=known.history.judge(content, callback.received_at),
                delivery=known.history.delivery(content.message_id),
            )
        case IncomingMessage():
            return ReceivedMessage(
                number=number,
                message=content,
                received_at=callback.received_at,
                remote=callback.remote,
                duplicate=known.incoming.judge(content),
            )
    return UnreadableCallback(
        number=number,
        fault=content.fault,
        received_at=callback.received_at,
        remote=callback.remote,
        method=callback.method,
        content_type=callback.content_type,
        size=len(callback.body) or len(callback.query),
        excerpt=(callback.body[:_EXCERPT] or callback.query[:_EXCERPT].encode()).decode(
            "utf-8", "replace"
        ),
    )


def _row(
    callback: Callback, content: Content, stored: StoredCallback, place: int
) -> tuple[Any, ...]:
    first = place == 0
    row = (
        stored.number,
        callback.received_at,
        callback.remote,
        callback.method,
        callback.query if first else "",
        _headers(callback.headers) if first else "{}",
        callback.body if first else b"",
        content.fault if isinstance(content, Unreadable) else None,
    )
    match stored:
        case ReceivedReport(report=report):
            return (
                *row,
                report.message_id,
                report.part,
                report.result_code,
                report.operator_result_code,
                report.timestamp,
                report.segments,
                stored.duplicate,
                place,
                None,
            )
        case ReceivedMessage(message=message):
            own = (stored.duplicate, place, message.message_id or "")
            return (*row, None, None, None, None, None, None, *own)
    return (*row, None, None, None, None, None, None, 0, place, None)


@lru_cache(maxsize=256)  # most requests have the same
def _headers(headers: tuple[tuple[str, str], ...]) -> str:
    return json.dumps(dict(headers), ensure_ascii=False)


def _callback(row: sqlite3.Row) -> Callback:
    """Return the request that a row came in, as far as it is told again."""
    return Callback(
        received_at=row["received_at"],
        remote=row["remote"],
        method=row["method"],
        query=row["query"] or "",
        headers=_stored_headers(row["headers"]),
        body=row["body"] or b"",
        contents=(),
    )


def _stored_headers(stored: str | None) -> tuple[tuple[str, str], ...]:
    try:
        return tuple(json.loads(stored or "{}").items())
    except (ValueError, AttributeError):  # damaged
        return ()

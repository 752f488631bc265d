"""What called back: stored raw and durably, judged against what came before, and read again."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from linksms_cli.adapters.store.sqlite import database
from linksms_cli.adapters.store.sqlite.history import History, read_again
from linksms_cli.sms.dlr.formats.fields import UnreadableError
from linksms_cli.sms.dlr.packing import TooLargeError
from linksms_cli.sms.dlr.receiving import (
    UNREADABLE_BYTES,
    Callback,
    ReceivedReport,
    StoredCallback,
    UnreadableCallback,
)

# What cannot be read counts for at least so much: what there is of it gets counted again with each
# batch that brings more, so it must not be too many.
_ROW_BYTES = 2048
# What a body that could not be read shows of itself.
_EXCERPT = 200
_PAGE = 500

_INSERT = """
    INSERT INTO callback (id, received_at, remote, method, query, headers, body, fault, message_id,
        part, result_code, operator_result_code, timestamp, segments, duplicate)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class Writer:
    """Writes callbacks in batches: `begin`, `write`, then `commit`, which alone waits for the disk.

    One batch at a time; the three may run in different threads. Every method raises StoreError,
    and leaves nothing of the batch when it does.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / database.FILE
        self._connection = database.connect(folder, one_thread=False)

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

    def write(self, batch: Sequence[Callback]) -> list[StoredCallback | None]:
        """Write a batch, and tell what each is; None where it is not stored for want of room."""
        with database.readable_errors(self._path):
            try:
                return self._write(batch)
            except BaseException:
                self._roll_back()
                raise

    def commit(self) -> None:
        """Make the batch durable."""
        with database.readable_errors(self._path):
            try:
                self._connection.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _write(self, batch: Sequence[Callback]) -> list[StoredCallback | None]:
        known = History(self._connection, {c.report.message_id for c in batch if c.report})
        room = self._room() if any(callback.fault for callback in batch) else 0
        (number,) = self._connection.execute("SELECT max(id) FROM callback").fetchone()
        number = number or 0
        rows: list[tuple[Any, ...]] = []
        told: list[StoredCallback | None] = []
        for callback in batch:
            if callback.report is None:
                room -= max(len(callback.body) + len(callback.query), _ROW_BYTES)
                if room < 0:
                    told.append(None)
                    continue
            number += 1
            stored = _told(callback, known, number)
            told.append(stored)
            rows.append(_row(number, callback, stored))
        self._connection.executemany(_INSERT, rows)
        return told

    def _room(self) -> int:
        """Return how many bytes there is room for of what cannot be read."""
        (taken,) = self._connection.execute(
            "SELECT total(max(length(body) + length(query), ?)) FROM callback "
            "WHERE fault IS NOT NULL",
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
        while first <= last:
            with database.readable_errors(self._path):
                page = self._connection.execute(
                    "SELECT * FROM callback WHERE id BETWEEN ? AND ? AND received_at >= ? "
                    "ORDER BY id LIMIT ?",
                    (first, last, since, _PAGE),
                ).fetchall()
                callbacks = [(row["id"], _callback(row)) for row in page]
                ids = {c.report.message_id for _, c in callbacks if c.report}
                known = History(self._connection, ids, before=page[0]["id"] if page else 0)
            if not page:
                return
            for number, callback in callbacks:
                yield _told(callback, known, number)
            first = page[-1]["id"] + 1


def _told(callback: Callback, known: History, number: int) -> StoredCallback:
    """Say what a callback is, given what is known before it."""
    report = callback.report
    if report is None:
        return UnreadableCallback(
            number=number,
            fault=callback.fault or "",
            received_at=callback.received_at,
            remote=callback.remote,
            method=callback.method,
            content_type=callback.content_type,
            size=len(callback.body) or len(callback.query),
            excerpt=(callback.body[:_EXCERPT] or callback.query[:_EXCERPT].encode()).decode(
                "utf-8", "replace"
            ),
        )
    duplicate = known.judge(report, callback.received_at)
    return ReceivedReport(
        number=number,
        report=report,
        received_at=callback.received_at,
        remote=callback.remote,
        duplicate=duplicate,
        delivery=known.delivery(report.message_id),
    )


def _row(number: int, callback: Callback, stored: StoredCallback) -> tuple[Any, ...]:
    raw = (
        number,
        callback.received_at,
        callback.remote,
        callback.method,
        callback.query,
        _headers(callback.headers),
        callback.body,
        callback.fault,
    )
    if not isinstance(stored, ReceivedReport):
        return (*raw, None, None, None, None, None, None, 0)
    report = stored.report
    return (
        *raw,
        report.message_id,
        report.part,
        report.result_code,
        report.operator_result_code,
        report.timestamp,
        report.segments,
        stored.duplicate,
    )


@lru_cache(maxsize=256)  # most requests have the same
def _headers(headers: tuple[tuple[str, str], ...]) -> str:
    return json.dumps(dict(headers), ensure_ascii=False)


def _callback(row: sqlite3.Row) -> Callback:
    """Read a callback again from what was stored of it."""
    report, fault = None, row["fault"]
    if fault is None:
        try:
            report = read_again(row)
        except (UnreadableError, TooLargeError) as failure:
            fault = str(failure)
    return Callback(
        received_at=row["received_at"],
        remote=row["remote"],
        method=row["method"],
        query=row["query"],
        headers=tuple(json.loads(row["headers"]).items()),
        body=row["body"],
        report=report,
        fault=fault,
    )

"""Store callbacks as they came, in batches, and judge each against earlier ones."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from linksms_cli.adapters.store.sql.connection import Connection
from linksms_cli.adapters.store.sql.history import History
from linksms_cli.adapters.store.sql.incoming import CameIn
from linksms_cli.sms.dlr.incoming import IncomingMessage
from linksms_cli.sms.dlr.reading import Content, Unreadable
from linksms_cli.sms.dlr.receiving import UNREADABLE_BYTES, Callback, StoredCallback, told
from linksms_cli.sms.dlr.report import Report

# What cannot be read counts for at least so much: what there is of it gets counted again with each
# batch that brings more, so it must not be too many.
_ROW_BYTES = 2048

_COLUMNS = (
    *("id", "received_at", "remote", "method", "query", "headers", "body", "place", "fault"),
    *("message_id", "part", "result_code", "operator_result_code", "timestamp", "segments"),
    *("duplicate", "incoming", "tally", "report_key"),
)
_TAKEN = """
    SELECT coalesce(sum(CASE WHEN length(body) + length(query) > ?
        THEN length(body) + length(query) ELSE ? END), 0)
    FROM callback WHERE fault IS NOT NULL AND place = 0
"""
_KEEP_KEY = "UPDATE callback SET report_key = ? WHERE id = ?"
_NO_REPORT = (None,) * 6


def record(connection: Connection, batch: Sequence[Callback]) -> list[Sequence[StoredCallback]]:
    """Store a batch, in a transaction that keeps every other receiver out.

    Return what each callback held; nothing if it has no room and is not stored.
    """
    judge = _Judge(connection, [c for callback in batch for c in callback.contents])
    faulty = [isinstance(callback.contents[0], Unreadable) for callback in batch]
    room = _room(connection) if any(faulty) else 0
    (number,) = connection.execute("SELECT max(id) FROM callback").fetchone()
    number = number or 0
    rows: list[tuple[Any, ...]] = []
    stored: list[Sequence[StoredCallback]] = []
    for callback, is_faulty in zip(batch, faulty, strict=True):
        if is_faulty:
            room -= max(len(callback.body) + len(callback.query), _ROW_BYTES)
            if room < 0:
                stored.append(())
                continue
        held: list[StoredCallback] = []
        for place, content in enumerate(callback.contents):
            number += 1
            event, judged = judge.judge(callback, content, number)
            held.append(event)
            rows.append((number, *_request(callback, place), *judged))
        stored.append(held)
    connection.insert_rows("callback", _COLUMNS, rows)
    return stored


def _room(connection: Connection) -> int:
    """Return how many bytes there is room for of what cannot be read."""
    (taken,) = connection.execute(_TAKEN, (_ROW_BYTES, _ROW_BYTES)).fetchone()
    return UNREADABLE_BYTES - int(taken)


class _Judge:
    """Judges contents one after the other, by what the store knows before them."""

    def __init__(self, connection: Connection, contents: Iterable[Content]) -> None:
        reported: set[str] = set()
        incoming: set[str] = set()
        for content in contents:
            if isinstance(content, Report):
                reported.add(content.message_id)
            elif isinstance(content, IncomingMessage) and content.message_id is not None:
                incoming.add(content.message_id)
        self._history = History(connection, reported)
        connection.executemany(_KEEP_KEY, self._history.missing_keys)
        self._incoming = CameIn(connection, incoming)

    def judge(
        self, callback: Callback, content: Content, number: int
    ) -> tuple[StoredCallback, tuple[Any, ...]]:
        """Return what a content is, and the columns that say so."""
        match content:
            case Report():
                new, tally, key = self._history.judge(content, callback.received_at)
                event = told(
                    callback, content, number, duplicate=not new, delivery=tally.delivery()
                )
                return event, (
                    None,
                    content.message_id,
                    content.part,
                    content.result_code,
                    content.operator_result_code,
                    content.timestamp,
                    content.segments,
                    not new,
                    None,
                    str(tally),
                    key,
                )
            case IncomingMessage():
                came = self._incoming.judge(content)
                event = told(callback, content, number, duplicate=came)
                own = (came, content.message_id or "", None, None)
                return event, (None, *_NO_REPORT, *own)
            case Unreadable():
                event = told(callback, content, number)
                return event, (content.fault, *_NO_REPORT, False, None, None, None)


def _request(callback: Callback, place: int) -> tuple[Any, ...]:
    """Return the columns of the request, whose bytes the first of its contents keeps for all."""
    received_at, remote, method, query, headers, body, _ = callback
    if place:
        return received_at, remote, method, "", "{}", b"", place
    return received_at, remote, method, query, _headers(headers), body, place


@lru_cache(maxsize=256)  # most requests have the same
def _headers(headers: tuple[tuple[str, str], ...]) -> str:
    return json.dumps(dict(headers), ensure_ascii=False)

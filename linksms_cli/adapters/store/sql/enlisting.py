"""Make the rows of what is to be forwarded to a target, from the callbacks that came since."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from linksms_cli.adapters.store.sql.connection import Connection, Row
from linksms_cli.sms.forward.target import ForwardAs

# Callbacks that are looked at in one transaction: few enough to hold the write lock for some 1 ms.
_BATCH = 128
# Where a batch ends, so that no request is in two.
_END = "SELECT id FROM callback WHERE id > ? AND place = 0 ORDER BY id LIMIT 1"
_CALLBACKS = """
    SELECT id, place, message_id, incoming, fault FROM callback WHERE id > ? AND id < ?
    ORDER BY id
"""
_BUSY_LANES = """
    SELECT DISTINCT lane FROM forward
    WHERE target = ? AND state = 'waiting' AND lane IN ({wanted})
"""
_INSERT = """
    INSERT INTO forward (callback, target, request, last, lane, state, due_at)
    VALUES (?, ?, ?, ?, ?, 'waiting', ?) ON CONFLICT DO NOTHING
"""


class _Entry(NamedTuple):
    """A callback, the request that it is forwarded with, and what keeps its order."""

    callback: int
    request: int
    lane: str | None


def enlist(connection: Connection, target: int, form: ForwardAs, now: str) -> None:
    """Enlist the next callbacks for a target, unless somebody else does so now.

    What waits behind an earlier one of its lane is not due. The caller has a write transaction.
    """
    row = connection.execute(
        f"SELECT enlisted FROM forward_target WHERE id = ? {connection.if_free}",  # noqa: S608 - a constant
        (target,),
    ).fetchone()
    if row is None:
        return
    begin = row["enlisted"]
    found = connection.execute(_END, (begin + _BATCH,)).fetchone()
    (newest,) = connection.execute("SELECT coalesce(max(id), 0) FROM callback").fetchone()
    end = found[0] if found else newest + 1
    if end <= begin + 1:
        return
    requests = [
        list(entries)
        for _, entries in groupby(
            _entries(connection.execute(_CALLBACKS, (begin, end)), form),
            key=lambda entry: entry.request,
        )
    ]
    busy = _busy(connection, target, requests)
    rows = []
    for request in requests:
        lanes = {entry.lane for entry in request if entry.lane is not None}
        due_at = None if lanes & busy else now
        busy |= lanes
        rows += [
            # Of a request, the first row alone is due, for all.
            (
                entry.callback,
                target,
                entry.request,
                request[-1].callback,
                entry.lane,
                due_at if entry.callback == entry.request else None,
            )
            for entry in request
        ]
    connection.executemany(_INSERT, rows)
    connection.execute("UPDATE forward_target SET enlisted = ? WHERE id = ?", (end - 1, target))


def _entries(rows: Iterable[Row], form: ForwardAs) -> Iterator[_Entry]:
    """Yield what is forwarded: of requests everything, of events what could be read."""
    for row in rows:
        if form is ForwardAs.RAW:
            yield _Entry(row["id"], row["id"] - row["place"], _lane(row))
        elif row["fault"] is None:
            yield _Entry(row["id"], row["id"], _lane(row))


def _lane(row: Row) -> str | None:
    if row["message_id"] is not None:
        return str(row["message_id"])
    # No id of a message has a line end, so the two never meet.
    return f"incoming\n{row['incoming']}" if row["incoming"] else None


def _busy(connection: Connection, target: int, requests: list[list[_Entry]]) -> set[str]:
    lanes = {entry.lane for request in requests for entry in request if entry.lane is not None}
    if not lanes:
        return set()
    statement = _BUSY_LANES.format(wanted=connection.texts())
    found = connection.execute(statement, (target, connection.listed(lanes)))
    return {row[0] for row in found}

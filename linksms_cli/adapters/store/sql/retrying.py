"""Try again what was set aside, in pieces that hold up nobody who receives or forwards."""

import time
from collections import Counter
from collections.abc import Mapping

from linksms_cli.adapters.store.sql.connection import Connection, Row
from linksms_cli.adapters.store.sql.forwards import promote, take_turn

# Rows that are changed in one transaction, and seconds between two.
_PIECE = 500
_PAUSE = 0.01
_TARGETS = "SELECT id, name FROM forward_target WHERE name = coalesce(?, name) ORDER BY id"
_SET_ASIDE = """
    SELECT callback, request, last, lane FROM forward
    WHERE target = ? AND state = 'set_aside' AND callback BETWEEN ? AND ?
    ORDER BY callback LIMIT ?
"""
_BEHIND_ALL = 1 << 62
_AT_ONCE = ""  # before all times, by whichever clock
_WAIT = """
    UPDATE forward SET state = 'waiting', due_at = NULL, failed_since = NULL
    WHERE target = :target AND state = 'set_aside' AND callback IN ({numbers})
"""
# What keeps no order with others has its turn at once.
_DUE = """
    UPDATE forward SET due_at = :now WHERE target = :target AND state = 'waiting'
        AND due_at IS NULL AND lane IS NULL AND callback = request AND callback IN ({numbers})
"""
# Its patience begins anew, or all would be set aside at the first failure.
_PATIENT = "UPDATE forward_target SET failing_since = NULL WHERE id = ?"


def forward_again(connection: Connection, target: str | None) -> Mapping[str, int]:
    """Have what was set aside tried again; return how many requests that is at each target."""
    found: Counter[str] = Counter()
    with connection.errors():
        for row in connection.execute(_TARGETS, (target,)).fetchall():
            found[row["name"]] += _all_of(connection, row["id"])
    return found


def _all_of(connection: Connection, target: int) -> int:
    count, first = 0, 0
    while rows := _piece(connection, target, first):
        with connection.transaction():
            take_turn(connection, target)
            chosen = {
                "target": target,
                "now": _AT_ONCE,
                "numbers": connection.listed([row["callback"] for row in rows]),
            }
            for statement in (_WAIT, _DUE):
                numbers = connection.numbers(":numbers")
                connection.execute(statement.format(numbers=numbers), chosen)
            for lane in {row["lane"] for row in rows} - {None}:
                promote(connection, target, lane, _AT_ONCE)
            connection.execute(_PATIENT, (target,))
        count += sum(row["callback"] == row["request"] for row in rows)
        first = rows[-1]["callback"] + 1
        time.sleep(_PAUSE)
    return count


def _piece(connection: Connection, target: int, first: int) -> list[Row]:
    """Return the next rows that were set aside, the last request of them whole."""
    wanted = (target, first, _BEHIND_ALL, _PIECE)
    rows = connection.execute(_SET_ASIDE, wanted).fetchall()
    if rows and rows[-1]["callback"] < rows[-1]["last"]:
        rest = (target, rows[-1]["callback"] + 1, rows[-1]["last"], _BEHIND_ALL)
        rows += connection.execute(_SET_ASIDE, rest).fetchall()
    return rows

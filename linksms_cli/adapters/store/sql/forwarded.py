"""What became of callbacks at the targets that they are forwarded to."""

from collections.abc import Iterator, Mapping, Sequence

from linksms_cli.adapters.store.sql import once
from linksms_cli.adapters.store.sql.connection import Connection, Row
from linksms_cli.sms.forward.due import Backlog, ForwardState, State
from linksms_cli.sms.forward.target import Target

_STATES = """
    SELECT forward.*, forward_target.name FROM forward
    JOIN forward_target ON forward_target.id = forward.target
"""
_OF_CALLBACKS = "WHERE callback IN ({wanted}) ORDER BY target"
_TARGET = "SELECT id, enlisted FROM forward_target WHERE digest = ?"
# What has no row yet waits too: that is counted by its numbers.
_WAITING = """
    SELECT count(*) AS waiting, min(request) AS oldest FROM forward
    WHERE target = ? AND state = 'waiting' AND callback = request
"""
_SET_ASIDE = """
    SELECT count(*) FROM forward WHERE target = ? AND state = 'set_aside' AND callback = request
"""
_CAME_AT = "SELECT received_at FROM callback WHERE id >= ? ORDER BY id LIMIT 1"
_NOT_FORWARDED = "WHERE state <> 'forwarded' AND callback = request ORDER BY callback, target"


def states_of(
    connection: Connection, numbers: Sequence[int]
) -> Mapping[int, tuple[ForwardState, ...]]:
    """Return what became of callbacks at all targets. Errors are the caller's."""
    found: dict[int, list[ForwardState]] = {}
    statement = f"{_STATES} {_OF_CALLBACKS}".format(wanted=connection.numbers())
    rows = connection.execute(statement, (connection.listed(numbers),))
    for row in rows:
        found.setdefault(row["callback"], []).append(_state(row))
    return {number: tuple(states) for number, states in found.items()}


def backlogs(connection: Connection, targets: Sequence[Target]) -> list[Backlog]:
    """Return what is not forwarded to each of the targets that the store knows."""
    with connection.errors():
        secret = once.read_secret(connection)
        (newest,) = connection.execute("SELECT coalesce(max(id), 0) FROM callback").fetchone()
        found = []
        for target in targets:
            known = connection.execute(_TARGET, (target.digest(secret),)).fetchone()
            if known:
                found.append(_backlog(connection, target.name, known, newest))
        return found


def _backlog(connection: Connection, name: str, target: Row, newest: int) -> Backlog:
    row = connection.execute(_WAITING, (target["id"],)).fetchone()
    behind = max(newest - target["enlisted"], 0)
    oldest = row["oldest"] if row["oldest"] is not None else target["enlisted"] + 1
    came = connection.execute(_CAME_AT, (oldest,)).fetchone()
    (set_aside,) = connection.execute(_SET_ASIDE, (target["id"],)).fetchone()
    waits = row["waiting"] + behind
    return Backlog(name, waits, came["received_at"] if waits and came else None, set_aside)


def not_forwarded(connection: Connection) -> Iterator[ForwardState]:
    """Yield what waits at any target or was set aside, the oldest first."""
    with connection.errors():
        for row in connection.execute(f"{_STATES} {_NOT_FORWARDED}"):
            yield _state(row)


def _state(row: Row) -> ForwardState:
    return ForwardState(
        target=row["name"],
        number=row["callback"],
        state=State(row["state"]),
        attempts=row["attempts"],
        status=row["status"],
        failure=row["failure"],
        forwarded_at=row["forwarded_at"],
        next_attempt_at=row["due_at"] or None,
    )

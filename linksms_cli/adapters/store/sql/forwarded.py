"""What became of callbacks at the targets that they are forwarded to."""

from collections.abc import Iterator, Mapping, Sequence

from linksms_cli.adapters.store.sql.connection import Connection, Row
from linksms_cli.sms.forward.due import ForwardState, State

_STATES = """
    SELECT forward.*, forward_target.name FROM forward
    JOIN forward_target ON forward_target.id = forward.target
"""
_OF_CALLBACKS = "WHERE callback IN ({wanted}) ORDER BY target"
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

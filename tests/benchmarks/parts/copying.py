"""How long a large store takes to PostgreSQL and back, and whether it is the same then."""

from itertools import zip_longest

import pytest

from linksms_cli.adapters.store import find_store
from tests.benchmarks.figures import Figure, Result
from tests.benchmarks.stores import fill_messages
from tests.benchmarks.turns import ENVIRONMENT, LINKSMS, Run, seconds
from tests.postgres import running_server

RIVALS = ()
ROUNDS = 1

_MESSAGES = 1_000_000


def measure(run: Run) -> Result:
    """Copy over and back by the command, and compare row by row."""
    count = run.scaled(_MESSAGES)
    folder = run.kept / f"{count}-messages"
    if not folder.exists():
        fill_messages(folder, count)
    over, back = [], []
    title = f"copying: {count:,} messages, {run.rounds} turns each"
    rows = 0
    try:
        with running_server() as server:
            for turn in range(run.rounds):
                database, copy = server.database(), run.folder / f"back-{turn}"
                over.append(_copied(str(folder), database))
                back.append(_copied(database, str(copy)))
                rows = _compared(str(folder), database) + _compared(database, str(copy))
    except pytest.skip.Exception as missing:
        return Result(title=title, figures=[], missing=[str(missing)])
    return Result(
        title=title,
        figures=[
            Figure(name="SQLite to PostgreSQL", samples=over, unit="s"),
            Figure(name="PostgreSQL to SQLite", samples=back, unit="s"),
            Figure(name="rows compared, all equal", samples=[rows]),
        ],
    )


def _copied(origin: str, target: str) -> float:
    environment = ENVIRONMENT | {"LINKSMS_STATE": origin}
    return seconds([*LINKSMS, "store", "copy", "--to", target], environment)


def _compared(one: str, other: str) -> int:
    """Return how many rows two stores have. Raises AssertionError at the first that differs."""
    compared = 0
    stores = [find_store({"LINKSMS_STATE": state}) for state in (one, other)]
    with stores[0].original() as this, stores[1].original() as that:
        for piece, twin in zip_longest(this.pieces(), that.pieces()):
            assert piece == twin, (piece.table, twin.table)
            compared += len(piece.rows)
    return compared

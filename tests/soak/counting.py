"""What there is in the books of a soak, in figures."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tests.soak.books import ACCEPTED, Books
from tests.soak.flatness import growths


def counts(books: Books) -> dict[str, Any]:
    """Return how much of everything there is."""
    outcomes = Counter(one.outcome or "unknown" for one in books.submissions)
    taken = {message["message_id"] for life in books.taken for message in life} - {None}
    reported = {one.message_id for one in books.reports}
    return {
        "batches": len(books.rows),
        "runs of them": len(books.runs),
        "rows": sum(map(len, books.rows)),
        "requests to the gateway": len(books.submitted),
        "accepted by it": sum(one.code == ACCEPTED for one in books.submitted),
        "stored": dict(sorted(outcomes.items())),
        "out at a kill of the batch": sum(map(len, books.out)),
        "reports posted": len(books.posted),
        "answered 200": sum(one.acknowledged for one in books.posted),
        "reports stored": len(books.reports),
        "of them marked as duplicates": sum(one.duplicate for one in books.reports),
        "of them told": sum(map(len, books.told)),
        "reached the target": len({one.webhook_id for one in books.arrived}),
        "came there again, with the same id": len(books.arrived)
        - len({one.webhook_id for one in books.arrived}),
        "taken, and their reports lost with the gateway": len(taken - reported),
        "files and KiB, second quarter and last": {
            one.party: [f"{one.age:.0f} s", one.files, one.memory] for one in growths(books.samples)
        },
    }


def lines(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield a record as a person reads it."""
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield f"{name}:" if value else f"{name}: none"
            for key, one in value.items():
                yield f"  {key}: {one}"
        else:
            yield f"{name}: {value}"

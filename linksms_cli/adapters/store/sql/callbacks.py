"""Read stored callbacks again, each as it was told when it came."""

import json
from collections.abc import Iterator

from linksms_cli.adapters.store.sql.connection import Connection, Row
from linksms_cli.adapters.store.sql.rereading import CALLBACKS, Rereader
from linksms_cli.adapters.store.sql.tallying import added_up, tally_of
from linksms_cli.sms.dlr.delivery import Delivery
from linksms_cli.sms.dlr.receiving import Callback, StoredCallback, told
from linksms_cli.sms.dlr.report import Report

_PAGE = 500
# No row has a higher number.
LAST = 1 << 62
# By the index on times, which costs less than to show what is found. The sum keeps a planner from
# going through the rows from the first on.
_FIRST = "SELECT min(id + 0) FROM callback WHERE received_at >= ?"


class Reader:
    """Reads callbacks again, as they were told when they came. Every method raises StoreError."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def close(self) -> None:
        """Close the store."""
        self._connection.close()

    def callbacks(
        self, *, first: int = 0, last: int = LAST, since: str = ""
    ) -> Iterator[StoredCallback]:
        """Yield the callbacks numbered `first` to `last` that came at `since` or later."""
        reader = Told(self._connection)
        if since:
            with self._connection.errors():
                (earliest,) = self._connection.execute(_FIRST, (since,)).fetchone()
            first = max(first, earliest if earliest is not None else last + 1)
        while first <= last:
            with self._connection.errors():
                page = self._connection.execute(
                    f"{CALLBACKS} WHERE callback.id BETWEEN ? AND ? "
                    "AND callback.received_at >= ? ORDER BY callback.id LIMIT ?",
                    (first, last, since, _PAGE),
                ).fetchall()
            if not page:
                return
            for row in page:
                yield reader.told(row)[1]
            first = page[-1]["id"] + 1

    def request(self, number: int) -> Callback | None:
        """Return the request that callback `number` came in; None if its bytes are not there."""
        with self._connection.errors():
            row = self._connection.execute(
                f"{CALLBACKS} WHERE callback.id = ?", (number,)
            ).fetchone()
        return None if row is None or row["body"] is None else _callback(row)


class Told:
    """Tells what rows of CALLBACKS hold, each with the request that it came in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rereader = Rereader()

    def told(self, row: Row) -> tuple[Callback, StoredCallback]:
        """Return a request, and what a callback in it was told as when it came."""
        callback, content = _callback(row), self._rereader.content(row)
        return callback, told(
            callback,
            content,
            row["id"],
            duplicate=bool(row["duplicate"]),
            delivery=self._delivery(row) if isinstance(content, Report) else None,
        )

    def _delivery(self, row: Row) -> Delivery:
        """Return what the reports of a message added up to with this one."""
        if row["tally"] is None and row["message_id"] is not None:
            return added_up(self._connection, row["message_id"], row["id"]).tally.delivery()
        return tally_of(row).delivery()


def _callback(row: Row) -> Callback:
    """Return the request that a row came in, as far as it is told again."""
    return Callback(
        received_at=row["received_at"],
        remote=row["remote"],
        method=row["method"],
        query=row["query"] or "",
        headers=_headers(row["headers"]),
        body=row["body"] or b"",
        contents=(),
    )


def _headers(stored: str | None) -> tuple[tuple[str, str], ...]:
    try:
        return tuple(json.loads(stored or "{}").items())
    except (ValueError, AttributeError):  # damaged
        return ()

"""Messages found and followed, by the rows that `indexing` makes."""

from collections.abc import Iterable, Iterator
from typing import Any

from linksms_cli.adapters.store.sql.connection import Connection
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.search import (
    FEWEST_DIGITS,
    MOST_COUNTED,
    NumberPattern,
    Search,
)

# Rows that are fetched at a time, where all are wanted.
_PAGE = 500
# Beyond so many rows that begin with a number, looking through the latest messages finds some soon.
_FEW = 10_000

# Keys are found account by account, of which there are few: no index begins with the key.
_KEYED = """
    id IN (
        WITH RECURSIVE account (base_url, service_id) AS (
            SELECT * FROM (SELECT base_url, service_id FROM once_key
                ORDER BY base_url, service_id LIMIT 1) AS first
            UNION ALL
            SELECT next.base_url, next.service_id FROM account, once_key AS next
            WHERE next.id = coalesce(
                (SELECT id FROM once_key
                    WHERE base_url = account.base_url AND service_id > account.service_id
                    ORDER BY base_url, service_id LIMIT 1),
                (SELECT id FROM once_key WHERE base_url > account.base_url
                    ORDER BY base_url, service_id LIMIT 1))
        )
        SELECT submission.id FROM account JOIN once_key USING (base_url, service_id)
            JOIN submission ON submission.once_key = once_key.id
        WHERE once_key.key = :key
    )
"""


class Where:
    """A condition: what is looked for, and by which index.

    The first filter that is given finds the rows, by its own index with the time behind it. All
    others are kept from SQLite's planner (a `+` before a column does that), which knows nothing of
    how many messages have what.
    """

    def __init__(self, connection: Connection, search: Search) -> None:
        self.values: dict[str, Any] = {}
        self._conditions: list[str] = []
        self._is_found = False
        self._unindexed = connection.unindexed
        if search.to:
            self._add_number(connection, search.to)
        if search.key is not None:
            keyed = f"{self._unindexed}id IN"
            self._add(_KEYED if not self._is_found else _KEYED.replace("id IN", keyed, 1))
            self._is_found = True
            self.values["key"] = search.key
        self._add_equal("batch", search.batch)
        is_rare = search.outcome is not None and search.outcome is not Outcome.DELIVERED
        self._add_equal("reference", search.reference)
        self._add_equal("result_code", search.code, indexed=search.code != 1001)
        self._add_equal("outcome", search.outcome, indexed=is_rare)
        self._add_equal("operator", search.operator)
        self._add_equal("profile", search.profile)
        self._add_equal("source", search.source)
        if search.since is not None:
            self._add("at >= :since")
            self.values["since"] = search.since
        if search.until is not None:
            self._add("at < :until")
            self.values["until"] = search.until

    def __str__(self) -> str:
        """Return it as SQL."""
        return " AND ".join(self._conditions) or "true"

    def _add(self, condition: str) -> None:
        self._conditions.append(condition)

    def _add_equal(self, column: str, value: object, *, indexed: bool = True) -> None:
        if value is None:
            return
        own = indexed and not self._is_found
        self._is_found = self._is_found or own
        self._add(f"{'' if own else self._unindexed}{column} = :{column}")
        self.values[column] = value
        if own and column == "result_code":  # so that the planner sees that its index has the row
            self._add("result_code <> 1001")
        if own and column == "outcome":
            self._add("outcome <> 'delivered'")

    def _add_number(self, connection: Connection, pattern: NumberPattern) -> None:
        self.values["number"] = pattern.digits
        if pattern.is_ending:
            self._is_found = True
            self._add(f"{connection.ending('destination', FEWEST_DIGITS)} = :ending")
            self.values["ending"] = pattern.digits[-FEWEST_DIGITS:]
            ending = connection.ending("destination", len(pattern.digits))
            self._add(f"{ending} = :number")
            return
        self.values["after"] = pattern.digits[:-1] + chr(ord(pattern.digits[-1]) + 1)
        (found,) = connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM message WHERE destination >= :number "
            "AND destination < :after LIMIT :few) AS some_rows",
            {**self.values, "few": _FEW},
        ).fetchone()
        self._is_found = found < _FEW
        column = "destination" if self._is_found else f"{self._unindexed}destination"
        self._add(f"{column} >= :number AND {column} < :after")


def find(connection: Connection, search: Search, limit: int | None) -> Iterator[int]:
    """Yield the rows of the messages that are looked for, the latest first; all without `limit`."""
    where = Where(connection, search)
    values = where.values | {"most": _PAGE if limit is None else min(limit, _PAGE)}
    left = limit
    beyond = ""
    while left is None or left > 0:
        rows = connection.execute(
            f"SELECT id, at FROM message WHERE {where} {beyond} "  # noqa: S608 - constants
            "ORDER BY at DESC, id DESC LIMIT :most",
            values,
        ).fetchall()
        for row in rows[:left]:
            yield row["id"]
        if len(rows) < values["most"]:
            return
        if left is not None:
            left -= len(rows)
        beyond = "AND at <= :last_at AND (at < :last_at OR id < :last_id)"
        values |= {"last_at": rows[-1]["at"], "last_id": rows[-1]["id"]}


def total(connection: Connection, search: Search) -> int | None:
    """Return how many there are, MOST_COUNTED + 1 for more; None if counting takes too long."""
    where = Where(connection, search)
    counted: int | None = None
    with connection.briefly():
        (counted,) = connection.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM message WHERE {where} LIMIT :most) AS some_rows",  # noqa: S608 - constants
            where.values | {"most": MOST_COUNTED + 1},
        ).fetchone()
    return counted


class Changes:
    """What changes from now on: submissions that begin and end, and reports that come."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._numbers = connection.numbers
        self._submission, self._callback = self._last()
        self._open = {
            row["id"]
            for row in connection.execute(
                "SELECT id FROM submission WHERE outcome IS NULL AND id > ? - 1000",
                (self._submission,),
            )
        }

    def next(self, search: Search) -> list[int]:
        """Return which of the rows that are looked for have changed since the last call."""
        submission, callback = self._last()
        new = range(self._submission + 1, submission + 1)
        reported = self._connection.execute(
            "SELECT id FROM submission WHERE message_id IN (SELECT message_id FROM callback "
            "WHERE id > :after AND id <= :upto AND message_id IS NOT NULL) UNION "
            "SELECT -min(id) FROM callback WHERE message_id IN (SELECT message_id FROM callback "
            "WHERE id > :after AND id <= :upto AND message_id IS NOT NULL) GROUP BY message_id",
            {"after": self._callback, "upto": callback},
        ).fetchall()
        ended = self._ended(self._open | set(new))
        self._open = (self._open | set(new)) - ended
        self._submission, self._callback = submission, callback
        return self._chosen(search, {*ended, *(row[0] for row in reported)})

    def _last(self) -> tuple[int, int]:
        submission, callback = self._connection.execute(
            # A report that is not in the rows yet comes later.
            "SELECT coalesce((SELECT max(id) FROM submission), 0), (SELECT callback FROM indexed)"
        ).fetchone()
        return submission, callback

    def _ended(self, numbers: Iterable[int]) -> set[int]:
        rows = self._connection.execute(
            f"SELECT id FROM submission WHERE outcome IS NOT NULL AND id IN ({self._numbers('?')})",  # noqa: S608 - constants
            (self._connection.listed(numbers),),
        )
        return {row["id"] for row in rows}

    def _chosen(self, search: Search, numbers: Iterable[int]) -> list[int]:
        where = Where(self._connection, search)
        rows = self._connection.execute(
            f"SELECT id FROM message WHERE {where} "  # noqa: S608 - constants
            f"AND id IN ({self._numbers(':numbers')}) ORDER BY at, id",
            where.values | {"numbers": self._connection.listed(numbers)},
        )
        return [row["id"] for row in rows]

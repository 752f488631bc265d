"""Messages counted by what they have in common, by the rows that `indexing` makes."""

from collections.abc import Sequence
from typing import Any

from linksms_cli.adapters.store.sql.connection import Connection
from linksms_cli.adapters.store.sql.searching import Where
from linksms_cli.sms.search import QUARTER, CountField, Search

_COLUMNS = {
    CountField.OUTCOME: "outcome",
    CountField.CODE: "result_code",
    CountField.OPERATOR: "operator",
    CountField.PROFILE: "profile",
    CountField.BATCH: "batch",
    CountField.HOUR: f"at / {QUARTER}",
    CountField.DAY: f"at / {QUARTER}",
}
# How all messages are counted by one field: those that an index holds by it, and the rest by what
# is left of all; in one statement, so that the figures add up whatever is stored meanwhile.
_INDEXED = """
    SELECT {column}, count(*) FROM message WHERE {indexed} GROUP BY {column}
    UNION ALL
    SELECT {rest}, (SELECT count(*) FROM message)
        - (SELECT count(*) FROM message WHERE {indexed}) {and_less}
"""
# What is delivered has a code, so the index on all else finds what has none.
_CODELESS = "(SELECT count(*) FROM message WHERE outcome <> 'delivered' AND result_code IS NULL)"
# Quarter by quarter, each by its end of the index on times.
_QUARTERS = f"""
    WITH RECURSIVE quarter (number, last) AS (
        SELECT (SELECT min(at) FROM message) / {QUARTER}, (SELECT max(at) FROM message) / {QUARTER}
        UNION ALL
        SELECT number + 1, last FROM quarter WHERE number < last
    )
    SELECT number, (SELECT count(*) FROM message
        WHERE at >= number * {QUARTER} AND at < (number + 1) * {QUARTER}) FROM quarter
"""  # noqa: S608 - constants
_ALL = {
    CountField.OUTCOME: _INDEXED.format(
        column="outcome", indexed="outcome <> 'delivered'", rest="'delivered'", and_less=""
    ),
    CountField.CODE: f"""
        {
        _INDEXED.format(
            column="result_code",
            indexed="result_code <> 1001",
            rest="1001",
            and_less=f"- {_CODELESS}",
        )
    }
        UNION ALL SELECT NULL, {_CODELESS}
    """,
    CountField.OPERATOR: _INDEXED.format(
        column="operator", indexed="operator IS NOT NULL", rest="NULL", and_less=""
    ),
    CountField.HOUR: _QUARTERS,
    CountField.DAY: _QUARTERS,
}


def count(
    connection: Connection, search: Search, fields: Sequence[CountField]
) -> list[tuple[tuple[Any, ...], int]]:
    """Return how many messages have which values; hours and days are quarters of an hour of UTC."""
    if search == Search() and len(fields) == 1 and fields[0] in _ALL:
        counted = connection.execute(_ALL[fields[0]]).fetchall()
        return [((row[0],), row[1]) for row in counted if row[1]]
    where = Where(connection, search)
    columns = ", ".join(_COLUMNS[field] for field in fields)
    rows = connection.execute(
        f"SELECT {columns}, count(*) FROM message WHERE {where} GROUP BY {columns}",  # noqa: S608 - constants
        where.values,
    )
    return [(tuple(row)[:-1], row[-1]) for row in rows]

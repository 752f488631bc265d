"""What reports add up to, of those that were stored by a version which did not write it down.

It is written behind everybody's back, piece by piece (see `indexing`): a store may hold millions of
reports, and no receiver waits. Until then the reports of a message are added up when it is met.
"""

from collections.abc import Iterable
from typing import NamedTuple

from linksms_cli.adapters.store.sql.connection import Connection, Row
from linksms_cli.sms.dlr.tally import PartStatus, Tally, key_of

# Should several submissions have one id, a state is final only when the longest of them is.
_OWN_PARTS = """
    SELECT message_id, max(parts) FROM submission
    WHERE message_id IN ({wanted}) GROUP BY message_id
"""
_COLUMNS = """
    SELECT id, message_id, part, result_code, operator_result_code, timestamp, segments,
        received_at, duplicate, tally
    FROM callback
"""
# The last report whose tally is written, and those behind it.
_FROM = """
    SELECT coalesce(max(id), 0) FROM callback
    WHERE message_id = ? AND NOT duplicate AND id <= ? AND tally IS NOT NULL
"""
_LAST = "SELECT max(id) FROM callback WHERE message_id = ? AND NOT duplicate"
_REPORTS = f"""
    {_COLUMNS} WHERE message_id = ? AND NOT duplicate AND id BETWEEN ? AND ?
        AND result_code IS NOT NULL ORDER BY id
"""
_PIECE = f"{_COLUMNS} WHERE id BETWEEN ? AND ? AND result_code IS NOT NULL ORDER BY id"
_WRITE = "UPDATE callback SET tally = ?, report_key = ? WHERE id = ?"


class AddedUp(NamedTuple):
    """A tally; `keys` are those that it does not know itself, with the numbers of their rows."""

    tally: Tally
    keys: list[tuple[str, int]]


def tally_of(row: Row) -> Tally:
    """Return what the reports of a message added up to with the one in this row.

    If that is damaged, this report counts alone.
    """
    try:
        return Tally.of(row["tally"])
    except (ValueError, AttributeError):
        tally = Tally()
        _add(tally, row)
        return tally


def added_up(connection: Connection, message_id: str, last: int) -> AddedUp:
    """Add up the reports of a message up to the one in row `last`."""
    (first,) = connection.execute(_FROM, (message_id, last)).fetchone()
    found = AddedUp(Tally(), [])
    rows = connection.execute(_REPORTS, (message_id, first, last)).fetchall()
    for row in rows:
        if row["tally"] is not None:
            found = AddedUp(tally_of(row), [])
        elif key := _add(found.tally, row):
            found.keys.append((key, row["id"]))
    found.tally.own_parts = own_parts(connection, [message_id]).get(message_id)
    return found


def write(connection: Connection, first: int, last: int) -> None:
    """Write what is missing in the rows `first` to `last`, in a transaction of the caller."""
    rows = connection.execute(_PIECE, (first, last)).fetchall()
    without = {row["message_id"] for row in rows if row["tally"] is None}
    own = own_parts(connection, without)
    tallies: dict[str, Tally] = {}
    for row in rows:
        message_id = row["message_id"]
        if message_id not in without:
            continue
        if row["tally"] is not None:  # a newer version has stored it meanwhile
            if not row["duplicate"]:
                tallies[message_id] = tally_of(row)
            continue
        tally = tallies.get(message_id)
        if tally is None:
            tally = tallies[message_id] = added_up(connection, message_id, row["id"] - 1).tally
        tally.own_parts = own.get(message_id)
        key = None if row["duplicate"] else _add(tally, row)
        connection.execute(_WRITE, (str(tally), key, row["id"]))


def write_last(connection: Connection, message_id: str) -> None:
    """Write what all reports of a message add up to, before the first of them are deleted."""
    (last,) = connection.execute(_LAST, (message_id,)).fetchone()
    found = added_up(connection, message_id, last)
    connection.execute("UPDATE callback SET tally = ? WHERE id = ?", (str(found.tally), last))


def own_parts(connection: Connection, message_ids: Iterable[str]) -> dict[str, int | None]:
    """Return of how many parts each message is by our own count, of those that were sent here."""
    statement = _OWN_PARTS.format(wanted=connection.texts())
    rows = connection.execute(statement, (connection.listed(message_ids),)).fetchall()
    return {row[0]: row[1] for row in rows}


def _add(tally: Tally, row: Row) -> str | None:
    """Add the report in a row; return its key if the tally does not know it by itself."""
    part, code, time = row["part"], row["result_code"], row["timestamp"]
    key = key_of(part, code, row["operator_result_code"], time)
    tally.add(PartStatus(part, code, time, row["segments"], row["received_at"]), key)
    return None if tally.knows_all else key

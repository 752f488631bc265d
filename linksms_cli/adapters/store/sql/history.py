"""What the reports of a message add up to so far, read from the row of its latest one."""

from collections.abc import Iterable

from linksms_cli.adapters.store.sql import tallying
from linksms_cli.adapters.store.sql.connection import Connection
from linksms_cli.sms.dlr import receiving
from linksms_cli.sms.dlr.report import Report
from linksms_cli.sms.dlr.tally import Tally, key_of

# A message's tally stands in the row of its latest report that was new.
_TALLIES = """
    SELECT latest.id, latest.message_id, latest.part, latest.result_code,
        latest.operator_result_code, latest.timestamp, latest.segments, latest.received_at,
        latest.tally
    FROM ({wanted}) AS wanted JOIN callback AS latest ON latest.id = (
        SELECT max(id) FROM callback WHERE message_id = wanted.value AND NOT duplicate)
"""
_CAME = "SELECT 1 FROM callback WHERE message_id = ? AND report_key = ?"


class History:
    """What the store knows of some messages. Errors are the caller's to translate.

    What it takes does not grow with the number of reports that a message has.
    """

    def __init__(self, connection: Connection, message_ids: Iterable[str]) -> None:
        self._connection = connection
        wanted = list(message_ids)
        self._own_parts = tallying.own_parts(connection, wanted)
        self._tallies: dict[str, Tally] = {}
        # Keys of reports that an older version stored without, and that no tally knows.
        self.missing_keys: list[tuple[str, int]] = []
        statement = _TALLIES.format(wanted=connection.texts())
        for row in connection.execute(statement, (connection.listed(wanted),)).fetchall():
            message_id = row["message_id"]
            if row["tally"] is None:
                tally, keys = tallying.added_up(connection, message_id, row["id"])
                self.missing_keys += keys
            else:
                tally = tallying.tally_of(row)
            tally.own_parts = self._own_parts.get(message_id)
            self._tallies[message_id] = tally
        # Reports that came since, of those that tallies do not know.
        self._came: set[tuple[str, str]] = set()

    def tally(self, message_id: str) -> Tally | None:
        """Return what the reports of a message add up to, None before the first."""
        return self._tallies.get(message_id)

    def judge(self, report: Report, received_at: str) -> tuple[bool, Tally, str | None]:
        """Add a report. Return whether it is new, and what those of its message add up to.

        The last is the key to store it with: None if the tally knows it by itself.
        """
        message_id = report.message_id
        key = key_of(report.part, report.result_code, report.operator_result_code, report.timestamp)
        tally = self._tallies.get(message_id)
        if tally is None:
            tally = self._tallies[message_id] = Tally(self._own_parts.get(message_id))
        elif tally.knows(key) or (not tally.knows_all and self._has_come(message_id, key)):
            return False, tally, None
        tally.add(receiving.reported(report, received_at), key)
        if tally.knows_all:
            return True, tally, None
        self._came.add((message_id, key))
        return True, tally, key

    def _has_come(self, message_id: str, key: str) -> bool:
        if (message_id, key) in self._came:
            return True
        return self._connection.execute(_CAME, (message_id, key)).fetchone() is not None

"""The reports that the store holds of a message, and the state they add up to."""

import json
import sqlite3
from collections.abc import Iterable

from linksms_cli.adapters.store.sqlite.database import LAST
from linksms_cli.sms.dlr import receiving
from linksms_cli.sms.dlr.delivery import Delivery, PartStatus, Tally
from linksms_cli.sms.dlr.report import Report

_REPORTS = """
    SELECT message_id, part, result_code, operator_result_code, timestamp, segments, received_at
    FROM callback
    WHERE message_id IN (SELECT value FROM json_each(?)) AND NOT duplicate AND id < ?
    ORDER BY id
"""
# Should several submissions have one id, a state is final only when the longest of them is.
_OWN_PARTS = """
    SELECT message_id, max(parts) FROM submission
    WHERE message_id IN (SELECT value FROM json_each(?)) GROUP BY message_id
"""


class History:
    """What the store knows of some messages: which reports have come, and what they add up to.

    Only callbacks numbered below `before` count. An sqlite3.Error is the caller's to translate.
    """

    def __init__(
        self, connection: sqlite3.Connection, message_ids: Iterable[str], before: int = LAST
    ) -> None:
        self._tallies: dict[str, Tally] = {}
        self._came: set[tuple[object, ...]] = set()
        wanted = json.dumps(list(message_ids))
        for row in connection.execute(_REPORTS, (wanted, before)):
            message_id, part, code, operator_code, timestamp, segments, received_at = row
            self._came.add((message_id, part, code, operator_code, timestamp))
            self._tally(message_id).add(
                PartStatus(
                    part=part,
                    result_code=code,
                    timestamp=timestamp,
                    segments=segments,
                    received_at=received_at,
                )
            )
        self._own_parts = dict(connection.execute(_OWN_PARTS, (wanted,)).fetchall())

    def __contains__(self, message_id: str) -> bool:
        """Return whether a report of that message has come."""
        return message_id in self._tallies

    def judge(self, report: Report, received_at: str) -> bool:
        """Add a report to what is known, and return whether it has come before."""
        key = (
            report.message_id,
            report.part,
            report.result_code,
            report.operator_result_code,
            report.timestamp,
        )
        if key in self._came:
            return True
        self._came.add(key)
        self._tally(report.message_id).add(receiving.reported(report, received_at))
        return False

    def delivery(self, message_id: str) -> Delivery:
        """Return the state of a message."""
        return self._tally(message_id).delivery(self._own_parts.get(message_id))

    def _tally(self, message_id: str) -> Tally:
        tally = self._tallies.get(message_id)
        if tally is None:
            tally = self._tallies[message_id] = Tally()
        return tally

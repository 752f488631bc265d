"""Which incoming messages have come before."""

import json
import sqlite3
from collections.abc import Iterable

from linksms_cli.adapters.store.sqlite.database import LAST
from linksms_cli.sms.dlr.incoming import IncomingMessage
from linksms_cli.sms.dlr.reading import Content


class CameIn:
    """The incoming messages among some contents that have come, by their ids.

    Only callbacks numbered below `before` count. An sqlite3.Error is the caller's to translate.
    """

    def __init__(
        self, connection: sqlite3.Connection, contents: Iterable[Content], before: int = LAST
    ) -> None:
        ids = {c.message_id for c in contents if isinstance(c, IncomingMessage) and c.message_id}
        self._ids: set[str] = set()
        if ids:
            rows = connection.execute(
                "SELECT incoming FROM callback WHERE incoming IN (SELECT value FROM json_each(?)) "
                "AND id < ?",
                (json.dumps(list(ids)), before),
            )
            self._ids = {row[0] for row in rows}

    def judge(self, message: IncomingMessage) -> bool:
        """Add a message to what is known, and return whether it has come before."""
        if message.message_id is None or message.message_id in self._ids:
            return message.message_id is not None
        self._ids.add(message.message_id)
        return False

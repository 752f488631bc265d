"""Which incoming messages have come before."""

from collections.abc import Iterable

from linksms_cli.adapters.store.sql.connection import Connection, Cursor
from linksms_cli.sms.dlr.incoming import IncomingMessage

_CAME = """
    SELECT value FROM ({wanted}) AS wanted
    WHERE EXISTS (SELECT 1 FROM callback WHERE incoming = wanted.value)
"""


class CameIn:
    """The incoming messages among some ids that have come. Errors are the caller's."""

    def __init__(self, connection: Connection, ids: Iterable[str]) -> None:
        wanted = list(ids)
        rows = _came(connection, wanted) if wanted else ()
        self._ids: set[str] = {row[0] for row in rows}

    def judge(self, message: IncomingMessage) -> bool:
        """Add a message to what is known, and return whether it has come before."""
        if message.message_id is None or message.message_id in self._ids:
            return message.message_id is not None
        self._ids.add(message.message_id)
        return False


def _came(connection: Connection, ids: list[str]) -> Cursor:
    statement = _CAME.format(wanted=connection.texts())
    return connection.execute(statement, (connection.listed(ids),))

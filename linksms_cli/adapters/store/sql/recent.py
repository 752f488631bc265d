"""The latest messages for a shell's TAB; apart from the stories, which take 20 ms to load."""

from linksms_cli.adapters.store.sql.connection import Connection

# Some of the latest have no id, or that of another one. So many are looked at for each that is
# wanted, and not the whole table: a TAB must not wait.
_LOOKED_AT = 50
_LATEST = """
    SELECT message_id, destination, created_at FROM submission WHERE destination <> ''
    ORDER BY created_at DESC, id DESC LIMIT ?
"""


def recent(connection: Connection, limit: int) -> list[tuple[str, str]]:
    """Return the latest ids of what was sent, each with where and when it went; writes nothing."""
    with connection.errors():
        rows = connection.execute(_LATEST, (limit * _LOOKED_AT,)).fetchall()
    found: dict[str, str] = {}
    for row in rows:
        if row["message_id"] is not None and len(found) < limit:
            found.setdefault(row["message_id"], f"{row['destination']} {row['created_at'][:16]}Z")
    return list(found.items())

"""The latest messages, as a shell offers them at a TAB."""

import sqlite3

LIMIT = 20


def recent(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return the ids of the latest messages, latest first, each with where and when it went."""
    rows = connection.execute(
        """
        SELECT message_id, destination, min(created_at) AS created_at, max(id) AS latest
        FROM submission WHERE message_id IS NOT NULL
        GROUP BY message_id ORDER BY latest DESC LIMIT ?
        """,
        (LIMIT,),
    )
    return [(row["message_id"], f"{row['destination']} {row['created_at'][:16]}Z") for row in rows]

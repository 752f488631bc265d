"""The latest messages for a shell's TAB; apart from the stories, which take 20 ms to load."""

from contextlib import closing
from pathlib import Path

from linksms_cli.adapters.store.sqlite import database


def recent(folder: Path, limit: int) -> list[tuple[str, str]]:
    """Return the latest ids of what was sent, each with where and when it went; writes nothing."""
    with (
        database.readable_errors(folder / database.FILE),
        closing(database.connect(folder, read_only=True)) as connection,
    ):
        rows = connection.execute(
            """
            SELECT message_id, destination, min(created_at) AS created_at, max(id) AS latest
            FROM submission WHERE message_id IS NOT NULL
            GROUP BY message_id ORDER BY latest DESC LIMIT ?
            """,
            (limit,),
        )
        return [
            (row["message_id"], f"{row['destination']} {row['created_at'][:16]}Z") for row in rows
        ]

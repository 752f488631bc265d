"""Once-keys: what a key was used for, and what it has already sent.

A key belongs to a base URL and a service id. It stands for a payload, kept as a keyed hash, and
is used up by what was sent or may have been sent, and by what was rejected and yet billed (1009) or
perhaps so; what provably had no effect leaves it free.
"""

import hashlib
import hmac
import json
import sqlite3
from datetime import datetime

from linksms_cli.sms.codes import Certainty
from linksms_cli.sms.mt.submission import OnceConflictError, OnceKey, Payload
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.timestamp import rfc3339

_LEAVES_FREE = (Outcome.REJECTED, Outcome.NOT_SENT, Outcome.REFUSED)
_USED_UP = (
    f"(outcome IS NULL OR outcome NOT IN ({', '.join(repr(str(o)) for o in _LEAVES_FREE)}) "
    f"OR billed <> '{Certainty.NO}')"
)


def claim(connection: sqlite3.Connection, key: OnceKey, payload: Payload, now: datetime) -> int:
    """Return the id of a key that stands for this payload, made where it is new.

    The caller holds the key (its lock) and a write transaction. Raises OnceConflictError.
    """
    digest = _digest(connection, payload)
    row = _find(connection, key)
    if row is None:
        cursor = connection.execute(
            "INSERT INTO once_key (base_url, service_id, key, payload, created_at) "
            "VALUES (?, ?, ?, ?, ?)",
            (*key, digest, rfc3339(now)),
        )
        return int(cursor.lastrowid or 0)
    if not hmac.compare_digest(row["payload"], digest):
        if _is_used_up(connection, row["id"]):
            raise OnceConflictError
        # Nothing went out under it: a mistake that was corrected takes the key over.
        connection.execute("UPDATE once_key SET payload = ? WHERE id = ?", (digest, row["id"]))
    return int(row["id"])


def peek(connection: sqlite3.Connection, key: OnceKey, payload: Payload) -> int | None:
    """Return the id of a key that stands for this payload, or None where it is free.

    Writes nothing. Raises OnceConflictError.
    """
    row = _find(connection, key)
    if row is None:
        return None
    if hmac.compare_digest(row["payload"], _digest(connection, payload)):
        return int(row["id"])
    if _is_used_up(connection, row["id"]):
        raise OnceConflictError
    return None


def earlier(connection: sqlite3.Connection, once_key: int, slot: int) -> sqlite3.Row | None:
    """Return the submission that used up a key for one recipient, the latest one."""
    row: sqlite3.Row | None = connection.execute(
        f"SELECT * FROM submission WHERE once_key = ? AND slot = ? AND {_USED_UP} "  # noqa: S608 - a constant
        "ORDER BY id DESC LIMIT 1",
        (once_key, slot),
    ).fetchone()
    return row


def _find(connection: sqlite3.Connection, key: OnceKey) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute(
        "SELECT id, payload FROM once_key WHERE base_url = ? AND service_id = ? AND key = ?",
        key,
    ).fetchone()
    return row


def _is_used_up(connection: sqlite3.Connection, once_key: int) -> bool:
    found = connection.execute(
        f"SELECT 1 FROM submission WHERE once_key = ? AND {_USED_UP} LIMIT 1",  # noqa: S608 - a constant
        (once_key,),
    ).fetchone()
    return found is not None


def _digest(connection: sqlite3.Connection, payload: Payload) -> bytes:
    (secret,) = connection.execute("SELECT value FROM secret").fetchone()
    text = json.dumps(payload, ensure_ascii=True, separators=(",", ":"))
    return hmac.new(secret, text.encode("ascii"), hashlib.sha256).digest()

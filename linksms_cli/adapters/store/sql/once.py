"""Once-keys: what a key was used for, and what it has already sent.

A key belongs to a base URL and a service id. It stands for a payload, kept as a keyed hash, and
is used up by what was sent or may have been sent, and by what was rejected and yet billed (1009) or
perhaps so; what provably had no effect leaves it free.

What a damaged file would hide is found by keeping it twice: a key by its name and by its hash, its
submissions one by one and as a count. Where the two disagree nobody knows what was sent.
"""

import hmac
import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from linksms_cli.adapters.store.sql.connection import Connection, DamagedError, Row
from linksms_cli.sms.codes import Certainty
from linksms_cli.sms.mt.submission import OnceConflictError, OnceKey, Payload
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.timestamp import rfc3339

_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode

_LEAVES_FREE = (Outcome.REJECTED, Outcome.NOT_SENT, Outcome.REFUSED)
_USED_UP = (
    f"(outcome IS NULL OR outcome NOT IN ({', '.join(repr(str(o)) for o in _LEAVES_FREE)}) "
    f"OR billed <> '{Certainty.NO}')"
)

_KEYS = """
    SELECT id, payload, intents, slots,
        (SELECT count(*) FROM submission WHERE once_key = once_key_row.id) AS found
    FROM once_key AS once_key_row
"""
# By its name, and by its hash. In one statement, so that all of it is of one moment: somebody may
# claim the key meanwhile.
_BOTH_WAYS = f"""
    {_KEYS} WHERE base_url = ? AND service_id = ? AND key = ?
    UNION ALL {_KEYS} WHERE name_hash = ?
"""


class Claim(NamedTuple):
    """A key that stands for a payload: its number, and which of its slots had other numbers before.

    `number` is None where nothing was written and the key is free.
    """

    number: int | None
    moved: dict[int, int]


class _Slot(NamedTuple):
    """A slot of a payload that is used up, and the hash of the message that used it."""

    slot: int
    message_hash: bytes | None


def claim(connection: Connection, key: OnceKey, payload: Payload, now: datetime) -> int:
    """Return the number of a key that stands for this payload, made where it is new.

    The caller holds the key (its lock) and a write transaction. Raises OnceConflictError.
    """
    digest = _digest(connection, payload)
    row = _find(connection, key)
    if row is None:
        return connection.insert(
            "INSERT INTO once_key (base_url, service_id, key, payload, created_at, name_hash, "
            "slots) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*key, digest, rfc3339(now), key.digest, len(payload)),
        )
    number = int(row["id"])
    if not hmac.compare_digest(row["payload"], digest):
        moved = _moved(connection, row, payload)
        rows = connection.execute(
            f"SELECT id, slot FROM submission WHERE once_key = ? AND {_USED_UP}",  # noqa: S608 - a constant
            (number,),
        ).fetchall()
        old_to_new = {old: new for new, old in moved.items()}
        connection.executemany(
            "UPDATE submission SET slot = ? WHERE id = ?",
            [(old_to_new[slot], submission) for submission, slot in rows],
        )
        connection.execute(
            "UPDATE once_key SET payload = ?, slots = ? WHERE id = ?",
            (digest, len(payload), number),
        )
    return number


def peek(connection: Connection, key: OnceKey, payload: Payload) -> Claim:
    """Return what a claim would be, and write nothing. Raises OnceConflictError."""
    row = _find(connection, key)
    if row is None:
        return Claim(None, {})
    same = hmac.compare_digest(row["payload"], _digest(connection, payload))
    return Claim(int(row["id"]), {} if same else _moved(connection, row, payload))


def earlier(connection: Connection, once_key: int, slot: int) -> Row | None:
    """Return the submission that used up a key for one recipient, the latest one."""
    row: Row | None = connection.execute(
        f"SELECT * FROM submission WHERE once_key = ? AND slot = ? AND {_USED_UP} "  # noqa: S608 - a constant
        "ORDER BY id DESC LIMIT 1",
        (once_key, slot),
    ).fetchone()
    return row


def count(connection: Connection, claims: Sequence[int]) -> None:
    """Count submissions under these claims beside their keys."""
    connection.executemany(
        "UPDATE once_key SET intents = intents + 1 WHERE id = ?", [(one,) for one in claims]
    )


def _moved(connection: Connection, row: Row, payload: Payload) -> dict[int, int]:
    """Return for each slot of another payload that the key has used up its slot until now.

    A command that was corrected after some of its recipients were not reached may go on under its
    key, if what has been sent is still part of it, word for word. Raises OnceConflictError.
    """
    used = _used_up(connection, row["id"])
    if not used:
        return {}
    if row["slots"] is not None and len(used) >= row["slots"]:
        raise OnceConflictError(len(used))
    secret = read_secret(connection)
    free: dict[bytes | None, list[int]] = {}
    for slot, parameters in enumerate(payload):
        free.setdefault(keyed(secret, parameters), []).append(slot)
    moved = {}
    for one in used:
        places = free.get(one.message_hash)
        if not places:
            raise OnceConflictError(len(used))
        moved[places.pop(0)] = one.slot
    return moved


def _used_up(connection: Connection, once_key: int) -> list[_Slot]:
    rows = connection.execute(
        f"SELECT slot, message_hash FROM submission WHERE once_key = ? AND {_USED_UP} "  # noqa: S608 - a constant
        "ORDER BY slot, id",
        (once_key,),
    )
    hashes = {row["slot"]: row["message_hash"] for row in rows}
    return [_Slot(*entry) for entry in hashes.items()]


def _find(connection: Connection, key: OnceKey) -> Row | None:
    rows: list[Row] = connection.execute(_BOTH_WAYS, (*key, key.digest)).fetchall()
    if not rows:
        return None
    row = rows[0]
    if [one["id"] for one in rows] != [row["id"]] * 2:
        raise DamagedError("a once-key is found in one index only")
    if row["found"] != row["intents"]:
        raise DamagedError(f"{row['found']} of a once-key's {row['intents']} submissions are there")
    return row


def read_secret(connection: Connection) -> bytes:
    """Return what hashes are keyed with in this database."""
    (secret,) = connection.execute("SELECT value FROM secret").fetchone()
    return bytes(secret)


def _digest(connection: Connection, payload: Payload) -> bytes:
    return keyed(read_secret(connection), payload)


def keyed(secret: bytes, value: object) -> bytes:
    """Return the keyed hash of a value that JSON can write."""
    return hmac.digest(secret, _encode(value).encode("ascii"), "sha256")

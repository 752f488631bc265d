"""Stores that are full already, made as fast as SQLite takes them."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from linksms_cli.adapters.store.sqlite import database
from linksms_cli.adapters.store.sqlite.connection import SqliteConnection
from linksms_cli.sms.dlr.tally import PartStatus, Tally, key_of
from linksms_cli.sms.timestamp import rfc3339

# Messages go out every so many seconds, up to now.
PACE = 4
# A number that gets a message now and then.
NUMBER = "+99955501234"

_NUMBERS = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :count - 1)"
_SUBMISSIONS = f"""
    {_NUMBERS} INSERT INTO submission (created_at, updated_at, base_url, service_id, profile,
        destination, source, encoding, parts, once_key, slot, outcome, result_code, description,
        message_id, final, delivered, billed, retry, sent_at, elapsed_ms)
    SELECT at(i), at(i), 'https://n-eu.linkmobility.io/smscsimplehttp', 4711, 'prod', number(i),
        'LINK', 'GSM-7', 1, CASE WHEN i % 5 = 0 THEN i + 1 END, 0, 'accepted', 1005, 'Queued',
        id_of(i), 0, 'no', 'no', 'wait', at(i), 120
    FROM n WHERE i % 10 <> 9
"""  # noqa: S608 - constants
_KEYS = f"""
    {_NUMBERS} INSERT INTO once_key
        (id, base_url, service_id, key, payload, created_at, name_hash, intents)
    SELECT i + 1, 'https://n-eu.linkmobility.io/smscsimplehttp', 4711, 'key-' || i, x'00', at(i),
        CAST(id_of(i) AS BLOB), 1
    FROM n WHERE i % 5 = 0
"""  # noqa: S608 - constants
_CALLBACKS = f"""
    {_NUMBERS} INSERT INTO callback (received_at, remote, method, query, headers, body, message_id,
        result_code, timestamp, segments, tally)
    SELECT at(i), '192.0.2.1', 'POST', '', '{{"content-type": "application/json"}}', body(i),
        id_of(i), code(i), at(i), 1, tally(i)
    FROM n
"""  # noqa: S608 - constants
# The rows that are searched, as a receiver makes them over the weeks.
_SENT = """
    INSERT INTO message (id, at, destination, source, profile, batch, outcome, result_code,
        operator)
    SELECT sent.id, sent.at, sent.destination, sent.source, sent.profile, sent.batch,
        CASE callback.result_code WHEN 1001 THEN 'delivered' WHEN 1000 THEN 'pending'
            ELSE 'failed' END,
        callback.result_code, json_extract(callback.body, '$.operator')
    FROM sent JOIN callback ON callback.id = sent.id + (sent.id - 1) / 9
"""
_REPORTED = """
    INSERT INTO message (id, at, destination, source, outcome, result_code, operator)
    SELECT -id, CAST((julianday(received_at) - 2440587.5) * 86400000 AS INTEGER),
        json_extract(body, '$.customParameters.destination'), 'LINK', 'delivered', result_code,
        json_extract(body, '$.operator')
    FROM callback WHERE id % 10 = 0
"""
# A report under a random id, and what the receiver writes beside it.
_REPORTS = """
    INSERT INTO callback (id, received_at, remote, method, query, headers, body, message_id,
        result_code, operator_result_code, timestamp, segments, duplicate, place, tally)
    WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last)
    SELECT i, '2026-06-01T00:00:00.000Z', '127.0.0.1', 'POST', '', '{}',
        CAST('{"id":"' || name || '","resultCode":1001}' AS BLOB), name, 1001, '2',
        '2026-06-01T00:00:00Z', 1, 0, 0, '1,1,0,|,1001,2026-06-01T00:00:00Z,0|0123456789abcdef'
    FROM (SELECT i, hex(randomblob(12)) AS name FROM n)
"""
_AT_ONCE = 500_000


@contextmanager
def _filling(folder: Path) -> Iterator[SqliteConnection]:
    """Give a store that is not safe while the block runs, without its indices and triggers.

    They are made again at the end, which takes a tenth of the time.
    """
    with closing(database.connect(folder)) as store:
        store.execute("PRAGMA synchronous = OFF")
        store.execute("PRAGMA cache_size = -500000")
        later = store.execute(
            "SELECT type, name, sql FROM sqlite_schema "
            "WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
        ).fetchall()
        for made_later in later:
            store.execute(f"DROP {made_later['type']} {made_later['name']}")
        yield store
        for made_later in later:
            store.execute(made_later["sql"])


def fill_reports(folder: Path, count: int) -> None:
    """Put so many reports into a store, each of a message of its own."""
    with _filling(folder) as store:
        for first in range(1, count + 1, _AT_ONCE):
            with store.transaction():
                last = min(first + _AT_ONCE - 1, count)
                store.execute(_REPORTS, {"first": first, "last": last})
        # Search has nothing to catch up with: it would do so beside what is measured.
        store.execute("UPDATE indexed SET callback = ?", (count,))


class _Rows:
    """What stands in the rows of the message with a number, as functions that SQLite calls."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._now = datetime.now(UTC)

    def at(self, i: int) -> str:
        return rfc3339(self._now - timedelta(seconds=(self._count - i) * PACE))

    def number(self, i: int) -> str:
        return NUMBER if i % 100_000 == 7 else f"+9995{i * 7919 % 10_000_000:07}"

    def id_of(self, i: int) -> str:
        return id_of(i, self._count)

    def code(self, i: int) -> int:
        """Most are delivered, one in fifty fails, one in five hundred is still pending."""
        if i % 50 == 3:
            return 2104
        return 1000 if i % 500 == 4 else 1001

    def body(self, i: int) -> bytes:
        operator = ("no.telenor", "se.telia", "se.tele2", "dk.tdc")[i % 7 % 4]
        at = self.at(i)
        return (
            f'{{"refId":null,"id":"{self.id_of(i)}","operator":"{operator}","sentTimestamp":"{at}",'
            f'"timestamp":"{at}","resultCode":{self.code(i)},"operatorResultCode":"2",'
            f'"segments":1,"gateCustomParameters":{{}},"customParameters":{{"source":"LINK",'
            f'"destination":"{self.number(i)}"}}}}'
        ).encode()

    def tally(self, i: int) -> str:
        code, at = self.code(i), self.at(i)
        made = Tally(1)
        made.add(PartStatus(None, code, at, 1, at), key_of(None, code, "2", at))
        return str(made)


def id_of(i: int, count: int) -> str:
    """Return the message id of a row of a store with so many messages."""
    return f"{i * 7919 % count:010}PMAAAFQPbnR3x"


def fill_messages(folder: Path, count: int) -> None:
    """Put so many messages into a store, each with a report.

    A tenth of them were sent elsewhere, and one in five has a once-key.
    """
    rows = _Rows(count)
    with _filling(folder) as store:
        for name in ("at", "number", "id_of", "code", "body", "tally"):
            store.create_function(name, 1, getattr(rows, name))
        for statement in (_KEYS, _SUBMISSIONS, _CALLBACKS, _SENT, _REPORTED):
            with store.transaction():
                store.execute(statement, {"count": count} if ":count" in statement else {})
        store.execute(
            "UPDATE indexed SET submission = 0, callback = (SELECT max(id) FROM callback)"
        )
        store.execute("UPDATE once_count SET intents = (SELECT count(*) FROM once_key)")

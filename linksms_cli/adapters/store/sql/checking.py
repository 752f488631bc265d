"""What every store is checked for: what is kept twice agrees, and how much could be forgotten."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from linksms_cli.adapters.store.sql.connection import Connection
from linksms_cli.adapters.store.sql.forgetting import forgettable
from linksms_cli.adapters.store.sql.holdings import held
from linksms_cli.sms.check import findings
from linksms_cli.sms.check.findings import Finding
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.timestamp import rfc3339

_KEYS = """
    SELECT count(*) FROM once_key WHERE name_hash IS NULL OR intents <>
        (SELECT count(*) FROM submission WHERE once_key = once_key.id)
"""
_OUTCOMES = f"""
    SELECT count(*) FROM submission WHERE outcome IS NOT NULL
        AND outcome NOT IN ({", ".join(repr(str(one)) for one in Outcome)})
"""  # noqa: S608 - constants
# Days after which people forget.
_AGES = (365, 90, 30)
_RESTORE = (
    "Stop everything that uses it, and restore a backup, or find out what was sent before you send "
    "again under its once-keys."
)


def kept_twice(connection: Connection) -> Iterator[Finding]:
    """Yield whether once-keys have the submissions that they count, and rows can be read."""
    with connection.errors():
        (wrong,) = connection.execute(_KEYS).fetchone()
        (unreadable,) = connection.execute(_OUTCOMES).fetchone()
    if wrong:
        seen = f"{wrong:,} once-keys do not have the messages that they count"
        yield findings.misconfigured("once-keys", seen, _RESTORE)
    else:
        yield findings.ok("once-keys", "each has the messages that it counts")
    if unreadable:
        seen = f"{unreadable:,} messages have an outcome that no linksms has written"
        yield findings.misconfigured("messages", seen, _RESTORE)
    else:
        yield findings.ok("messages", "each has an outcome that can be read")


def old(connection: Connection, now: datetime, size: int, *, shrinks: str) -> Iterator[Finding]:
    """Yield how much could be forgotten, and about how many bytes of `size` that would free.

    `shrinks` says what becomes of them.
    """
    with connection.errors():
        there = held(connection)
    rows = there.messages + there.reports + there.incoming + there.unreadable
    before = None
    for days in _AGES:
        found = forgettable(connection, rfc3339(now - timedelta(days=days)))
        amount = (found.messages, found.reports)
        if not sum(amount) or amount == before:
            continue
        before = amount
        freed = size * sum(amount) / rows / 1e6
        yield findings.note(
            "old rows",
            f"{found.messages:,} messages and {found.reports:,} reports are older than {days} days,"
            f" about {freed:,.1f} MB",
            f"`linksms status --forget-before {days}d` deletes them; {shrinks}.",
        )

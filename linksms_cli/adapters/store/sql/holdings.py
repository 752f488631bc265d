"""Count what a store holds."""

from linksms_cli.adapters.store.sql.connection import Connection
from linksms_cli.sms.holdings import Holdings

# What was forgotten and stays as a bare fact is no message any more.
_MESSAGES = "SELECT count(*) FROM submission WHERE destination <> ''"
_CALLBACKS = """
    SELECT count(*) AS everything, count(incoming) AS incoming, count(fault) AS unreadable
    FROM callback
"""
_KEYS = "SELECT count(*) FROM once_key"
_BATCHES = "SELECT count(*), count(*) - count(finished_at) FROM batch"
# A request that holds several reports is forwarded as one.
_FORWARDS = """
    SELECT coalesce(sum(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END), 0),
        coalesce(sum(CASE WHEN state = 'set_aside' THEN 1 ELSE 0 END), 0)
    FROM forward WHERE state <> 'forwarded' AND callback = request
"""
_TIMES = """
    SELECT min(created_at), max(created_at) FROM submission
    UNION ALL SELECT min(received_at), max(received_at) FROM callback
"""


def held(connection: Connection) -> Holdings:
    """Return how much is there. Errors are the caller's."""
    (messages,) = connection.execute(_MESSAGES).fetchone()
    callbacks, incoming, unreadable = connection.execute(_CALLBACKS).fetchone()
    (keys,) = connection.execute(_KEYS).fetchone()
    batches, unfinished = connection.execute(_BATCHES).fetchone()
    waiting, set_aside = connection.execute(_FORWARDS).fetchone()
    times = [row for row in connection.execute(_TIMES).fetchall() if row[0] is not None]
    return Holdings(
        messages=messages,
        reports=callbacks - incoming - unreadable,
        incoming=incoming,
        unreadable=unreadable,
        keys=keys,
        batches=batches,
        unfinished_batches=unfinished,
        forwards_waiting=int(waiting),
        forwards_set_aside=int(set_aside),
        oldest=min((row[0] for row in times), default=None),
        newest=max((row[1] for row in times), default=None),
    )

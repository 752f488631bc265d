"""What goes wrong at a server, in words for whoever has to do something about it."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors

from linksms_cli.adapters.store.sql.connection import DamagedError
from linksms_cli.errors import StoreAwayError, StoreError

SCHEMA = "linksms"
PRIMARY = "Name the primary server in LINKSMS_STATE."
# Before a session has begun libpq passes on words alone, and those in the server's language: what
# is not found here is told as the server says it.
_REFUSALS = (
    (
        "password authentication failed",
        "Check the user in LINKSMS_STATE, and the password in PGPASSWORD or ~/.pgpass.",
    ),
    ("no password supplied", "Put the password into PGPASSWORD or ~/.pgpass."),
    (
        "too many clients",
        "Raise max_connections in the server, or let pgbouncer share its connections.",
    ),
    (
        "remaining connection slots",
        "Raise max_connections in the server, or let pgbouncer share its connections.",
    ),
    ("too many connections", "Raise the connection limit of this user or database."),
    (
        "no encryption",
        "Let it use TLS: take sslmode=disable out of LINKSMS_STATE, PGSSLMODE or the service.",
    ),
    (
        "certificate verify failed",
        "Check sslrootcert, and the name of the server in LINKSMS_STATE.",
    ),
    ("server certificate for", "Name the server in LINKSMS_STATE as its certificate does."),
    ("does not exist", "Check the names in LINKSMS_STATE; `createdb` makes a database."),
)


# What the server says when it ends a session, or a transaction that stood in the way of another.
_BROKEN = (
    errors.AdminShutdown,
    errors.CrashShutdown,
    errors.CannotConnectNow,
    errors.IdleSessionTimeout,
    errors.IdleInTransactionSessionTimeout,
    errors.TransactionTimeout,
    errors.DeadlockDetected,
    errors.SerializationFailure,
)
# The same from a pooler that stands between: its server has gone, or it has none to lend.
_CONNECTION = "08"


class StoreBrokenError(StoreAwayError):
    """What was to be stored is not, since the connection broke: once more, it may work."""


class StoreDoubtError(StoreAwayError):
    """Whether something was stored is not known yet: it may be asked for once more."""


class AwayError(psycopg.OperationalError):
    """A server that was there before could not be reached again in time."""


class SilentError(psycopg.OperationalError):
    """A server that is there has stopped answering."""


class InDoubtError(psycopg.OperationalError):
    """The connection broke in a commit, and nobody could say what became of it."""


# What ends by itself: a server is busy, or full, or has not taken over yet from one that failed.
_PASSING = (
    AwayError,
    SilentError,
    errors.QueryCanceled,
    errors.LockNotAvailable,
    errors.TooManyConnections,
    errors.ReadOnlySqlTransaction,
)
_Kinds = type[psycopg.Error] | tuple[type[psycopg.Error], ...]
_MEANINGS: tuple[tuple[_Kinds, str, str], ...] = (
    (SilentError, "has stopped answering", "Look whether the server is alive and what keeps it."),
    (
        InDoubtError,
        "was lost while it stored something, and whether that is there is not known",
        "See with `linksms status` once the server is back.",
    ),
    (
        errors.InsufficientPrivilege,
        "may not be used: {said}",
        f"Have an administrator run: CREATE SCHEMA {SCHEMA} AUTHORIZATION that user.",
    ),
    (errors.ReadOnlySqlTransaction, "is read-only: {said}", PRIMARY),
    (errors.QueryCanceled, "is too slow: it was given up", "Look what keeps the server busy."),
    (errors.DiskFull, "cannot grow: {said}", "Free some space on the server."),
    (
        (errors.UndefinedTable, errors.UndefinedColumn, errors.InvalidSchemaName),
        "has lost tables: {said}",
        "Find out who removed them, and restore a backup.",
    ),
)


@contextmanager
def readable_errors(place: str) -> Iterator[None]:
    """Turn what the server and the network raise in the block into a StoreError about `place`.

    No message of libpq holds a password, and none of ours repeats the address.
    """
    try:
        yield
    except psycopg.Error as failure:
        wrong, remedy = _explained(failure)
        raise _kind(failure)(f"the store in {place} {wrong}", remedy) from None
    except (DamagedError, ValueError, TypeError, LookupError) as failure:
        raise StoreError(f"the store in {place} is damaged ({failure})", None) from None


def _kind(failure: psycopg.Error) -> type[StoreError]:
    if is_broken(failure):
        return StoreBrokenError
    if isinstance(failure, InDoubtError):
        return StoreDoubtError
    return StoreAwayError if isinstance(failure, _PASSING) else StoreError


def is_broken(failure: psycopg.Error) -> bool:
    """Return whether a transaction is known to have left nothing, and may work once more."""
    if isinstance(failure, AwayError | SilentError | InDoubtError):
        return False
    return isinstance(failure, _BROKEN) or (
        # Without a code the server has said nothing: the connection has ended.
        isinstance(failure, psycopg.OperationalError)
        and (failure.sqlstate or _CONNECTION).startswith(_CONNECTION)
    )


def _explained(failure: psycopg.Error) -> tuple[str, str | None]:
    said = str(failure.diag.message_primary or failure).strip().split("\n")[-1].strip()
    for kinds, wrong, remedy in _MEANINGS:
        if isinstance(failure, kinds):
            return wrong.format(said=said), remedy
    if isinstance(failure, psycopg.OperationalError):
        return f"cannot be reached: {said}", _remedy(said)
    return f"failed: {said}", None


def _remedy(said: str) -> str:
    for words, remedy in _REFUSALS:
        if words in said:
            return remedy
    return "Check LINKSMS_STATE, the server, and the password in PGPASSWORD or ~/.pgpass."

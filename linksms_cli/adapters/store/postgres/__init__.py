"""The store in a PostgreSQL database, for the processes of many machines.

The client is psycopg 3, chosen by figures (`python tests/benchmarks server`). A process that
starts, connects and asks one thing takes 11 ms of Python, and 164 ms in all with psycopg, 115 with
asyncpg and its event loop, 114 with pg8000. The 50 ms buy what libpq knows: service files,
~/.pgpass, every kind of TLS and login, several hosts, and COPY. Whoever has no such store does not
load it. `send` takes 1.3 times what it takes with a folder.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from typing import TYPE_CHECKING, NoReturn

from linksms_cli.errors import ConfigurationError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from linksms_cli.adapters.store.postgres.connection import PostgresConnection
    from linksms_cli.adapters.store.postgres.copying import PostgresOriginal, PostgresReplica
    from linksms_cli.adapters.store.postgres.forwards import PostgresForwards
    from linksms_cli.adapters.store.postgres.inbox import PostgresInbox
    from linksms_cli.adapters.store.postgres.outbox import PostgresOutbox
    from linksms_cli.adapters.store.postgres.stories import PostgresStories
    from linksms_cli.sms.check.findings import Finding
    from linksms_cli.sms.dlr.receiving import Callback, StoredCallback
    from linksms_cli.sms.forward.due import Backlog, ForwardState
    from linksms_cli.sms.forward.target import Target
    from linksms_cli.sms.holdings import Neighbour, StoreFacts
    from linksms_cli.sms.mt.batch import BatchIdentity
    from linksms_cli.sms.mt.submission import OnceKey
    from linksms_cli.sms.story import Chore, Forgotten

# Seconds that who sends or waits gives a server that was there before to come back.
_PATIENCE = 10.0
# Seconds that a receiver gives a statement: who reports waits, and is better told to come again.
_RECEIVERS = 15.0
# Seconds in which a server has surely seen that a process of its own machine was killed.
_NOTICED = 1.0
# A copy takes as long as it takes: a day.
_COPY = 86_400.0


class PostgresStore:
    """A `Store` on a server. Each side has its own connection, and its module loads with it."""

    weakness = None

    def __init__(
        self, address: str, named_by: str, environ: Mapping[str, str] | None = None
    ) -> None:
        self._environ = environ
        try:
            import psycopg  # noqa: F401 - whether it is there
        except ImportError:
            message = "a store in PostgreSQL needs the package psycopg, which is not installed"
            hint = "Install linksms with it: pipx install 'linksms-cli[postgres]'."
            raise ConfigurationError(message, hint) from None
        from linksms_cli.adapters.store.postgres.address import address_of

        self._address, self._place = address_of(address, named_by)

    @property
    def place(self) -> str:
        """The server and the database."""
        return self._place

    def exists(self) -> bool:
        """Return whether the database has our tables."""
        from linksms_cli.adapters.store.postgres import database

        return database.exists(self._address, self._place)

    def outbox(self, *, read_only: bool = False) -> "PostgresOutbox":
        """Open the sender's side."""
        from linksms_cli.adapters.store.postgres.outbox import PostgresOutbox

        connection = self._connect(read_only=read_only, patience=_PATIENCE)
        return PostgresOutbox(connection, read_only=read_only)

    def inbox(self) -> "PostgresInbox":
        """Open the receiver's side."""
        from linksms_cli.adapters.store.postgres.inbox import PostgresInbox

        return PostgresInbox(self._connect(statement=_RECEIVERS), self._connect)

    def stories(self) -> "PostgresStories":
        """Open the side of those who look."""
        from linksms_cli.adapters.store.postgres.stories import PostgresStories

        # Who waits for the first report of all begins before there is a store.
        connection = self._connect(read_only=True, make=True, patience=_PATIENCE)
        return PostgresStories(connection, self._connect)

    def forwards(self, target: "Target", owner: str) -> "PostgresForwards":
        """Open the side of who forwards."""
        from linksms_cli.adapters.store.postgres.forwards import PostgresForwards

        return PostgresForwards(self._connect(), target, owner)

    def not_forwarded(self) -> "Iterator[ForwardState]":
        """Yield what waits or was set aside."""
        from linksms_cli.adapters.store.sql.forwarded import not_forwarded

        with closing(self._connect(read_only=True)) as connection:
            yield from not_forwarded(connection)

    def forward_again(self, target: str | None = None) -> "Mapping[str, int]":
        """Have what was set aside tried again."""
        from linksms_cli.adapters.store.sql.retrying import forward_again

        with closing(self._connect()) as connection:
            return forward_again(connection, target)

    def backlogs(self, targets: "Sequence[Target]") -> "Sequence[Backlog]":
        """Return what is not forwarded to targets."""
        from linksms_cli.adapters.store.sql.forwarded import backlogs

        with closing(self._connect(read_only=True)) as connection:
            return backlogs(connection, targets)

    def recent(self, limit: int) -> list[tuple[str, str]]:
        """Return the latest ids of what was sent."""
        from linksms_cli.adapters.store.sql.recent import recent

        with closing(self._connect(read_only=True)) as connection:
            return recent(connection, limit)

    def callbacks(
        self, *, first: int = 0, last: int | None = None, since: str = ""
    ) -> "Iterator[StoredCallback]":
        """Yield what has called back, in the order of arrival."""
        from linksms_cli.adapters.store.sql.callbacks import LAST, Reader

        with closing(Reader(self._connect(read_only=True))) as reader:
            yield from reader.callbacks(
                first=first, last=LAST if last is None else last, since=since
            )

    def request(self, number: int) -> "Callback | None":
        """Return the request that a callback came in."""
        from linksms_cli.adapters.store.sql.callbacks import Reader

        with closing(Reader(self._connect(read_only=True))) as reader:
            return reader.request(number)

    @contextmanager
    def hold(self, key: "OnceKey | BatchIdentity | Chore") -> Iterator[bool]:
        """Try to hold a key, by a lock on the server.

        The server takes a moment to see that a process was killed. Whoever sends a batch again then
        is not told that another process sends it; whoever wants a key asks for it again anyway.
        """
        from linksms_cli.adapters.store.postgres.presence import held
        from linksms_cli.sms.mt.batch import BatchIdentity

        patience = _NOTICED if isinstance(key, BatchIdentity) else 0.0
        with (
            closing(self._link()) as connection,
            held(connection, key.name, patience=patience) as is_held,
        ):
            yield is_held

    @contextmanager
    def receiving(self) -> Iterator[None]:
        """Be a live receiver, by a lock that many share."""
        from linksms_cli.adapters.store.machine import announced
        from linksms_cli.adapters.store.postgres.presence import Presence

        with closing(Presence(self._link)), announced(self.place, self._environ):
            yield

    def has_receiver(self) -> bool:
        """Return whether anybody has that lock."""
        from linksms_cli.adapters.store.postgres.presence import is_received

        with closing(self._connect()) as connection:
            return is_received(connection)

    def elsewhere(self) -> "Neighbour | None":
        """Return another store of this machine that has a receiver."""
        from linksms_cli.adapters.store.machine import elsewhere

        return elsewhere(self.place, self._environ)

    def facts(self) -> "StoreFacts":
        """Return what the store is and holds."""
        from linksms_cli.adapters.store.postgres.facts import facts

        return facts(self._address, self._place, is_made=self.exists())

    def original(self) -> "AbstractContextManager[PostgresOriginal]":
        """Give what the store holds."""
        from linksms_cli.adapters.store.postgres.copying import original

        return original(self._connect(statement=_COPY, idle=_COPY))

    def replica(self) -> "AbstractContextManager[PostgresReplica]":
        """Give a new store."""
        from linksms_cli.adapters.store.postgres.copying import replica

        return replica(self._connect(statement=_COPY, idle=_COPY))

    def share(self, group: str) -> NoReturn:  # noqa: ARG002 - of the face
        """Raise UsageError: who may use it is for the server to say."""
        raise UsageError(
            f"the store in {self._place} is not in a folder, so it has no group",
            "Whoever may log in to the database and use the schema linksms shares it.",
        )

    def stop_sharing(self) -> NoReturn:
        """Raise UsageError."""
        self.share("")

    def check(self, now: "datetime") -> "Iterator[Finding]":
        """Yield what is found."""
        from linksms_cli.adapters.store.postgres.checking import check

        return check(self._address, self._place, now)

    def forgettable(self, before: str) -> "Forgotten":
        """Count what is older."""
        from linksms_cli.adapters.store.sql.forgetting import forgettable

        with closing(self._connect(read_only=True)) as connection:
            return forgettable(connection, before)

    def forget(self, before: str) -> "Forgotten":
        """Forget what is older; what the server's files keep of it, its vacuum removes."""
        from linksms_cli.adapters.store.sql.forgetting import forget_rows
        from linksms_cli.sms.story import Forgotten

        with closing(self._connect()) as connection, connection.errors():
            messages, reports = forget_rows(connection, before)
        return Forgotten(before=before, messages=messages, reports=reports, erased=False)

    def forget_gently(
        self, before: str, *, sparing: str, rest: Callable[[float], bool]
    ) -> "Forgotten":
        """Forget what is older, in small pieces."""
        from linksms_cli.adapters.store.sql.forgetting import forget_rows, gently
        from linksms_cli.sms.story import Forgotten

        with closing(self._connect()) as connection, connection.errors():
            messages, reports = forget_rows(connection, before, gently(sparing, rest))
        return Forgotten(before=before, messages=messages, reports=reports, erased=False)

    def _connect(
        self, *, read_only: bool = False, make: bool = False, **limits: float
    ) -> "PostgresConnection":
        from linksms_cli.adapters.store.postgres import database
        from linksms_cli.adapters.store.postgres.limits import Limits

        return database.connect(
            self._address, self._place, read_only=read_only, make=make, limits=Limits(**limits)
        )

    def _link(self) -> "PostgresConnection":
        """Connect for a lock, which needs no tables."""
        from linksms_cli.adapters.store.postgres import database

        return database.link(self._address, self._place)

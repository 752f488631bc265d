"""The store in one SQLite file for the processes of one machine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from linksms_cli.adapters.store.locks import KeyLock, SharedLock, is_shared
from linksms_cli.adapters.store.mounts import network_file_system
from linksms_cli.adapters.store.sqlite import database
from linksms_cli.adapters.store.sqlite.explaining import readable_errors

if TYPE_CHECKING:
    from datetime import datetime

    from linksms_cli.adapters.store.sqlite.copying import SqliteOriginal, SqliteReplica
    from linksms_cli.adapters.store.sqlite.forwards import SqliteForwards
    from linksms_cli.adapters.store.sqlite.inbox import SqliteInbox
    from linksms_cli.adapters.store.sqlite.outbox import SqliteOutbox
    from linksms_cli.adapters.store.sqlite.stories import SqliteStories
    from linksms_cli.sms.check.findings import Finding
    from linksms_cli.sms.dlr.receiving import Callback, StoredCallback
    from linksms_cli.sms.forward.due import Backlog, ForwardState
    from linksms_cli.sms.forward.target import Target
    from linksms_cli.sms.holdings import Neighbour, StoreFacts, StoreShared
    from linksms_cli.sms.mt.batch import BatchIdentity
    from linksms_cli.sms.mt.submission import OnceKey
    from linksms_cli.sms.story import Chore, Forgotten

_KEYS = "once.lock"
_RECEIVERS = "listen.lock"


class SqliteStore:
    """A `Store` in a folder. Each side has its own connection, and its module loads with it."""

    def __init__(self, folder: Path, environ: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self._environ = environ

    @property
    def place(self) -> str:
        """The folder."""
        return str(self._folder)

    @property
    def weakness(self) -> str | None:
        """A network file system."""
        kind = network_file_system(self._folder)
        return kind and (
            f"lies on a network file system ({kind}), whose locks do not hold between machines"
        )

    def exists(self) -> bool:
        """Return whether the database is there."""
        return database.exists(self._folder)

    def outbox(self, *, read_only: bool = False) -> "SqliteOutbox":
        """Open the sender's side."""
        from linksms_cli.adapters.store.sqlite.outbox import SqliteOutbox

        return SqliteOutbox(self._folder, read_only=read_only)

    def inbox(self) -> "SqliteInbox":
        """Open the receiver's side."""
        from linksms_cli.adapters.store.sqlite.inbox import SqliteInbox

        return SqliteInbox(self._folder)

    def stories(self) -> "SqliteStories":
        """Open the side of those who look."""
        from linksms_cli.adapters.store.sqlite.stories import SqliteStories

        return SqliteStories(self._folder)

    def forwards(self, target: "Target", owner: str) -> "SqliteForwards":
        """Open the side of who forwards."""
        from linksms_cli.adapters.store.sqlite.forwards import SqliteForwards

        return SqliteForwards(self._folder, target, owner)

    def not_forwarded(self) -> "Iterator[ForwardState]":
        """Yield what waits or was set aside."""
        from linksms_cli.adapters.store.sql.forwarded import not_forwarded

        with closing(database.connect(self._folder, read_only=True)) as connection:
            yield from not_forwarded(connection)

    def forward_again(self, target: str | None = None) -> "Mapping[str, int]":
        """Have what was set aside tried again."""
        from linksms_cli.adapters.store.sql.retrying import forward_again

        with closing(database.connect(self._folder)) as connection:
            return forward_again(connection, target)

    def backlogs(self, targets: "Sequence[Target]") -> "Sequence[Backlog]":
        """Return what is not forwarded to targets."""
        from linksms_cli.adapters.store.sql.forwarded import backlogs

        with closing(database.connect(self._folder, read_only=True)) as connection:
            return backlogs(connection, targets)

    def recent(self, limit: int) -> list[tuple[str, str]]:
        """Return the latest ids of what was sent."""
        from linksms_cli.adapters.store.sql.recent import recent

        with closing(database.connect(self._folder, read_only=True)) as connection:
            return recent(connection, limit)

    def callbacks(
        self, *, first: int = 0, last: int | None = None, since: str = ""
    ) -> "Iterator[StoredCallback]":
        """Yield what has called back, in the order of arrival."""
        from linksms_cli.adapters.store.sql.callbacks import LAST, Reader

        with closing(Reader(database.connect(self._folder, read_only=True))) as reader:
            yield from reader.callbacks(
                first=first, last=LAST if last is None else last, since=since
            )

    def request(self, number: int) -> "Callback | None":
        """Return the request that a callback came in."""
        from linksms_cli.adapters.store.sql.callbacks import Reader

        with closing(Reader(database.connect(self._folder, read_only=True))) as reader:
            return reader.request(number)

    @contextmanager
    def hold(self, key: "OnceKey | BatchIdentity | Chore") -> Iterator[bool]:
        """Try to hold a key, by its lock."""
        with self._lock_errors(_KEYS):
            lock = KeyLock(self._folder / _KEYS, key.name)
        with closing(lock):
            yield lock.held

    @contextmanager
    def receiving(self) -> Iterator[None]:
        """Be a live receiver, by a lock that many share."""
        from linksms_cli.adapters.store.machine import announced

        with self._lock_errors(_RECEIVERS):
            lock = SharedLock(self._folder / _RECEIVERS)
        with closing(lock), announced(self.place, self._environ):
            yield

    def has_receiver(self) -> bool:
        """Return whether anybody has that lock."""
        with self._lock_errors(_RECEIVERS):
            return is_shared(self._folder / _RECEIVERS)

    def elsewhere(self) -> "Neighbour | None":
        """Return another store of this machine that has a receiver."""
        from linksms_cli.adapters.store.machine import elsewhere

        return elsewhere(self.place, self._environ)

    def facts(self) -> "StoreFacts":
        """Return what the store is and holds."""
        from linksms_cli.adapters.store.sqlite.facts import facts

        return facts(self._folder, has_receiver=self.has_receiver())

    def original(self) -> "AbstractContextManager[SqliteOriginal]":
        """Give what the store holds."""
        from linksms_cli.adapters.store.sqlite.copying import original

        return original(self._folder)

    def replica(self) -> "AbstractContextManager[SqliteReplica]":
        """Give a new store."""
        from linksms_cli.adapters.store.sqlite.copying import replica

        return replica(self._folder)

    def share(self, group: str) -> "StoreShared":
        """Share the folder with a group."""
        from linksms_cli.adapters.store.sqlite.sharing import share

        return share(self._folder, group, (_KEYS, _RECEIVERS))

    def stop_sharing(self) -> "StoreShared":
        """Give the folder to its owner alone."""
        from linksms_cli.adapters.store.sqlite.sharing import stop_sharing

        return stop_sharing(self._folder, (_KEYS, _RECEIVERS))

    def check(self, now: "datetime") -> "Iterator[Finding]":
        """Yield what is found."""
        from linksms_cli.adapters.store.sqlite.checking import check

        return check(self._folder, now)

    def forgettable(self, before: str) -> "Forgotten":
        """Count what is older."""
        from linksms_cli.adapters.store.sql.forgetting import forgettable

        with closing(database.connect(self._folder, read_only=True)) as connection:
            return forgettable(connection, before)

    def forget(self, before: str) -> "Forgotten":
        """Forget what is older."""
        from linksms_cli.adapters.store.sqlite.forgetting import forget

        return forget(self._folder, before)

    def forget_gently(
        self, before: str, *, sparing: str, rest: Callable[[float], bool]
    ) -> "Forgotten":
        """Forget what is older, in small pieces."""
        from linksms_cli.adapters.store.sqlite.forgetting import forget_gently

        return forget_gently(self._folder, before, sparing, rest)

    def _lock_errors(self, name: str) -> AbstractContextManager[None]:
        return readable_errors(self._folder / name)

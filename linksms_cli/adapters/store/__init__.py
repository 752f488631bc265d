"""The store: what was sent and what was reported, behind one face, whatever database keeps it.

A store is found once (`find_store`), which touches nothing, and is asked for the side that is
needed: an outbox to send, an inbox to receive, stories to look. A side is opened once, keeps its
connection, and is closed by who opened it. A backend is a folder beside this file that has a class
with the methods of `Store`; no module outside imports more than this face.

Every method raises StoreError where the store cannot be opened, read or written.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from linksms_cli.adapters.store.sides import (
    Forwards,
    Inbox,
    Original,
    Outbox,
    Replica,
    Stories,
)
from linksms_cli.sms import paths

if TYPE_CHECKING:
    from datetime import datetime

    from linksms_cli.sms.check.findings import Finding
    from linksms_cli.sms.dlr.receiving import Callback, StoredCallback
    from linksms_cli.sms.forward.due import Backlog, ForwardState
    from linksms_cli.sms.forward.target import Target
    from linksms_cli.sms.holdings import Neighbour, StoreFacts, StoreShared
    from linksms_cli.sms.mt.batch import BatchIdentity
    from linksms_cli.sms.mt.submission import OnceKey
    from linksms_cli.sms.story import Chore, Forgotten

__all__ = [
    "Forwards",
    "Inbox",
    "Original",
    "Outbox",
    "Replica",
    "Store",
    "Stories",
    "find_store",
    "store_at",
    "store_in",
]


class Store(Protocol):
    """One store, in a folder or on a server."""

    @property
    def place(self) -> str:
        """Where it is, in words for a person; they hold no secret."""

    @property
    def weakness(self) -> str | None:
        """Why what keeps processes apart may not hold there; None where nothing is known."""

    def exists(self) -> bool:
        """Return whether anything was ever stored: where not, only looking makes nothing."""

    def outbox(self, *, read_only: bool = False) -> Outbox:
        """Open the sender's side; made where there is none, unless it is to write nothing."""

    def inbox(self) -> Inbox:
        """Open the receiver's side, made where there is none."""

    def stories(self) -> Stories:
        """Open the side of those who look; made where there is none, for those who wait."""

    def forwards(self, target: "Target", owner: str) -> Forwards:
        """Open the side of who forwards to a target; `owner` is a name that nobody else has.

        A target that is new gets what comes from now on.
        """

    def not_forwarded(self) -> "Iterator[ForwardState]":
        """Yield what waits at any target or was set aside there, the oldest first."""

    def forward_again(self, target: str | None = None) -> "Mapping[str, int]":
        """Have what was set aside tried again; return how much that is at each target.

        `target` is the name of the only one; nothing is returned if the store does not know it.
        """

    def backlogs(self, targets: "Sequence[Target]") -> "Sequence[Backlog]":
        """Return what is not forwarded to each of these targets, if the store knows it."""

    def recent(self, limit: int) -> list[tuple[str, str]]:
        """Return the latest ids of what was sent, each with where and when it went.

        Nothing is written, and little is loaded: a shell waits for it.
        """

    def callbacks(
        self, *, first: int = 0, last: int | None = None, since: str = ""
    ) -> "Iterator[StoredCallback]":
        """Yield the callbacks from number `first` to `last` that came at `since` or later.

        Each is what it was when it came: a report's `delivery` is the state its message had then.
        """

    def request(self, number: int) -> "Callback | None":
        """Return the request that callback `number` came in, as far as it is stored.

        None if the store has no such callback, or no longer its bytes.
        """

    def hold(self, key: "OnceKey | BatchIdentity | Chore") -> AbstractContextManager[bool]:
        """Try to hold a key, a batch or a chore against all others while the block runs.

        The block is given whether that worked.

        It ends with its process, even killed.
        """

    def receiving(self) -> AbstractContextManager[None]:
        """Be a live receiver for this store while the block runs; others may be too."""

    def has_receiver(self) -> bool:
        """Return whether any live receiver works for this store."""

    def elsewhere(self) -> "Neighbour | None":
        """Return another store that a receiver of this machine works for, if one says so."""

    def facts(self) -> "StoreFacts":
        """Return what the store is and how much it holds; nothing is written."""

    def original(self) -> AbstractContextManager[Original]:
        """Give what the store holds for the block, in which nobody else writes.

        Raises StoreError if a receiver or a sender has the store in use.
        """

    def replica(self) -> AbstractContextManager[Replica]:
        """Give a store to fill for the block, in which nobody else writes.

        Everything is committed at the end of the block, or nothing. Raises StoreError if it holds
        anything, or is in use.
        """

    def share(self, group: str) -> "StoreShared":
        """Let a group of this machine's users, by name or number, do all that the owner can.

        Raises UsageError if there is no such group, or if a store of this kind has none.
        """

    def stop_sharing(self) -> "StoreShared":
        """Let the owner alone use it again. Raises UsageError."""

    def check(self, now: "datetime") -> "Iterator[Finding]":
        """Yield what is found of damage, and of what will become trouble; nothing is written."""

    def forgettable(self, before: str) -> "Forgotten":
        """Return how much `forget` would delete now; nothing is written."""

    def forget(self, before: str) -> "Forgotten":
        """Forget what was last heard of before a moment, RFC 3339 in UTC.

        What a once-key or a batch that is not finished has sent stays as a bare fact, without
        number, sender or id: without it the message would be sent again.
        """

    def forget_gently(
        self, before: str, *, sparing: str, rest: "Callable[[float], bool]"
    ) -> "Forgotten":
        """Forget the same in pieces so small that nobody who sends or receives is held up.

        What waits for a target stays if it came in at `sparing` or later. `rest` is given how many
        seconds a piece took, and returns, when it is time for the next, whether to go on.
        """


def find_store(environ: Mapping[str, str]) -> Store:
    """Return the store that LINKSMS_STATE names, or the one in the user's state folder.

    Raises ConfigurationError: the variable names neither a path nor a server, there is no home
    folder, or what a server needs is not installed.
    """
    address = paths.server(environ)
    if address is not None:
        return store_at(address, environ=environ)
    named = paths.from_variable(paths.STATE, environ, Path.cwd)
    return store_in(named if named is not None else _users_folder(environ), environ)


def _users_folder(environ: Mapping[str, str]) -> Path:
    def find() -> Path:
        from platformdirs import user_state_path

        return user_state_path(paths.OURS, appauthor=False)

    return paths.own_folder(
        ("XDG_STATE_HOME", ".local/state"),
        environ,
        find,
        lacking="no place for the store",
        remedy=f"Set {paths.STATE} to a folder.",
    )


def store_in(folder: Path, environ: Mapping[str, str] | None = None) -> Store:
    """Return the store in a folder.

    Without `environ` its receivers say nothing to the rest of the machine.
    """
    from linksms_cli.adapters.store.sqlite import SqliteStore

    return SqliteStore(folder, environ)


def store_at(
    address: str, named_by: str = paths.STATE, environ: Mapping[str, str] | None = None
) -> Store:
    """Return the store on a PostgreSQL server; `named_by` is what holds the address, for an error.

    Without `environ` its receivers say nothing to the rest of the machine.

    Raises ConfigurationError.
    """
    from linksms_cli.adapters.store.postgres import PostgresStore

    return PostgresStore(address, named_by, environ)

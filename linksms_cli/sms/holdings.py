"""What a store is and what it holds, for whoever asks about the store itself."""

from dataclasses import dataclass, field
from enum import StrEnum


class StoreKind(StrEnum):
    """Which database keeps a store."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """How much a store holds.

    `messages` were sent from here, `reports` came in (duplicates count); what is forwarded is
    counted for each target. `oldest` and `newest` are when the first and the last of all that was
    sent or came in, RFC 3339 in UTC.
    """

    messages: int = 0
    reports: int = 0
    incoming: int = 0
    unreadable: int = 0
    keys: int = 0
    batches: int = 0
    unfinished_batches: int = 0
    forwards_waiting: int = 0
    forwards_set_aside: int = 0
    oldest: str | None = None
    newest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFacts:
    """What a store is: where, in which version of our schema, and how many bytes it takes.

    `software` is the database's name and version. `version` is None if nothing was ever stored
    there. `group` is whom a folder is shared with.
    """

    kind: StoreKind
    place: str
    software: str
    version: int | None = None
    size: int = 0
    has_receiver: bool = False
    group: str | None = None
    held: Holdings = field(default_factory=Holdings)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCopied:
    """A store that was copied: from where, what the copy is now, and how long that took."""

    origin: str
    facts: StoreFacts
    rows: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreShared:
    """Whom a store belongs to besides its owner; `closed` are folders above it that stop them."""

    place: str
    group: str | None
    closed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Another store of this machine that a receiver works for, and that receiver's user."""

    place: str
    user: str

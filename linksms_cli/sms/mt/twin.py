"""Rows of different batches that are equal: only one of them goes out, unless both are wanted."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple


class Bar(Enum):
    """Which equal rows of other batches keep a row from being sent."""

    NONE = auto()
    SENT = auto()
    MAYBE_SENT = auto()  # those that may have been sent, too


class Twin(NamedTuple):
    """What makes a row of another batch the equal of this one, and when that is a `bar` to it.

    `words` are a key of its own, or what it sends. An equal key counts for ever, and an equal
    message for 24 hours.
    """

    words: Sequence[str]
    is_key: bool
    bar: Bar

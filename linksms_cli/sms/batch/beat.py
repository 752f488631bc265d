"""A sign of life of a batch at work."""

from typing import NamedTuple


class Beat(NamedTuple):
    """A sign of life, several a second, whether or not anything happens, and after some rows.

    `waits_for` says why nothing goes out at present, None if something may; `seconds` is for how
    long, None if nobody knows. While the plan is made, so many rows are `read`. So many rows are
    `awaited`: accepted, and told once the wait is over.
    """

    waits_for: str | None = None
    seconds: float | None = None
    read: int = 0
    awaited: int = 0

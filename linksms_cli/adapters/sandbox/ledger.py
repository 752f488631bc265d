"""What the sandbox remembers: the latest messages, and how far the reports of each have come."""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from linksms_cli.sms.sandbox.message import ReportAttempt, SandboxMessage

# How many messages are kept to be asked for.
KEPT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which messages are asked for: all that fit, or the latest `limit` of them.

    `to` is the number, or its beginning. `since` is a moment, or the serial number of the last
    message that is known already.
    """

    to: str = ""
    since: datetime | int | None = None
    limit: int | None = None

    def fits(self, message: SandboxMessage) -> bool:
        """Return whether a message is among them."""
        if not (message.destination or "").startswith(self.to):
            return False
        match self.since:
            case None:
                return True
            case int():
                return message.serial > self.since
        return message.received_at >= self.since


@dataclass(slots=True)
class _Entry:
    received: SandboxMessage
    revision: int
    reports: dict[int, ReportAttempt] = field(default_factory=dict)
    places: int = 0

    def record(self) -> dict[str, Any]:
        reports = [self.reports[place].record() for place in sorted(self.reports)]
        return self.received.story() | {"reports": reports}


class MessageLog:
    """Messages in the order in which they came, written and read by many threads.

    Each change has a revision, so that a reader can ask for what has changed since its last look.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._entries: OrderedDict[int, _Entry] = OrderedDict()
        self._count = 0
        self._revision = 0
        # What came before was forgotten at this revision.
        self._begun = 0
        # Two runs of the sandbox count their revisions from 0; this tells them apart.
        self._run = secrets.token_hex(4)
        self._closed = False

    def add(self, make: Callable[[int], SandboxMessage]) -> SandboxMessage:
        """Keep a message, made with the serial number that it gets."""
        with self._changed:
            self._count += 1
            received = make(self._count)
            self._entries[received.serial] = _Entry(received, self._next())
            if len(self._entries) > KEPT:
                self._entries.popitem(last=False)
            return received

    def reserve(self, serial: int, count: int) -> int:
        """Return the place of the first of so many further reports of a message."""
        with self._changed:
            entry = self._entries.get(serial)
            if entry is None:
                return 0
            entry.places += count
            return entry.places - count

    def note(self, reported: ReportAttempt) -> None:
        """Keep the latest attempt to deliver a report, as long as its message is kept."""
        with self._changed:
            entry = self._entries.get(reported.serial)
            if entry is not None:
                entry.reports[reported.place] = reported
                entry.revision = self._next()

    def find(self, name: str) -> SandboxMessage | None:
        """Return the message with that id, or that serial number."""
        with self._changed:
            entry = self._find(name)
            return None if entry is None else entry.received

    def record(self, name: str) -> dict[str, Any] | None:
        """Return that message with its reports, as JSON has it."""
        with self._changed:
            entry = self._find(name)
            return None if entry is None else entry.record()

    def records(self, choice: Choice, wait: float = 0.0) -> list[dict[str, Any]]:
        """Return messages with their reports, as JSON has them, oldest first.

        If there are none, one is waited for, up to `wait` seconds.
        """
        with self._changed:
            if wait:
                self._changed.wait_for(lambda: self._closed or bool(self._chosen(choice)), wait)
            chosen = self._chosen(choice)
            if choice.limit is not None:
                chosen = chosen[-choice.limit :]
            return [entry.record() for entry in chosen]

    def changes(self, after: str, limit: int, wait: float) -> dict[str, Any]:
        """Return what is new or has changed since a revision that was returned here before.

        If nothing has, a change is waited for, up to `wait` seconds. `anew` says that this is
        everything there is: what was known before is forgotten, or was another run's.
        """
        with self._changed:
            known = self._known(after)
            if known is not None:
                self._changed.wait_for(lambda: self._closed or self._revision > known, wait)
            anew = known is None or known < self._begun
            least = 0 if anew else known or 0
            changed = [entry for entry in self._entries.values() if entry.revision > least]
            return {
                "revision": f"{self._run}-{self._revision}",
                "anew": anew,
                "messages": [entry.record() for entry in changed[-limit:]],
            }

    def clear(self, *, count_anew: bool = False) -> int:
        """Forget all messages, and perhaps count from 1 again; return how many there were."""
        with self._changed:
            count = len(self._entries)
            self._entries.clear()
            self._begun = self._next()
            if count_anew:
                self._count = 0
            return count

    def close(self) -> None:
        """Let nobody wait any longer."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _next(self) -> int:
        self._revision += 1
        self._changed.notify_all()
        return self._revision

    def _known(self, revision: str) -> int | None:
        run, _, number = revision.partition("-")
        if run != self._run or not (number.isascii() and number.isdecimal()):
            return None
        return int(number[:18])

    def _find(self, name: str) -> _Entry | None:
        if name.isascii() and name.isdecimal() and len(name) < 10:
            return self._entries.get(int(name))
        # An id may end in '/', which a path is read without.
        bare = name.rstrip("/")
        for entry in reversed(self._entries.values()):
            if bare and (entry.received.message_id or "").rstrip("/") == bare:
                return entry
        return None

    def _chosen(self, choice: Choice) -> list[_Entry]:
        return [entry for entry in self._entries.values() if choice.fits(entry.received)]

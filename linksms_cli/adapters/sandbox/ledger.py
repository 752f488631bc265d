"""What the sandbox remembers: the latest messages, and how far the reports of each have come."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from linksms_cli.sms.sandbox import ReportAttempt, SandboxMessage

# How many messages are kept to be asked for.
KEPT = 10_000


@dataclass(frozen=True, slots=True)
class _Entry:
    received: SandboxMessage
    reports: dict[int, ReportAttempt] = field(default_factory=dict)


class MessageLog:
    """Messages in the order in which they came, written and read by many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: OrderedDict[int, _Entry] = OrderedDict()
        self._count = 0

    def add(self, make: Callable[[int], SandboxMessage]) -> SandboxMessage:
        """Keep a message, made with the serial number that it gets."""
        with self._lock:
            self._count += 1
            received = make(self._count)
            self._entries[received.serial] = _Entry(received)
            if len(self._entries) > KEPT:
                self._entries.popitem(last=False)
            return received

    def note(self, reported: ReportAttempt) -> None:
        """Keep the latest attempt to deliver a report, as long as its message is kept."""
        with self._lock:
            entry = self._entries.get(reported.serial)
            if entry is not None:
                entry.reports[reported.place] = reported

    def messages(self) -> tuple[SandboxMessage, ...]:
        """Return the messages."""
        with self._lock:
            return tuple(entry.received for entry in self._entries.values())

    def records(self) -> list[dict[str, Any]]:
        """Return the messages with their reports, as JSON has them."""
        with self._lock:
            return [
                entry.received.record()
                | {"reports": [entry.reports[place].record() for place in sorted(entry.reports)]}
                for entry in self._entries.values()
            ]

"""What `GET /metrics` shows: what a receiver counts, and what waits in its store.

Counts are plain integers of the receiver's own thread, and are put into Prometheus's words only
when somebody asks. The store is read in a thread, one look at a time, whoever asks and how often.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from linksms_cli.adapters.http.messages import HttpHead
from linksms_cli.adapters.store import Store
from linksms_cli.errors import StoreError
from linksms_cli.sms import codes
from linksms_cli.sms.dlr.receiving import ReceivedMessage, ReceivedReport, StoredCallback
from linksms_cli.sms.dlr.report import Format
from linksms_cli.sms.forward.due import Backlog
from linksms_cli.sms.forward.target import Target
from linksms_cli.sms.metric import Metric, counter, gauge
from linksms_cli.sms.outcome import Outcome

# What a report says of its part, and the answers that a gateway gets: each is shown from the start,
# as 0, since a monitoring system sees no growth in a figure that was not there before.
_OUTCOMES = (Outcome.DELIVERED, Outcome.FAILED, Outcome.UNKNOWN, Outcome.PENDING)
_STATUSES = (200, 400, 401, 403, 404, 405, 413, 503)
# Paths whose requests are no attempts to report.
_ASIDE = frozenset({b"/healthz", b"/metrics"})


class Meter:
    """Counts what a receiver does, from its start on; it belongs to the receiver's thread."""

    def __init__(self) -> None:
        self.started_at = time.time()
        self.reports: Counter[tuple[str, str]] = Counter(
            dict.fromkeys(product(Format, _OUTCOMES), 0)
        )
        self.statuses: Counter[int] = Counter(dict.fromkeys(_STATUSES, 0))
        self.duplicates = 0
        self.incoming = 0
        self.unreadable = 0
        self.commits = 0
        self.commit_seconds = 0.0
        self.commit_failures = 0

    def answered(self, head: HttpHead, status: int) -> None:
        """Count an answer to whoever reports, or tried to."""
        if head.path not in _ASIDE:
            self.statuses[status] += 1

    def tried(self, events: Sequence[StoredCallback], seconds: float | None) -> None:
        """Count a commit, what it stored and how long it took; None if it failed."""
        if seconds is None:
            self.commit_failures += 1
            return
        self.commits += 1
        self.commit_seconds += seconds
        self._count(events)

    def _count(self, events: Sequence[StoredCallback]) -> None:
        for event in events:
            if isinstance(event, ReceivedReport):
                report = event.report
                self.reports[report.format or "", _outcome(report.result_code)] += 1
                self.duplicates += event.duplicate
            elif isinstance(event, ReceivedMessage):
                self.incoming += 1
            else:
                self.unreadable += 1


class Levels(NamedTuple):
    """How things are with a receiver now."""

    stores: bool  # whether what comes can be stored
    waiting: int  # requests that wait for their commit
    untold: int  # events that wait to be shown


class Metrics:
    """Puts the figures together for whoever asks; `levels` says how things are with the receiver.

    `targets` are what it forwards to.
    """

    def __init__(
        self,
        store: Store,
        targets: Sequence[Target],
        meter: Meter,
        *,
        levels: Callable[[], Levels],
    ) -> None:
        self._store = store
        self._targets = targets
        self._meter = meter
        self._levels = levels
        self._asked: list[Callable[[bytes], None]] = []
        self._work: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="metrics")

    def close(self) -> None:
        """End its thread."""
        self._thread.shutdown()

    def show(self, answer: Callable[[bytes], None]) -> None:
        """Say later what the figures are, in the receiver's loop; all who ask meanwhile share."""
        self._asked.append(answer)
        if self._work is None:
            self._work = asyncio.get_running_loop().create_task(self._answer_all())

    async def _answer_all(self) -> None:
        try:
            while self._asked:
                asked, self._asked = self._asked, []
                counted = [*_counted(self._meter), *_levels(self._levels())]
                loop = asyncio.get_running_loop()
                document = await loop.run_in_executor(self._thread, self._document, counted)
                for answer in asked:
                    answer(document)
        finally:
            self._work = None

    def _document(self, counted: Sequence[Metric]) -> bytes:
        from linksms_cli.adapters.exposition import written

        backlogs: Sequence[Backlog] = ()
        if self._targets:
            # A store that cannot be read is seen by `linksms_store_writable`, and by the absence.
            with suppress(StoreError):
                backlogs = self._store.backlogs(self._targets)
        return written([*counted, *_forwarding(backlogs, datetime.now(UTC))])


def _counted(meter: Meter) -> Iterator[Metric]:
    reports = (
        ({"format": how, "outcome": outcome}, count)
        for (how, outcome), count in meter.reports.items()
    )
    statuses = (({"status": str(status)}, count) for status, count in meter.statuses.items())
    yield gauge(
        "process_start_time_seconds",
        "When this receiver started, in seconds since 1970; every _total counts from then on.",
        ({}, meter.started_at),
    )
    yield counter(
        "linksms_reports_total",
        "Delivery reports stored, by the format they came in and what they say of their part.",
        *reports,
    )
    yield counter(
        "linksms_duplicate_reports_total",
        "Those of linksms_reports_total that had come before.",
        ({}, meter.duplicates),
    )
    yield counter(
        "linksms_incoming_messages_total", "Incoming messages (MO) stored.", ({}, meter.incoming)
    )
    yield counter(
        "linksms_unreadable_requests_total",
        "Requests stored that could not be read.",
        ({}, meter.unreadable),
    )
    yield counter(
        "linksms_requests_total",
        "Requests answered, by HTTP status, without /healthz and /metrics.",
        *statuses,
    )
    yield counter(
        "linksms_commits_total",
        "Commits of the store; one holds all requests that came during the one before.",
        ({}, meter.commits),
    )
    yield counter(
        "linksms_commit_seconds_total",
        "Time that they took, from the writing of what they hold to the disk.",
        ({}, meter.commit_seconds),
    )
    yield counter(
        "linksms_commit_failures_total",
        "Commits that failed: what they held was answered 503.",
        ({}, meter.commit_failures),
    )


def _levels(levels: Levels) -> Iterator[Metric]:
    yield gauge(
        "linksms_store_writable",
        "1 if the last attempt to store something worked, else 0.",
        ({}, levels.stores),
    )
    yield gauge(
        "linksms_requests_waiting", "Requests that wait for their commit.", ({}, levels.waiting)
    )
    yield gauge(
        "linksms_events_waiting",
        "Stored reports and other events that wait to be printed or given to --exec.",
        ({}, levels.untold),
    )


def _forwarding(backlogs: Sequence[Backlog], now: datetime) -> Iterator[Metric]:
    """Return what the store holds for each target, whichever receiver it came to."""
    if not backlogs:
        return
    yield gauge(
        "linksms_forward_waiting",
        "Requests in the store that are still to be forwarded to a target.",
        *(({"target": one.target}, one.waiting) for one in backlogs),
    )
    yield gauge(
        "linksms_forward_oldest_seconds",
        "Age of the oldest of these, 0 if there is none.",
        *(({"target": one.target}, one.age(now)) for one in backlogs),
    )
    yield gauge(
        "linksms_forward_set_aside",
        "Requests in the store that were set aside for a target.",
        *(({"target": one.target}, one.set_aside) for one in backlogs),
    )


@lru_cache(maxsize=1024)  # anybody may report a code that nobody knows
def _outcome(code: int) -> Outcome:
    return codes.explain(code).outcome

"""Posts reports to a receiver, again and again until it answers 200, and stops when told to."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from linksms_cli.adapters.sandbox.reports import SimulatedReport, Written, write
from linksms_cli.adapters.threads import start_thread
from linksms_cli.sms.backoff import Backoff
from linksms_cli.sms.receiver_url import ReceiverUrl, basic
from linksms_cli.sms.sandbox.message import Fate, ReportAttempt
from linksms_cli.sms.sandbox.settings import ReportTarget

if TYPE_CHECKING:
    import ssl

    from linksms_cli.adapters.http.posting import Receipt

_WORKERS = 4
# Seconds that a receiver has in all.
TIMEOUT = 5.0
# Seconds between attempts: doubled from the first to the last. About eight minutes in all.
_PAUSES = Backoff(first=0.25, longest=5.0)
ATTEMPTS = 100
# How many messages' reports may wait for a receiver that is down.
_WAITING = 10_000


@dataclass(slots=True, kw_only=True)
class Parcel:
    """The reports of one message, delivered one after the other.

    `first` is the place of the first of them among all reports of the message. `tried` is set as
    soon as one has failed for the first time or all have arrived. Once a `generation` is over,
    its parcels are dropped.
    """

    serial: int
    first: int
    reports: Sequence[SimulatedReport]
    generation: int
    place: int = 0
    attempt: int = 0
    tried: threading.Event = field(default_factory=threading.Event)


class Courier:
    """Delivers parcels in threads of its own until `close`; `notify` hears of each attempt.

    `clock` gives the time of an attempt; it is told the time that the report names. `tls_context`
    verifies the receiver if its URL is https.
    """

    def __init__(
        self,
        callback: ReportTarget,
        notify: Callable[[ReportAttempt], None],
        clock: Callable[[datetime], datetime],
        tls_context: "ssl.SSLContext | None" = None,
    ) -> None:
        from linksms_cli.adapters.http.posting import Poster

        self._format = callback.format
        self._target = ReceiverUrl.parse(callback.url)
        login = () if callback.auth is None else (basic(*callback.auth),)
        self._headers = dict((*self._target.headers, *callback.headers, *login))
        self._notify = notify
        self._clock = clock
        self._closed = False
        self._generation = 0
        self._changed = threading.Condition()
        self._due: list[tuple[float, int, Parcel]] = []
        self._order = itertools.count()
        self._delivering = 0
        self._poster = Poster(
            timeout=TIMEOUT,
            user_agent="linksms-sandbox",
            tls_context=None if tls_context is None else lambda: tls_context,
            connections=_WORKERS,
        )
        self._workers = [
            threading.Thread(target=self._work, name="courier", daemon=True)
            for _ in range(_WORKERS)
        ]
        for worker in self._workers:
            start_thread(worker)

    def pack(self, serial: int, first: int, reports: Sequence[SimulatedReport]) -> Parcel:
        """Return the parcel of reports of a message; `first` is its place among all of them."""
        return Parcel(serial=serial, first=first, reports=reports, generation=self._generation)

    def send(self, parcel: Parcel, delay: float) -> threading.Event:
        """Take a parcel, to be delivered after `delay` seconds.

        Returns an event that is set once its reports have been tried.
        """
        with self._changed:
            if self._is_over(parcel):
                parcel.tried.set()
            elif len(self._due) < _WAITING:
                self._put(parcel, delay)
            else:
                self._tell(parcel, Fate.GIVEN_UP, None, "too many reports are waiting")
                parcel.tried.set()
        return parcel.tried

    def clear(self) -> int:
        """Drop what has not arrived yet, and return how many messages' reports those were."""
        with self._changed:
            self._generation += 1
            dropped = len(self._due) + self._delivering
            for _, _, parcel in self._due:
                parcel.tried.set()
            self._due.clear()
            return dropped

    def close(self) -> None:
        """Stop at once; what has not arrived never will."""
        with self._changed:
            self._closed = True
            for _, _, parcel in self._due:
                parcel.tried.set()
            self._changed.notify_all()
        self._poster.close()
        for worker in self._workers:
            # A worker that is just connecting to a host that is silent is left to its time-out.
            worker.join(timeout=0.5)

    def _put(self, parcel: Parcel, delay: float) -> None:
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + delay, next(self._order), parcel))
            self._changed.notify()

    def _work(self) -> None:
        while parcel := self._next():
            self._deliver(parcel)

    def _next(self) -> Parcel | None:
        """Wait for a parcel that is due; None at the end."""
        with self._changed:
            while not self._closed:
                pause = self._due[0][0] - time.monotonic() if self._due else None
                if pause is not None and pause <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(pause)
            return None

    def _is_over(self, parcel: Parcel) -> bool:
        return self._closed or parcel.generation != self._generation

    def _deliver(self, parcel: Parcel) -> None:
        """Deliver a parcel's reports until one fails; the rest waits behind that one."""
        while parcel.place < len(parcel.reports):
            parcel.attempt += 1
            with self._changed:
                self._delivering += 1
            receipt = self._post(write(parcel.reports[parcel.place], self._format))
            with self._changed:
                self._delivering -= 1
                if self._is_over(parcel) or not self._went_on(parcel, receipt):
                    break
        parcel.tried.set()

    def _went_on(self, parcel: Parcel, receipt: "Receipt") -> bool:
        """Note an attempt; return whether the next report of the parcel has its turn."""
        status, failure = receipt.status, receipt.failure
        if status == 200:
            self._tell(parcel, Fate.DELIVERED, status, None)
        elif parcel.attempt < ATTEMPTS:
            self._tell(parcel, Fate.WAITING, status, failure)
            self._put(parcel, _PAUSES.pause(parcel.attempt))
            return False
        else:
            self._tell(parcel, Fate.GIVEN_UP, status, failure)
        parcel.place += 1
        parcel.attempt = 0
        return True

    def _tell(self, parcel: Parcel, fate: Fate, status: int | None, failure: str | None) -> None:
        report = parcel.reports[parcel.place]
        self._notify(
            ReportAttempt(
                serial=parcel.serial,
                place=parcel.first + parcel.place,
                at=self._clock(report.stamp),
                report_id=report.report_id,
                result_code=report.result_code,
                attempt=parcel.attempt,
                fate=fate,
                status=status,
                failure=failure,
            )
        )

    def _post(self, written: Written) -> "Receipt":
        """Make one attempt."""
        if written.content_type is None:
            url = self._target.url(self._target.with_query(written.query))
            return self._poster.send("GET", url, headers=self._headers)
        headers = {**self._headers, "Content-Type": written.content_type}
        url = self._target.url(self._target.path)
        return self._poster.send("POST", url, body=written.body, headers=headers)

"""Posts reports to a receiver, again and again until it answers 200, and stops when told to.

`http.client` and not `requests`: no proxy, netrc or redirect has a say in where a report goes, and
the socket of a hanging receiver can be closed under it.
"""

import heapq
import http.client
import itertools
import socket
import ssl
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, unquote, urlsplit

from linksms_cli.adapters.sandbox.reports import SimulatedReport, Written, write
from linksms_cli.sms.backoff import Backoff
from linksms_cli.sms.sandbox.message import Fate, ReportAttempt
from linksms_cli.sms.sandbox.settings import ReportTarget

_WORKERS = 4
# Seconds that a receiver has for its connection, and then for each step of its answer.
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

    `clock` gives the time of an attempt; it is told the time that the report names.
    """

    def __init__(
        self,
        callback: ReportTarget,
        notify: Callable[[ReportAttempt], None],
        clock: Callable[[datetime], datetime],
    ) -> None:
        self._callback = callback
        self._notify = notify
        self._clock = clock
        self._closed = False
        self._generation = 0
        self._changed = threading.Condition()
        self._due: list[tuple[float, int, Parcel]] = []
        self._order = itertools.count()
        self._under_way: set[http.client.HTTPConnection] = set()
        self._workers = [
            threading.Thread(target=self._work, name="courier", daemon=True)
            for _ in range(_WORKERS)
        ]
        for worker in self._workers:
            worker.start()

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
            dropped = len(self._due) + len(self._under_way)
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
            for connection in self._under_way:
                _hang_up(connection)
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
            written = write(parcel.reports[parcel.place], self._callback.format)
            status, failure = self._post(written)
            with self._changed:
                if self._is_over(parcel) or not self._went_on(parcel, status, failure):
                    break
        parcel.tried.set()

    def _went_on(self, parcel: Parcel, status: int | None, failure: str | None) -> bool:
        """Note an attempt; return whether the next report of the parcel has its turn."""
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

    def _post(self, written: Written) -> tuple[int | None, str | None]:
        """Make one attempt; return the status, or None and why there is none."""
        try:
            connection, target, headers = _open(self._callback)
            with closing(connection):
                with self._changed:
                    if self._closed:
                        return None, None
                    self._under_way.add(connection)
                try:
                    return _exchange(connection, target, headers, written), None
                finally:
                    with self._changed:
                        self._under_way.discard(connection)
        except (OSError, http.client.HTTPException, ValueError) as failure:
            return None, _reason(failure)


def _open(
    callback: ReportTarget,
) -> tuple[http.client.HTTPConnection, str, dict[str, str]]:
    parts = urlsplit(callback.url)
    host = parts.hostname or ""
    # The port is always given: without one, http.client takes the end of an IPv6 address for it.
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(host, parts.port or 443, timeout=TIMEOUT)
    else:
        connection = http.client.HTTPConnection(host, parts.port or 80, timeout=TIMEOUT)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~?")
    headers = {"User-Agent": "linksms-sandbox"} | dict(callback.headers)
    auth = callback.auth
    if auth is None and parts.username is not None:
        auth = unquote(parts.username), unquote(parts.password or "")
    if auth is not None:
        headers["Authorization"] = f"Basic {b64encode(':'.join(auth).encode()).decode()}"
    return connection, f"{path}?{query}" if query else path, headers


def _exchange(
    connection: http.client.HTTPConnection,
    target: str,
    headers: dict[str, str],
    written: Written,
) -> int:
    if written.content_type is None:
        joint = "&" if "?" in target else "?"
        connection.request("GET", f"{target}{joint}{written.query}", headers=headers)
    else:
        headers["Content-Type"] = written.content_type
        connection.request("POST", target, body=written.body, headers=headers)
    response = connection.getresponse()
    # Only its beginning: a receiver that cuts its answer off is heard, one without end is not.
    response.read(64 * 1024)
    return response.status


def _hang_up(connection: http.client.HTTPConnection) -> None:
    with suppress(OSError):  # it may be ending by itself
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)


def _reason(failure: Exception) -> str:
    """Return why there was no answer, in words that hold nothing of the URL."""
    for kind, words in _REASONS:
        if isinstance(failure, kind):
            return words
    if isinstance(failure, ssl.SSLError):
        return f"TLS failed ({failure.reason or 'no reason given'})"
    return getattr(failure, "strerror", None) or "the network failed"


_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (ConnectionRefusedError, "connection refused"),
    (ConnectionError, "the connection broke"),
    (TimeoutError, "no answer in time"),
    (socket.gaierror, "no such host"),
    (UnicodeError, "no such host"),  # a name that DNS cannot hold
    (http.client.HTTPException, "an answer that is not HTTP"),
)

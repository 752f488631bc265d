"""A receiver in the background: it stores and acknowledges callbacks, and keeps events to show."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from queue import Empty, SimpleQueue
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Self

from linksms_cli.actions.listen.metrics import Levels, Meter, Metrics
from linksms_cli.actions.listen.recorder import Recorder
from linksms_cli.adapters.http.limits import HttpLimits
from linksms_cli.adapters.http.server import HttpServer
from linksms_cli.adapters.http.tls import TlsTerms
from linksms_cli.adapters.receiver import Figures, Reception
from linksms_cli.adapters.store import Store
from linksms_cli.errors import LinksmsError, StoreError
from linksms_cli.sms import timestamp
from linksms_cli.sms.dlr.admission import Admission
from linksms_cli.sms.dlr.receiving import (
    CertificateRead,
    DeniedCaller,
    ForwardFailed,
    ReceiverTrouble,
    ReportForwarded,
    StoredCallback,
    UnmatchedRequest,
)
from linksms_cli.sms.forward.target import Target

if TYPE_CHECKING:
    import ssl

Aside = (
    DeniedCaller
    | UnmatchedRequest
    | CertificateRead
    | ReceiverTrouble
    | ReportForwarded
    | ForwardFailed
)
Told = StoredCallback | Aside

# Events that may wait to be told. Those beyond are read from the store again when their turn comes,
# so that a listener who stands still costs neither a report nor memory.
_WAITING = 10_000
# Seconds in which events gather while many come: to be woken by each batch costs both threads more
# than to show it.
_GATHER = 0.01
# Seconds between two events about callers from one address that came to nothing, and how many
# addresses are remembered for that.
_CALLER_EVERY = 60
_CALLERS = 1000


class Receiver:
    """Receives delivery reports while the block runs, and stores them.

    `url` is where they go; `told` tells them, to whom it may concern. With `tls` it speaks TLS:
    that returns the context for a new connection. If it is `metered`, it shows its figures, and
    what waits for these targets. `renewed` is called when another store has taken the place of
    `store`, before anything is stored there; it may raise StoreError.

    Raises ConfigurationError where it cannot listen, StoreError where it cannot store.
    """

    def __init__(
        self,
        store: Store,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        path: str = "/dlr",
        reply: bytes = b"",
        admission: Admission | None = None,
        limits: HttpLimits | None = None,
        metered: Sequence[Target] | None = None,
        tls: Callable[[], "ssl.SSLContext"] | None = None,
        renewed: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._renewed = renewed
        self._address = (host, port)
        self._limits = limits
        self._tls = TlsTerms(context=tls, failed=self._no_handshake) if tls else None
        self._path = path
        self._reply = reply
        self._admission = admission or Admission()
        self._metered = metered
        self._events = _Events(store)
        self._ends = ExitStack()
        self._known = ExitStack()
        self._server: HttpServer | None = None
        self.url = ""

    def __enter__(self) -> Self:
        with ExitStack() as ends:
            inbox = ends.enter_context(closing(self._store.inbox()))
            meter = Meter() if self._metered is not None else None
            recorder = Recorder(
                inbox,
                tell=self._events.put,
                trouble=self._events.say,
                renewed=self._be_known_again,
                meter=meter,
            )
            server = ends.enter_context(
                closing(
                    HttpServer(*self._address, limits=self._limits, name="receiver", tls=self._tls)
                )
            )
            self._known = ends.enter_context(ExitStack())
            self._known.enter_context(self._store.receiving())
            server.start(
                Reception(
                    path=self._path,
                    reply=self._reply,
                    admission=self._admission,
                    take=recorder.take,
                    deny=self._events.say_rarely,
                    unmatched=self._events.say_rarely,
                    check=recorder.check,
                    figures=self._figures(recorder, meter, ends),
                ),
                trouble=lambda message: self._events.say(ReceiverTrouble(message=message)),
                answered=meter.answered if meter else None,
            )
            self.url = f"{server.url}{self._path}"
            self._server = server
            self._ends = ends.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Finish what is under way, and end."""
        self._ends.close()

    def told(self, timeout: float = 0) -> Iterator[Told]:
        """Tell what has come in since, or what first comes in within `timeout` seconds.

        Raises LinksmsError should the server have ended by itself: nobody may take it for alive.
        """
        if timeout and self._server and not self._server.is_alive:
            raise LinksmsError("the receiver stopped by itself", "Start it again.")
        return self._events.take(timeout)

    def say(self, event: Aside) -> None:
        """Tell something else beside what comes in."""
        self._events.say(event)

    def _figures(self, recorder: Recorder, meter: Meter | None, ends: ExitStack) -> Figures | None:
        if meter is None:
            return None
        metrics = Metrics(
            self._store,
            self._metered or (),
            meter,
            levels=lambda: Levels(recorder.stores, recorder.waiting, self._events.waiting),
        )
        return ends.enter_context(closing(metrics)).show

    def _no_handshake(self, remote: str, why: str) -> None:
        now = timestamp.of_seconds(time.time())
        self._events.say_rarely(DeniedCaller(remote=remote, reason=f"tls: {why}", received_at=now))

    def _be_known_again(self) -> None:
        """Be a live receiver for the store that has taken the place of the first."""
        self._renewed()
        self._events.leave_none_out()
        self._known.close()
        try:
            self._known.enter_context(self._store.receiving())
        except StoreError as failure:  # reports are stored, but those who wait are not told so
            self._events.say(ReceiverTrouble(message=failure.message))


class _Events:
    """What waits to be told: put by the receiver's thread, taken by another."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queue: SimpleQueue[Sequence[Told]] = SimpleQueue()
        self._lock = Lock()
        self.waiting = 0
        self._left_out: tuple[int, int] | None = None
        self._under_way: Iterator[Told] = iter(())  # taken from the queue, and not told yet
        self._callers: OrderedDict[tuple[type, str], float] = OrderedDict()
        self._busy_until = 0.0

    def put(self, events: Sequence[StoredCallback]) -> None:
        """Tell what was stored, now or when the listener is ready for more."""
        if not events:
            return
        with self._lock:
            if self._left_out or self.waiting >= _WAITING:
                first = self._left_out[0] if self._left_out else events[0].number
                self._left_out = (first, events[-1].number)
                return
            self.waiting += len(events)
        self._queue.put(events)

    def say(self, event: Aside) -> None:
        """Tell what the store does not hold, if anybody listens."""
        with self._lock:
            if self.waiting >= _WAITING:
                return
            self.waiting += 1
        self._queue.put([event])

    def say_rarely(self, event: DeniedCaller | UnmatchedRequest) -> None:
        """Tell of a caller who came to nothing, unless one from there was just told."""
        now = time.monotonic()
        caller = type(event), event.remote
        before = self._callers.get(caller)
        if before is not None and now - before < _CALLER_EVERY:
            return
        self._callers[caller] = now
        self._callers.move_to_end(caller)
        if len(self._callers) > _CALLERS:
            self._callers.popitem(last=False)
        self.say(event)

    def leave_none_out(self) -> None:
        """Forget which events are to be read from the store: it is another one."""
        with self._lock:
            self._left_out = None

    def take(self, timeout: float) -> Iterator[Told]:
        """Tell what waits, or what first comes within `timeout` seconds.

        Whoever stops in between is told the rest the next time.
        """
        for event in self._under_way:
            timeout = 0
            yield event
        if timeout and self._queue.empty() and time.monotonic() < self._busy_until:
            time.sleep(min(timeout, _GATHER))
            timeout = 0 if self._queue.qsize() else timeout
        try:
            events = self._queue.get(timeout=timeout) if timeout else self._queue.get_nowait()
        except Empty:
            yield from self._take_left_out()
            return
        self._busy_until = time.monotonic() + 2 * _GATHER
        while events:
            with self._lock:
                self.waiting -= len(events)
            self._under_way = iter(events)
            yield from self._under_way
            events = [] if self._queue.empty() else self._queue.get_nowait()

    def _take_left_out(self) -> Iterator[Told]:
        with self._lock:
            left_out, self._left_out = self._left_out, None
        if left_out:
            self._under_way = self._store.callbacks(first=left_out[0], last=left_out[1])
            for event in self._under_way:  # noqa: UP028 - `yield from` would close it with this
                yield event

"""Submit a message, and say what can be proved about what became of the attempt.

No HTTP library does it: the connections are sockets, kept in a list (`connections.py`), `way.py`
writes the one request there is, and `responses.py` reads what comes back. Nothing that a library
would add has a place here (redirects, retries, cookies, netrc, bundled authorities), and each start
would pay for it. As a process of their own, these imports take, in ms (median of 15, 2 cores,
Python 3.11): none 10, socket 15, http.client 32, urllib3 65, its connection module alone 66,
requests 86.
"""

import queue
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from linksms_cli import __version__
from linksms_cli.adapters.gateway.arrival import Arrival
from linksms_cli.adapters.gateway.attempt import Attempt, DoorShutError
from linksms_cli.adapters.gateway.connections import Connections
from linksms_cli.adapters.gateway.crew import Crew
from linksms_cli.adapters.gateway.faults import fault_of
from linksms_cli.adapters.gateway.proxies import proxy_for
from linksms_cli.adapters.gateway.way import Way
from linksms_cli.sms.account.profile import Account
from linksms_cli.sms.mt.exchange import Exchange, Fault
from linksms_cli.sms.mt.message import Message, query
from linksms_cli.sms.timestamp import rfc3339

if TYPE_CHECKING:
    import ssl

_POLL = 0.1
_HEADERS = {
    "User-Agent": f"linksms/{__version__}",
    "Accept": "text/plain, */*",
    "Accept-Encoding": "identity",
}


class Flight:
    """An attempt under way in a thread of its own, with its own limit of time.

    `exchange` is what it has come to, None before its end. Times are those of the monotonic clock.
    """

    def __init__(self, attempt: Attempt, timeout: float) -> None:
        self.attempt = attempt
        self.started = time.monotonic()
        self.deadline = self.started + timeout
        self.exchange: Exchange | None = None


class Gateway:
    """A gateway with an account on it.

    So many `connections` are kept for the recipients of one command. `tls_context` is asked for
    where the base URL is https. `proxies` says whether the usual variables may name a proxy. All
    of that is read at once; nothing is connected to before a message is submitted.

    Raises ConfigurationError where the proxy or the TLS context cannot be used.
    """

    def __init__(
        self,
        account: Account,
        *,
        tls_context: "Callable[[], ssl.SSLContext]",
        proxies: bool = True,
        connections: int = 1,
    ) -> None:
        self._account = account
        self._crew = Crew()
        secure = account.base_url.startswith("https:")
        proxy = proxy_for(account.base_url) if proxies else None
        context = tls_context() if secure else None
        way = Way(account.base_url, headers=_HEADERS, context=context, proxy=proxy)
        self._connections = Connections(way, connections)

    def close(self) -> None:
        """Close the connections that are kept."""
        self._connections.close()
        self._crew.close()

    def submit(
        self,
        message: Message,
        *,
        timeout: float,
        interrupted: Callable[[], bool] = lambda: False,
    ) -> Exchange:
        """Submit a message once, within `timeout` seconds in all.

        `interrupted` is asked often, and ends the attempt where it says so. Raises nothing for
        what a network or a server can do: the exchange says it.
        """
        landed: queue.SimpleQueue[Flight] = queue.SimpleQueue()
        flight = self.start(message, timeout=timeout, landed=landed.put)
        while flight.exchange is None:
            remaining = flight.deadline - time.monotonic()
            with suppress(queue.Empty):
                landed.get(timeout=max(0.0, min(_POLL, remaining)))
                continue
            if interrupted():
                return self.abandon(flight, Fault.INTERRUPTED)
            if remaining <= 0:
                return self.abandon(flight, Fault.TIMEOUT)
        return flight.exchange

    def start(
        self, message: Message, *, timeout: float, landed: "Callable[[Flight], None]"
    ) -> Flight:
        """Start to submit a message once; `landed` is called from another thread at its end.

        Nobody watches the time: `timeout` is the most that each step of the exchange may take, and
        who waits abandons the flight at its deadline.
        """
        flight = Flight(Attempt(query(self._parameters(message))), timeout)

        def run() -> None:
            flight.exchange = self._exchange(flight, timeout)
            landed(flight)

        try:
            self._crew.run(run)
        except (RuntimeError, MemoryError):  # the system has no thread left, or no memory for one
            detail = "no thread can be started"
            flight.exchange = _ended(flight, fault=Fault.RESOURCES, detail=detail)
            landed(flight)
        return flight

    def abandon(self, flight: Flight, fault: Fault) -> Exchange:
        """Let nothing more of a flight leave, and return what can be proved of it until now.

        It may still land; its exchange then changes nothing.
        """
        flight.attempt.shut_door()
        if flight.exchange is not None:
            return flight.exchange  # it ended at the last moment
        # Other recipients get connections of their own; this one is the abandoned thread's.
        self._connections.clear()
        return _ended(flight, fault=fault)

    def _parameters(self, message: Message) -> Iterable[tuple[str, str]]:
        account = self._account
        yield "ServiceId", str(account.service_id)
        yield "Username", account.username
        yield "Password", account.password
        yield from message.parameters()

    def _exchange(self, flight: Flight, timeout: float) -> Exchange:
        """Make the attempt, in its own thread."""
        attempt = flight.attempt
        try:
            self._request(attempt, timeout)
        except DoorShutError:
            return _ended(flight, fault=Fault.TIMEOUT)
        except Exception as failure:  # noqa: BLE001 - whatever it is, its text may hold a secret
            return _ended(flight, **fault_of(failure))
        return _ended(flight)

    def _request(self, attempt: Attempt, timeout: float) -> None:
        """Make the request; the attempt's arrival is what comes back, as far as it does."""
        channel = self._connections.take(timeout)
        usable = False
        try:
            response = channel.request(attempt, timeout)
            attempt.arrival = Arrival(response)
            attempt.arrival.receive(password=self._account.password)
            usable = attempt.arrival.is_whole and response.can_go_on
        finally:
            if usable:
                self._connections.keep(channel)
            else:
                channel.close()


def _ended(
    flight: Flight,
    *,
    fault: Fault | None = None,
    detail: str = "",
    status: int | None = None,
) -> Exchange:
    """Return what an attempt came to; `status` is that of a proxy, which no response carries."""
    elapsed = time.monotonic() - flight.started
    attempt = flight.attempt
    arrival = attempt.arrival
    # Before the answer, which may arrive meanwhile: a status alone must not decide then.
    may_have_answered = arrival is not None and arrival.may_have_answered
    return Exchange(
        sent=attempt.sent_at is not None,
        elapsed=elapsed,
        fault=fault,
        detail=f"nothing within {elapsed:.1f} s" if fault is Fault.TIMEOUT else detail,
        status=arrival.status if arrival else status,
        retry_after=arrival.retry_after if arrival else None,
        answer=arrival.answer if arrival else None,
        may_have_answered=may_have_answered,
        sent_at=rfc3339(attempt.sent_at) if attempt.sent_at else None,
    )

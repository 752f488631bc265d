"""One request to somebody's receiver: bounded in time and in size, and sent there directly.

By `requests`, without what it would do by itself: no proxy, no netrc, no cookie, no redirect and
no authority but ours has a say in where a report goes and what goes with it.
"""

import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from http.cookiejar import DefaultCookiePolicy
from socket import SHUT_RDWR
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from linksms_cli.adapters.http import retry_after
from linksms_cli.adapters.http.failures import in_words
from linksms_cli.adapters.threads import start_thread

# Octets of an answer that are read: its beginning is enough to know that it is one.
LONGEST = 64 * 1024
_LATE = "no answer in time"
# Far more answers that only say "wait" than any server sends before the final one.
_MOST_INTERIM = 100
_SWITCHING = 101


class Receipt(NamedTuple):
    """What came back: a status, or why there was none; both are None if `close` came first.

    `retry_after` is in how many seconds the server asks to be asked again, if it says so.
    """

    status: int | None
    failure: str | None = None
    retry_after: float | None = None


class Poster:
    """Posts requests from many threads, each within `timeout` seconds in all, until `close`.

    `tls_context` is asked for at the first https URL; without it, Python's own defaults verify the
    server. Connections are kept for the next request.
    """

    def __init__(
        self,
        *,
        timeout: float,
        user_agent: str,
        tls_context: Callable[[], ssl.SSLContext] | None = None,
        connections: int = 4,
    ) -> None:
        self._timeout = timeout
        self._changed = threading.Condition()
        self._under_way: set[_Attempt] = set()
        self._closed = False
        context = tls_context or ssl.create_default_context
        self._session = _session(user_agent, context, connections)
        self._watch = threading.Thread(target=self._cut_the_late, name="posting", daemon=True)
        start_thread(self._watch)

    def send(
        self, method: str, url: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Receipt:
        """Make one request to a URL that has a path and no login, exactly as it is written.

        Raises nothing for what a URL, a network or a server can do.
        """
        attempt = _Attempt(time.monotonic() + self._timeout, url)
        with self._changed:
            if self._closed:
                return Receipt(None)
            self._under_way.add(attempt)
            self._changed.notify()
        _CURRENT.attempt = attempt
        try:
            return self._exchanged(attempt, method, url, body, headers or {})
        except (requests.RequestException, HTTPError, OSError, ValueError) as failure:
            return self._failed(attempt, failure)
        finally:
            _CURRENT.attempt = None
            with self._changed:
                self._under_way.discard(attempt)

    def cut(self) -> None:
        """Cut what is under way; nothing can be sent any more."""
        with self._changed:
            self._closed = True
            for attempt in self._under_way:
                attempt.cut()
            self._changed.notify()

    def close(self) -> None:
        """Cut what is under way, and close the connections that are kept."""
        self.cut()
        self._watch.join()
        self._session.close()

    def _exchanged(
        self,
        attempt: "_Attempt",
        method: str,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
    ) -> Receipt:
        asked = requests.Request(method, url, headers=headers, data=body)
        prepared = self._session.prepare_request(asked)
        prepared.url = url
        with self._session.send(
            prepared, stream=True, allow_redirects=False, timeout=self._timeout
        ) as response:
            if attempt.is_cut:  # in the middle of a head, which then looks whole
                raise TimeoutError
            # A server whose answer is cut off, or has no end, has said its status all the same.
            with suppress(HTTPError, OSError):
                response.raw.read(LONGEST, decode_content=False)
            wish = retry_after.seconds(response.headers.get("Retry-After"))
            return Receipt(response.status_code, retry_after=wish)

    def _failed(self, attempt: "_Attempt", failure: Exception) -> Receipt:
        if self._closed:
            return Receipt(None)
        return Receipt(None, _LATE if attempt.is_cut else in_words(failure))

    def _cut_the_late(self) -> None:
        """Cut requests whose time is over: a socket's own limit begins anew with every octet."""
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                for attempt in self._under_way:
                    if attempt.until <= now:
                        attempt.cut()
                left = [each.until - now for each in self._under_way if not each.is_cut]
                self._changed.wait(min(left, default=None))


class _Attempt:
    """One request under way, and the connection that it is on."""

    def __init__(self, until: float, url: str) -> None:
        self.until = until
        # What the request line carries. urllib3 would write `%ff` in capitals.
        self.target = f"/{url.partition('://')[2].partition('/')[2]}"
        self.is_cut = False
        self.connection: HTTPConnection | None = None

    def cut(self) -> None:
        """End it: whoever waits for the connection finds it broken."""
        self.is_cut = True
        connection = self.connection
        if connection is not None and getattr(connection, "attempt", None) is self:
            with suppress(OSError, AttributeError):  # not connected yet, or ending by itself
                connection.sock.shutdown(SHUT_RDWR)


class _Current(threading.local):
    """The attempt of this thread: connections are made by urllib3, and look it up here."""

    attempt: _Attempt | None = None


_CURRENT = _Current()


class _FinalResponse(HTTPResponse):
    """The final response: any 1xx except 101 may come before it (RFC 9110, 15.2).

    http.client knows 100 alone, and takes a 103 for the answer.
    """

    def begin(self) -> None:
        """Read heads up to that of the final response."""
        for _ in range(_MOST_INTERIM):
            super().begin()
            if self.status >= 200 or self.status == _SWITCHING:
                return
            self.headers = self.msg = None  # type: ignore[assignment]  # none is read yet
        raise HTTPException


class _Tracked(HTTPConnection):
    """A connection that its attempt knows of."""

    response_class = _FinalResponse
    attempt: _Attempt | None = None

    def connect(self) -> None:
        """Connect, and end at once if it took too long."""
        self._join()
        super().connect()
        self._join()

    def request(self, method: str, url: str, *arguments: Any, **named: Any) -> None:
        """Send a request."""
        self._join()
        target = url if self.attempt is None else self.attempt.target
        super().request(method, target, *arguments, **named)

    def _join(self) -> None:
        self.attempt = attempt = _CURRENT.attempt
        if attempt is not None:
            attempt.connection = self
            if attempt.is_cut:
                raise TimeoutError


class _TrackedTls(_Tracked, HTTPSConnection):
    """The same over TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Tracked


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TrackedTls


class _Adapter(HTTPAdapter):
    """Connects by our own connections, and trusts what our own context trusts."""

    def __init__(self, tls_context: Callable[[], ssl.SSLContext], connections: int) -> None:
        self._tls_context = tls_context
        self._context: ssl.SSLContext | None = None
        self._lock = threading.Lock()
        super().__init__(pool_connections=connections, pool_maxsize=connections)

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """Make the pools of our own connections."""
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def build_connection_pool_key_attributes(
        self,
        request: requests.PreparedRequest,
        verify: bool | str,  # noqa: ARG002 - requests' signature
        cert: Any = None,  # noqa: ARG002 - as above
    ) -> Any:
        """Leave out the authorities that requests would bring along."""
        parts = urlsplit(request.url or "")
        name = parts.hostname or ""
        # In its brackets an IPv6 address may name an interface.
        shown = f"[{name}]" if ":" in name else name
        host = {"scheme": parts.scheme, "host": shown, "port": parts.port}
        if parts.scheme != "https":
            return host, {}
        with self._lock:
            self._context = self._context or self._tls_context()
        return host, {"ssl_context": self._context, "cert_reqs": "CERT_REQUIRED"}

    def cert_verify(self, *_arguments: Any, **_named: Any) -> None:
        """Change nothing: the context knows what to trust."""


def _session(
    user_agent: str, tls_context: Callable[[], ssl.SSLContext], connections: int
) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.clear()
    session.headers.update({"User-Agent": user_agent, "Accept": "*/*"})
    adapter = _Adapter(tls_context, connections)
    for prefix in ("http://", "https://"):
        session.mount(prefix, adapter)
    return session

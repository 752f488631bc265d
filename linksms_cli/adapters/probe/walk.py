"""The way to a gateway, walked step by step: names, connections, TLS, and one HEAD.

Nothing is sent but handshakes, a proxy's CONNECT and a HEAD without a query.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace

from linksms_cli import __version__
from linksms_cli.adapters.probe.seen import (
    TunnelError,
    date_of,
    refusal_of,
    shown,
    stop_of,
    undemanding,
)
from linksms_cli.adapters.threads import start_thread
from linksms_cli.sms.account.base_url import BaseUrl
from linksms_cli.sms.account.proxy import Proxy
from linksms_cli.sms.check.steps import (
    Address,
    ConnectionAttempt,
    Handshake,
    HeadAnswer,
    StepTrouble,
    Stop,
)

_LONGEST_HEAD = 64 * 1024
_MOST_ADDRESSES = 16


class Probe:
    """A way to a gateway: direct, or through an HTTP proxy; each step takes `seconds` at most."""

    def __init__(self, gateway: BaseUrl, proxy: Proxy | None, seconds: float) -> None:
        self._gateway = gateway
        self._proxy = proxy
        self._seconds = seconds

    @property
    def first_hop(self) -> tuple[str, int]:
        """The host and the port that a connection is made to: the proxy's, or the gateway's."""
        hop = self._proxy or self._gateway
        return hop.host, hop.port

    def look_up(self) -> tuple[Address, ...] | Stop:
        """Return the addresses of the first hop, in the system's order."""
        answers: list[tuple[Address, ...] | Stop] = []
        # The system's resolver has no time limit of its own.
        asking = threading.Thread(
            target=lambda: answers.append(_addresses(*self.first_hop)), daemon=True
        )
        start_thread(asking)
        asking.join(self._seconds)
        return answers[0] if answers else Stop(trouble=StepTrouble.TIMEOUT)

    def connect(self, addresses: tuple[Address, ...]) -> tuple[ConnectionAttempt, ...]:
        """Try a connection to each address, all at the same time."""
        with ThreadPoolExecutor(_MOST_ADDRESSES) as pool:
            return tuple(pool.map(self._try, addresses[:_MOST_ADDRESSES]))

    def shake_hands(self, address: Address, context: ssl.SSLContext) -> Handshake:
        """Make a TLS connection; where it fails, learn what the server would have spoken."""
        try:
            with self._open(address, tunnel=True) as plain, self._secured(plain, context) as tls:
                return shown(tls)
        except OSError as failure:
            stop = stop_of(failure)
        if stop.trouble not in {StepTrouble.CERTIFICATE, StepTrouble.NO_TLS}:
            return Handshake(stop=stop)
        context = undemanding(wide=stop.trouble is StepTrouble.NO_TLS)
        try:
            with self._open(address, tunnel=True) as plain, self._secured(plain, context) as tls:
                return replace(shown(tls), certificate=None, stop=stop)
        except OSError:
            return Handshake(stop=stop)

    def ask(self, address: Address, context: ssl.SSLContext | None) -> HeadAnswer:
        """Send one HEAD without a query, and return what the server answers."""
        host = self._gateway.authority
        target = self._gateway.path
        headers = {"Host": host, "User-Agent": f"linksms/{__version__}", "Connection": "close"}
        if self._proxy and context is None:
            target = f"http://{host}{target}"
            headers |= self._proxy.headers
        connection = http.client.HTTPConnection(self._gateway.host)  # its socket is given to it
        try:
            with self._open(address, tunnel=context is not None) as plain:
                if context is None:
                    connection.sock = plain
                    return self._head(connection, target, headers)
                with self._secured(plain, context) as tls:
                    connection.sock = tls
                    return self._head(connection, target, headers)
        except (OSError, http.client.HTTPException) as failure:
            return HeadAnswer(stop=stop_of(failure))

    def _head(
        self, connection: http.client.HTTPConnection, target: str, headers: dict[str, str]
    ) -> HeadAnswer:
        with self._limited(connection.sock):
            connection.request("HEAD", target, headers=headers)
            answer = connection.getresponse()
        return HeadAnswer(
            status=answer.status, date=date_of(answer.headers.get("Date")), received=time.time()
        )

    def _try(self, address: Address) -> ConnectionAttempt:
        began = time.perf_counter()
        stop = None
        try:
            self._open(address, tunnel=False).close()
        except OSError as failure:
            stop = stop_of(failure)
        milliseconds = (time.perf_counter() - began) * 1000
        return ConnectionAttempt(address=address, milliseconds=milliseconds, stop=stop)

    def _open(self, address: Address, *, tunnel: bool) -> socket.socket:
        port = self.first_hop[1]
        opened = socket.create_connection((address.text, port), timeout=self._seconds)
        if not (tunnel and self._proxy):
            return opened
        try:
            self._dig(opened, self._proxy)
        except BaseException:
            opened.close()
            raise
        return opened

    def _dig(self, opened: socket.socket, proxy: Proxy) -> None:
        """Ask the proxy for a tunnel; whoever is at its end waits for our first word."""
        request = proxy.tunnel_request(self._gateway.host, self._gateway.port)
        try:
            with self._limited(opened):
                opened.sendall(request)
                stop = refusal_of(_head(opened))
        except OSError as failure:
            stop = Stop(trouble=StepTrouble.NO_TUNNEL, detail=str(stop_of(failure)))
        if stop:
            raise TunnelError(stop)

    def _secured(self, plain: socket.socket, context: ssl.SSLContext) -> ssl.SSLSocket:
        tls = context.wrap_socket(
            plain, server_hostname=self._gateway.host, do_handshake_on_connect=False
        )
        try:
            with self._limited(tls):
                tls.do_handshake()
        except BaseException:
            tls.close()
            raise
        return tls

    @contextmanager
    def _limited(self, opened: socket.socket) -> Iterator[None]:
        """End the block after `seconds` in all: a socket's own limit starts anew at each byte."""
        late = threading.Event()

        def cut() -> None:
            late.set()
            # Not close: the other thread sits in a read, and this is what wakes it.
            # And not SSLSocket's own shutdown, which forgets that it speaks TLS.
            with suppress(OSError):
                socket.socket.shutdown(opened, socket.SHUT_RDWR)

        timer = threading.Timer(self._seconds, cut)
        timer.daemon = True
        start_thread(timer)
        try:
            yield
        finally:
            timer.cancel()
            # Whatever the block makes of a connection that was cut, it was the time that ended it.
            if late.is_set():
                raise TimeoutError


def _head(opened: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and len(head) < _LONGEST_HEAD:
        piece = opened.recv(4096)
        if not piece:
            break
        head += piece
    return head


def _addresses(host: str, port: int) -> tuple[Address, ...] | Stop:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as failure:
        return Stop(trouble=StepTrouble.NO_NAME, detail=getattr(failure, "strerror", None) or "")
    families = {socket.AF_INET: "IPv4", socket.AF_INET6: "IPv6"}
    addresses = tuple(
        Address(family=families[family], text=str(address[0]))
        for family, _, _, _, address in found
        if family in families
    )
    return addresses or Stop(trouble=StepTrouble.NO_NAME)

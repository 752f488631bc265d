"""Connections as clients use them, well and badly: over real sockets, with a service that waits."""

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from queue import SimpleQueue
from urllib.parse import urlsplit

import pytest

from linksms_cli.adapters.http.limits import HttpLimits
from linksms_cli.adapters.http.messages import HttpAnswer, in_words
from linksms_cli.adapters.http.request import HttpRequest
from linksms_cli.adapters.http.server import HttpServer, places
from linksms_cli.adapters.http.tls import TlsTerms
from tests.certificates import Authority

POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
OK = b"HTTP/1.1 200 OK\r\n"
GET_LATER = b"GET /later HTTP/1.1\r\n\r\n"


class Echo:
    """Answers with the body; to /later when it is told to; refuses /no before its body."""

    def __init__(self) -> None:
        self.later: SimpleQueue[HttpRequest] = SimpleQueue()
        self.bodies: list[bytes] = []
        self.seized: SimpleQueue[asyncio.Transport] = SimpleQueue()
        self.ended = threading.Event()

    def seize(self, transport: asyncio.Transport) -> Callable[[], object]:
        self.seized.put(transport)
        return self.ended.set

    def admit(self, request: HttpRequest) -> HttpAnswer | None:
        self.loop = asyncio.get_running_loop()
        return in_words(404, "no") if request.head.path == b"/no" else None

    def respond(self, request: HttpRequest) -> None:
        self.bodies.append(request.body)
        if request.head.path.startswith(b"/seized"):
            request.answer(HttpAnswer(200, seize=self.seize))
        elif request.head.path == b"/later":
            self.later.put(request)
        elif request.head.path == b"/large":
            request.answer(HttpAnswer(200, b"x" * 100_000))
        else:
            request.answer(HttpAnswer(200, request.body))


class Client:
    """A client that says and reads octets as it likes."""

    def __init__(self, server: HttpServer) -> None:
        self.server = server
        address = ("127.0.0.1", urlsplit(server.url).port or 0)
        self.socket = socket.create_connection(address, timeout=20)

    def say(self, octets: bytes) -> None:
        self.socket.sendall(octets)

    def recv(self) -> bytes:
        """Read what comes next, nothing at the end."""
        return self.socket.recv(65536)

    def end(self) -> None:
        """End its own side."""
        self.socket.shutdown(socket.SHUT_WR)

    def hear(self, end: bytes) -> bytes:
        """Read until what came ends so."""
        came = b""
        while not came.endswith(end):
            chunk = self.recv()
            assert chunk, came
            came += chunk
        return came

    def rest(self) -> bytes:
        """Read until the other end closes, in good order or not."""
        came = b""
        with self.socket:
            try:
                while chunk := self.recv():
                    came += chunk
            except ConnectionError:
                pass
        return came


class TlsClient(Client):
    """The same over TLS, which can end one side alone: Python's own TLS sockets cannot."""

    def __init__(self, server: HttpServer, context: ssl.SSLContext) -> None:
        super().__init__(server)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname="127.0.0.1")
        while not self._tried(self._tls.do_handshake):
            assert self._more()

    def say(self, octets: bytes) -> None:
        left = memoryview(octets)
        while left:
            left = left[self._tls.write(left) :]
            self._flush()

    def recv(self) -> bytes:
        found: list[bytes] = []
        try:
            while not self._tried(lambda: found.append(self._tls.read(65536))):
                if not self._more():
                    raise ConnectionResetError  # it was cut without close_notify
        except ssl.SSLZeroReturnError:  # both sides have ended
            return b""
        return found[0]

    def end(self) -> None:
        self._tried(self._tls.unwrap)
        super().end()

    def _tried(self, act: Callable[[], object]) -> bool:
        """Return whether it could be done with what has come."""
        try:
            act()
        except ssl.SSLWantReadError:
            return False
        finally:
            self._flush()
        return True

    def _flush(self) -> None:
        if self._outgoing.pending:
            self.socket.sendall(self._outgoing.read())

    def _more(self) -> bool:
        came = self.socket.recv(65536)
        self._incoming.write(came)
        return bool(came)


Serving = Callable[..., AbstractContextManager[Callable[[], Client]]]


@pytest.fixture(params=["plain", "TLS 1.2", "TLS 1.3"])
def serving(request: pytest.FixtureRequest, authority: Authority) -> Serving:
    """Serve an echo: all that is promised is promised over TLS too."""
    trusting = authority.trusting()
    if request.param != "plain":
        version = ssl.TLSVersion[request.param.replace(" ", "v").replace(".", "_")]
        trusting.minimum_version = trusting.maximum_version = version

    @contextmanager
    def serve(echo: Echo, limits: HttpLimits | None = None) -> Iterator[Callable[[], Client]]:
        terms = TlsTerms(context=authority.context) if request.param != "plain" else None
        server = HttpServer("127.0.0.1", 0, limits=limits, tls=terms)
        server.start(echo, trouble=lambda _message: None)
        with ExitStack() as clients:

            def connect() -> Client:
                client = TlsClient(server, trusting) if terms else Client(server)
                clients.enter_context(client.socket)
                return client

            try:
                yield connect
            finally:
                server.close()

    return serve


def answer(echo: Echo, request: HttpRequest, body: bytes = b"") -> None:
    """Answer from another thread; when this returns, the server has gone on."""
    done = threading.Event()
    echo.loop.call_soon_threadsafe(request.answer, HttpAnswer(200, body))
    echo.loop.call_soon_threadsafe(done.set)
    assert done.wait(10)


def held(client: Client) -> int:
    return client.server._crowd.held  # noqa: SLF001 - what no client can see


@pytest.fixture
def echo() -> Echo:
    return Echo()


def test_who_closes_its_own_side_after_a_request_hears_the_answer(
    serving: Serving, echo: Echo
) -> None:
    with serving(echo) as connect:
        client = connect()
        client.say(POST % (2, b"hi"))
        client.end()
        assert client.rest().endswith(b"\r\n\r\nhi")


def test_who_closes_its_own_side_hears_an_answer_that_comes_later(
    serving: Serving, echo: Echo
) -> None:
    with serving(echo) as connect:
        client = connect()
        client.say(b"GET /later HTTP/1.1\r\n\r\n" + POST % (2, b"hi"))
        client.end()
        request = echo.later.get(timeout=10)
        time.sleep(0.05)  # whatever the end of its side does has been done
        answer(echo, request, b"late")
        assert client.rest().count(OK) == 2


def test_who_closes_its_own_side_too_early_hears_so(serving: Serving, echo: Echo) -> None:
    with serving(echo) as connect:
        for beginning in (b"POST / HT", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhal"):
            client = connect()
            client.say(POST % (2, b"hi") + beginning)
            client.end()
            heard = client.rest()
            assert heard.count(OK) == 1
            assert heard.endswith(b"\r\n\r\nthe request was cut short\n")
        assert echo.bodies == [b"hi", b"hi"]


def test_answers_keep_the_order_of_the_requests(serving: Serving, echo: Echo) -> None:
    with serving(echo) as connect:
        client = connect()
        client.say(b"GET /later HTTP/1.1\r\n\r\n" + POST % (1, b"2") + b"GET /no HTTP/1.1\r\n\r\n")
        request = echo.later.get(timeout=10)
        answer(echo, request, b"1")
        heard = client.hear(b"no\n")
        assert [
            heard.index(part) for part in (b"\r\n\r\n1", b"\r\n\r\n2", b"\r\n\r\nno")
        ] == sorted(heard.index(part) for part in (b"\r\n\r\n1", b"\r\n\r\n2", b"\r\n\r\nno"))


def test_no_more_is_read_ahead_than_may_be_under_way(serving: Serving, echo: Echo) -> None:
    with serving(echo, HttpLimits(ahead=4)) as connect:
        client = connect()
        client.say(b"GET /later HTTP/1.1\r\n\r\n" * 50)
        for count in range(50):
            request = echo.later.get(timeout=10)
            assert echo.later.qsize() <= 3
            assert len(echo.bodies) <= count + 4
            answer(echo, request)
        client.end()
        assert client.rest().count(OK) == 50


class Holding(Echo):
    """Holds the loop at the first request to /first, until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[bytes] = []
        self.reached, self.go_on = threading.Event(), threading.Event()

    def respond(self, request: HttpRequest) -> None:
        self.paths.append(request.head.path)
        if request.head.path == b"/first":
            self.reached.set()
            assert self.go_on.wait(10)
        super().respond(request)


def test_many_requests_of_one_client_do_not_come_before_those_of_others(serving: Serving) -> None:
    holding = Holding()
    with serving(holding, HttpLimits(ahead=4)) as connect:
        many, one = connect(), connect()
        one.say(POST % (1, b"a"))
        one.hear(b"a")
        many.say(b"GET /first HTTP/1.1\r\n\r\n" + b"GET /x HTTP/1.1\r\n\r\n" * 500)
        assert holding.reached.wait(10)
        one.say(b"GET /one HTTP/1.1\r\n\r\n")
        holding.go_on.set()
        many.end()
        assert many.rest().count(OK) == 501
    assert holding.paths.index(b"/one") <= 4 * 4


def test_who_does_not_take_its_answers_is_cut_and_never_held_in_memory(
    serving: Serving, echo: Echo
) -> None:
    with serving(echo, HttpLimits(answer_seconds=0.5)) as connect:
        client = connect()
        most = 0
        with suppress(ConnectionError):
            while True:  # the server ceases to read, and then to wait
                client.say(b"GET /large HTTP/1.1\r\n\r\n" * 100)
                most = max(most, held(client))
        assert most < 500_000
        assert held(client) == 0


def test_who_is_slow_to_take_an_answer_gets_it_whole(serving: Serving, echo: Echo) -> None:
    with serving(echo) as connect:
        client = connect()
        client.say(b"GET /large HTTP/1.1\r\nConnection: close\r\n\r\n")
        time.sleep(0.2)
        assert client.rest().endswith(b"x" * 100_000)


def test_too_much_is_refused_to_a_client_that_is_still_talking(
    serving: Serving, echo: Echo
) -> None:
    with serving(echo) as connect:
        for rest in (b"Content-Length: 5000000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"):
            client = connect()
            client.say(b"POST / HTTP/1.1\r\n" + rest)
            for _ in range(50):
                client.say(b"186a0\r\n" + b"x" * 100_000 + b"\r\n")
            heard = client.rest()
            assert heard.startswith(b"HTTP/1.1 413 ")
            assert b"\r\nconnection: close\r\n" in heard
        assert echo.bodies == []


def test_a_body_that_is_refused_unread_disturbs_nothing_behind_it(
    serving: Serving, echo: Echo
) -> None:
    with serving(echo) as connect:
        client = connect()
        client.say(b"POST /no HTTP/1.1\r\nContent-Length: 3\r\n\r\n")
        assert client.hear(b"no\n").startswith(b"HTTP/1.1 404 ")
        client.say(b"abc")
        client.say(b"POST /no HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
        client.say(POST % (2, b"hi"))
        assert client.hear(b"hi").endswith(b"\r\n\r\nhi")
        assert echo.bodies == [b"hi"]


def test_expect_is_answered_in_its_turn_and_only_where_the_body_is_wanted(
    serving: Serving, echo: Echo
) -> None:
    asking = b"POST %s HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    with serving(echo) as connect:
        client = connect()
        client.say(asking % b"/")
        assert client.hear(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.say(b"hi")
        client.hear(b"hi")
        client.say(asking % b"/" + b"ho")  # it did not wait
        assert client.hear(b"ho").startswith(OK)
        client.say(asking % b"/no")
        assert client.hear(b"no\n").startswith(b"HTTP/1.1 404 ")
        behind = connect()
        behind.say(b"GET /later HTTP/1.1\r\n\r\n" + asking % b"/")
        request = echo.later.get(timeout=10)
        answer(echo, request, b"first")
        heard = behind.hear(b"Continue\r\n\r\n")
        assert heard.index(b"first") < heard.index(b"100 Continue")


def test_who_did_not_wait_or_speaks_http_1_0_is_not_told_to_go_on(
    serving: Serving, echo: Echo
) -> None:
    asking = b"POST / HTTP/1.%d\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    with serving(echo) as connect:
        client = connect()
        client.say(GET_LATER + asking % 1)
        request = echo.later.get(timeout=10)
        client.say(b"hi")
        while b"hi" not in echo.bodies:
            time.sleep(0.01)
        answer(echo, request, b"first")
        client.say(b"GET /no HTTP/1.1\r\nConnection: close\r\n\r\n")
        assert b"100 Continue" not in client.rest()
        old = connect()
        old.say(asking % 0)
        old.end()
        assert b"100 Continue" not in old.rest()


def test_http_1_0_is_spoken_too(serving: Serving, echo: Echo) -> None:
    with serving(echo) as connect:
        client = connect()
        client.say(b"POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi")
        assert b"\r\nconnection: close\r\n" in client.rest()
        stays = connect()
        for _ in range(2):
            stays.say(b"POST / HTTP/1.0\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nhi")
            assert b"\r\nconnection: keep-alive\r\n" in stays.hear(b"hi")


def test_head_has_the_headers_and_no_body(serving: Serving, echo: Echo) -> None:
    with serving(echo) as connect:
        client = connect()
        client.say(b"HEAD /large HTTP/1.1\r\n\r\n")
        assert b"content-length: 100000\r\n" in client.hear(b"\r\n\r\n")


def test_what_is_said_after_close_is_not_read(serving: Serving, echo: Echo) -> None:
    with serving(echo) as connect:
        client = connect()
        client.say(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n" + POST % (2, b"hi"))
        assert client.rest().count(b"HTTP/1.1") == 1
        assert echo.bodies == [b""]


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\nHost: x\n\n",
        b"hello",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_garbage_is_refused_at_once(serving: Serving, echo: Echo, garbage: bytes) -> None:
    with serving(echo) as connect:
        client = connect()
        client.say(POST % (2, b"hi") + garbage)
        heard = client.hear(b"not a valid HTTP/1.1 request\n")
        assert heard.count(b"HTTP/1.1 ") == 3
        assert b"hi" in heard


def test_any_cut_of_a_stream_is_the_same_to_it(serving: Serving, echo: Echo) -> None:
    stream = (
        b"\r\n" + POST % (5, b"a\r\n\r\n") + b"GET /no HTTP/1.1\r\nX: y\r\n\r\n"
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: r\r\n\r\n"
    )
    with serving(echo) as connect:
        for cut in range(1, len(stream)):
            client = connect()
            client.say(stream[:cut])
            client.say(stream[cut:])
            client.end()
            assert client.rest().count(b"HTTP/1.1 ") == 3
    assert echo.bodies == [b"a\r\n\r\n", b"abc"] * (len(stream) - 1)


def test_what_all_hold_together_is_bounded_and_everybody_is_answered(
    serving: Serving, echo: Echo
) -> None:
    limits = HttpLimits(held=100_000, request_seconds=600)  # a busy machine takes its time
    with serving(echo, limits) as connect:
        clients = [connect() for _ in range(50)]
        for client in clients:
            client.say(b"POST /later HTTP/1.1\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000)
        for _ in clients:
            request = echo.later.get(timeout=60)
            assert held(clients[0]) < limits.held + limits.read
            answer(echo, request)
        for client in clients:
            assert client.hear(b"\r\n\r\n").startswith(OK)


def test_those_who_hold_all_and_do_not_finish_give_way(serving: Serving, echo: Echo) -> None:
    with serving(echo, HttpLimits(held=100_000)) as connect:
        idle = connect()
        slow = [connect() for _ in range(10)]
        for client in slow:
            client.say(b"POST / HTTP/1.1\r\nContent-Length: 20000\r\n\r\n" + b"x" * 15_000)
        idle.say(POST % (2, b"hi"))
        assert idle.hear(b"hi").startswith(OK)
        assert slow[0].rest() == b""


def test_who_does_not_finish_its_handshake_gives_way_and_is_cut(
    echo: Echo, authority: Authority
) -> None:
    limits = HttpLimits(request_seconds=0.5, tls_connections=4)
    server = HttpServer("127.0.0.1", 0, limits=limits, tls=TlsTerms(context=authority.context))
    server.start(echo, trouble=lambda _message: None)
    with closing(server), ExitStack() as clients:
        standing = [clients.enter_context(Client(server).socket) for _ in range(4)]
        client = TlsClient(server, authority.trusting())
        clients.enter_context(client.socket)
        client.say(POST % (2, b"hi"))
        assert client.hear(b"hi").startswith(OK)
        assert all(one.recv(1) == b"" for one in standing)  # within its time, at the latest


@pytest.mark.parametrize("files", [80, 256, 1024, 4096, 1_000_000])
def test_the_limits_leave_files_for_what_is_accepted_before_it_is_counted(files: int) -> None:
    most, backlog = places(8192, files)
    assert most >= 1
    assert backlog >= 1
    if files >= 128:
        assert most + 4 * backlog + 64 <= files


def test_a_connection_that_is_seized_is_written_to_by_somebody_else(
    serving: Serving, echo: Echo
) -> None:
    with serving(echo, HttpLimits(request_seconds=0.2, answer_seconds=0.2)) as connect:
        client = connect()
        # Its turn comes behind what was asked before, and nothing comes behind it.
        client.say(GET_LATER + b"GET /seized HTTP/1.1\r\n\r\n" + POST % (2, b"hi"))
        request = echo.later.get(timeout=10)
        assert echo.seized.empty()
        answer(echo, request, b"first")
        transport = echo.seized.get(timeout=10)
        time.sleep(0.6)  # nobody cuts it, however long it says nothing
        echo.loop.call_soon_threadsafe(transport.write, b"as I like")
        echo.loop.call_soon_threadsafe(transport.close)
        assert client.rest().endswith(b"\r\n\r\nfirstas I like")
        assert held(client) == 0


@pytest.mark.parametrize("early", [True, False])
def test_who_has_seized_a_connection_is_told_that_the_client_ends(
    serving: Serving, echo: Echo, *, early: bool
) -> None:
    with serving(echo) as connect:
        client = connect()
        client.say(b"GET /seized HTTP/1.1\r\n\r\n")
        if not early:
            echo.seized.get(timeout=10)
        client.end()
        assert echo.ended.wait(10)


def test_the_servers_end_cuts_a_connection_that_is_seized(serving: Serving, echo: Echo) -> None:
    with serving(echo, HttpLimits(closing_seconds=0)) as connect:
        client = connect()
        client.say(b"GET /seized HTTP/1.1\r\n\r\n")
        echo.seized.get(timeout=10)
        client.server.close()
        assert client.rest() == b""

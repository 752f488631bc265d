"""A gateway of the standard library that counts for itself which number it has taken how often.

It knows nothing of ours: it reads the request line, waits as long as it is told to, and answers.
"""

import asyncio
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from functools import partial
from types import TracebackType
from typing import Self
from urllib.parse import unquote

_DESTINATION = re.compile(rb"[?&]Destination=([^& ]*)")
ACCEPTED = 1005
# What a gateway does besides answering with a code: it cuts the connection before or after it has
# taken the message.
CUT_BEFORE, CUT_AFTER = -1, -2
# Or it answers HTTP 429 with a Retry-After.
BUSY = -3

Decide = Callable[[str, int], int]


class CountingGateway:
    """Answers on loopback, in a thread of its own, while the block runs.

    `decide` is asked with each number and how often it has come, and returns a result code, one of
    the cuts, or BUSY, which asks for `retry_after` seconds. `latency` may depend on the number, and
    an answer to one in `holding` waits until it is let go.
    `taken` counts what was accepted; `times` are when requests came.
    """

    def __init__(
        self,
        *,
        latency: float | Callable[[str], float] = 0.0,
        decide: Decide = lambda _number, _nth: ACCEPTED,
        retry_after: int = 1,
        holding: Collection[str] = (),
    ) -> None:
        self._latency = latency if callable(latency) else lambda _number: latency
        self._decide = decide
        self._retry_after = retry_after
        self._holding = holding
        self._held: list[Callable[[], None]] = []
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.came: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()
        self.times: list[float] = []
        self.transports: set[asyncio.Transport] = set()
        self.out = self.most_out = self.answered = 0
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/smscsimplehttp"

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(30)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        serving = self._loop.run_until_complete(
            self._loop.create_server(lambda: _Client(self), "127.0.0.1", 0, backlog=512)
        )
        self.port = serving.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        serving.close()
        for transport in list(self.transports):
            transport.abort()
        self._loop.run_until_complete(asyncio.sleep(0))  # they close with the next turn
        self._loop.close()

    def let_go(self) -> None:
        """Give the answers that are held."""
        for answer in self._held:
            self._loop.call_soon_threadsafe(answer)
        self._held.clear()

    def request(self, head: bytes, transport: asyncio.Transport) -> None:
        self.times.append(time.monotonic())
        found = _DESTINATION.search(head)
        number = unquote(found[1].decode()) if found else ""
        self.came[number] += 1
        code = self._decide(number, self.came[number])
        if code == CUT_BEFORE:
            transport.abort()
            return
        # A message is taken when its request is, whoever hears the answer.
        if code in {ACCEPTED, CUT_AFTER}:
            self.taken[number] += 1
        self.out += 1
        self.most_out = max(self.out, self.most_out)
        answer = partial(self._answer, transport, code, number)
        if number in self._holding:
            self._held.append(answer)
        else:
            self._loop.call_later(self._latency(number), answer)

    def _answer(self, transport: asyncio.Transport, code: int, number: str) -> None:
        self.out -= 1
        self.answered += 1
        if code == CUT_AFTER:
            transport.abort()
            return
        given = f"id-{number}-{self.came[number]}" if code == ACCEPTED else ""
        body = f"{code};Description;{given}".encode()
        status = "200 OK"
        if code == BUSY:
            status, body = f"429 Busy\r\nRetry-After: {self._retry_after}", b""
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        if not transport.is_closing():
            transport.write(head + body)


class _Client(asyncio.Protocol):
    def __init__(self, gateway: CountingGateway) -> None:
        self._gateway = gateway
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._gateway.transports.add(transport)

    def connection_lost(self, failure: Exception | None) -> None:  # noqa: ARG002 - the protocol's
        self._gateway.transports.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            self._gateway.request(head, self._transport)

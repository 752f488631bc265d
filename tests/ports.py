"""Ports that a test has to know the behaviour of: free ones, and ones where nobody answers."""

import itertools
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

# Below those that the system gives to whoever asks for any; each process begins somewhere else.
_PORTS = itertools.count(10_000 + os.getpid() * 16 % 20_000)


def free_port() -> str:
    """A port for a server to listen on, another one at each call.

    One that the system has chosen and got back may be given to the next who asks.
    """
    for port in itertools.islice(_PORTS, 1000):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return str(port)
    raise AssertionError("no port is free")


@contextmanager
def refusing() -> Iterator[int]:
    """A port where connections are refused: it is taken, but nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@contextmanager
def swallowing() -> Iterator[int]:
    """A port whose backlog is full: the kernel drops every further SYN, like a black hole."""
    with socket.socket() as full, ExitStack() as waiting:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(4):  # a backlog of 0 takes one connection or two
            client = waiting.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        yield full.getsockname()[1]

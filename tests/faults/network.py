"""A network between a client and a server that does to each octet what it is told to."""

import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from tests.loopback import Listener, say_no_more

# The suite looks at some places alone where every place takes long.
EVERY_BYTE = bool(os.environ.get("LINKSMS_TEST_EVERY_BYTE"))

# What one direction does: it takes what comes, and yields what goes on. It ends when that has
# ended, or breaks the connection by CutError.
Way = Callable[[Iterator[bytes]], Iterator[bytes]]


class CutError(Exception):
    """The connection breaks: both ends see it closed, or reset."""

    def __init__(self, *, resets: bool = False) -> None:
        super().__init__()
        self.resets = resets


def untouched(came: Iterator[bytes]) -> Iterator[bytes]:
    """Let everything through."""
    return came


class Relay(Listener):
    """Connects every client to a server, by `there` from client to server and by `back`.

    The ways can be changed between two connections.
    """

    def __init__(self, port: int, *, there: Way = untouched, back: Way = untouched) -> None:
        super().__init__()
        self.there = there
        self.back = back
        self._server = port

    def serve(self, connection: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self._server)) as server:
            ends = (connection, server)
            back = threading.Thread(target=_carry, args=(self.back, server, connection, ends))
            back.start()
            _carry(self.there, connection, server, ends)
            back.join()
            if any(_resets(end) for end in ends):
                for end in ends:
                    end.close()


def _carry(
    way: Way, source: socket.socket, sink: socket.socket, ends: Sequence[socket.socket]
) -> None:
    try:
        for octets in way(_arriving(source)):
            sink.sendall(octets)
        say_no_more(sink)
    except CutError as cut:
        _break(ends, resets=cut.resets)
    except OSError:  # one of them has gone
        _break(ends)


def _arriving(source: socket.socket) -> Iterator[bytes]:
    while octets := source.recv(65536):
        yield octets


# What makes the system reset a connection that is closed.
_RESETTING = struct.pack("ii", 1, 0)


def _break(ends: Sequence[socket.socket], *, resets: bool = False) -> None:
    """End both connections; those that are to be reset are, once they are closed."""
    for end in ends:
        with suppress(OSError):  # it has ended already
            if resets:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESETTING)
            # This alone says nothing to the other end, but wakes who reads here.
            say_no_more(end, socket.SHUT_RD if resets else socket.SHUT_RDWR)


def _resets(end: socket.socket) -> bool:
    set_to = end.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(_RESETTING))
    return set_to == _RESETTING


def cut(passing: int, *, resets: bool = False) -> Way:
    """Break the connection in what comes, once so many octets have passed."""

    def way(came: Iterator[bytes]) -> Iterator[bytes]:
        left = passing
        for octets in came:
            yield octets[:left]
            if len(octets) >= left:
                raise CutError(resets=resets)
            left -= len(octets)

    return way


def ended(passing: int) -> Way:
    """Say that this direction has ended once so many octets have passed; the other goes on."""

    def way(came: Iterator[bytes]) -> Iterator[bytes]:
        yield b"".join(came)[:passing]

    return way


def lost(passing: int) -> Way:
    """Let so many octets through, and lose the rest without a word."""

    def way(came: Iterator[bytes]) -> Iterator[bytes]:
        left = passing
        for octets in came:
            yield octets[:left]
            left -= len(octets[:left])

    return way


def changed(place: int, octet: int) -> Way:
    """Put another octet at a place."""

    def way(came: Iterator[bytes]) -> Iterator[bytes]:
        passed = 0
        for octets in came:
            altered = bytearray(octets)
            if passed <= place < passed + len(octets):
                altered[place - passed] = octet
            passed += len(octets)
            yield bytes(altered)

    return way


def repeated(begin: int, end: int) -> Way:
    """Say what stands between two places once more behind it, in one piece with it."""

    def way(came: Iterator[bytes]) -> Iterator[bytes]:
        held = b""
        for octets in came:
            held += octets
            if len(held) >= end:
                yield held[:end] + held[begin:end] + held[end:]
                yield from came
                return
        yield held

    return way


def together(begin: bytes, count: int) -> Way:
    """Keep everything back until so many messages that begin so are there."""

    def way(came: Iterator[bytes]) -> Iterator[bytes]:
        held = b""
        for octets in came:
            held += octets
            if held.count(begin) >= count:
                yield held
                yield from came
                return
        yield held

    return way


def after(first: Way, second: Way) -> Way:
    """Do one thing to what comes, and another to what that lets through."""
    return lambda came: second(first(came))


def once(way: Way) -> Way:
    """Do that to the first connection, and nothing to those that follow."""
    ways = [way]
    return lambda came: ways.pop()(came) if ways else came


def octet_by_octet(pause: float = 0) -> Way:
    """Let octets pass one at a time."""

    def way(came: Iterator[bytes]) -> Iterator[bytes]:
        for octets in came:
            for octet in octets:
                yield bytes([octet])
                time.sleep(pause)

    return way


def late(pause: float) -> Way:
    """Keep everything back for a while."""

    def way(came: Iterator[bytes]) -> Iterator[bytes]:
        for octets in came:
            time.sleep(pause)
            yield octets

    return way


def places(length: int, step: int) -> Sequence[int]:
    """Return each `step`th place in so many octets, and every one if EVERY_BYTE."""
    return range(0, length, 1 if EVERY_BYTE else step)

"""The client at the other end of a connection: what it takes, and whether it still talks."""

import asyncio
from collections.abc import Callable


class Wire:
    """A connection's transport, and what is known of the client."""

    __slots__ = ("_is_paused", "_lingers", "_transport", "abort", "has_ended", "is_unsent", "write")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        transport.set_write_buffer_limits(high=0)  # so that `pause_writing` tells of any rest
        self.write = transport.write
        self.abort = transport.abort
        self.has_ended = False  # the client says nothing more
        self.is_unsent = False  # the system takes no more of what was written
        self._is_paused = False
        self._lingers = False  # all is said, and the client may still be talking

    @property
    def remote(self) -> str:
        """The client's address."""
        name = self._transport.get_extra_info("peername")
        return str(name[0]) if name else ""

    @property
    def local(self) -> str:
        """The address of this machine that the client has connected to."""
        name = self._transport.get_extra_info("sockname")
        return str(name[0]) if name else ""

    @property
    def is_closing(self) -> bool:
        """Whether it has been closed."""
        return self._transport.is_closing()

    def read(self, *, wanted: bool) -> None:
        """Have what comes given to us, or kept by the system until it is wanted."""
        if wanted is not self._is_paused or self.has_ended or self._transport.is_closing():
            return
        self._is_paused = not wanted
        if wanted:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def close(self, *, is_talking: bool) -> None:
        """Close. A client that is still talking is heard out first: it would not read otherwise."""
        if not is_talking or self.has_ended or not self._transport.can_write_eof():
            self._transport.close()
        elif not self._lingers:
            self._lingers = True
            self._transport.write_eof()

    def lend(
        self, seize: Callable[[asyncio.Transport], Callable[[], object]]
    ) -> Callable[[], object]:
        """Let somebody else write; return what is to be called when the client says no more."""
        self.read(wanted=True)
        return seize(self._transport)

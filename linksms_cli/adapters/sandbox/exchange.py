"""A request to the sandbox, and what is to be done about it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from linksms_cli.adapters.sandbox.answers import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request: its target split at the `?`, who sent it, and to which address of ours.

    The query is as it came, with octets beyond ASCII as Latin-1. Names of headers are in lower
    case; one that was given several times has its values joined by commas.
    """

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    peer: str = ""
    local: str = ""

    def header(self, name: str) -> str | None:
        """Return the value of a header, None if it was not given."""
        return dict(self.headers).get(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A reply, and what stands around it.

    It leaves after so many `seconds`, once what `before` began has been tried. `afterwards` is
    done when it has left, whether or not it arrived.
    """

    reply: Reply
    seconds: float = 0.0
    before: Callable[[], threading.Event] | None = None
    afterwards: Callable[[], object] | None = None

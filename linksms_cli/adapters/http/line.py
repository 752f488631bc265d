"""The requests of one connection that wait for their answers, in the order in which they came."""

from collections import deque

from linksms_cli.adapters.http.limits import HttpLimits
from linksms_cli.adapters.http.messages import HttpAnswer
from linksms_cli.adapters.http.request import REQUEST_OCTETS, HttpRequest


class AnswerLine:
    """Requests in line: the answer to the first is written first, whichever is ready first."""

    __slots__ = ("_ahead", "_most", "_requests", "octets")

    def __init__(self, limits: HttpLimits) -> None:
        self._requests: deque[HttpRequest] = deque()
        self._ahead = limits.ahead
        self._most = limits.ahead * REQUEST_OCTETS + limits.body
        self.octets = 0  # that they count for in memory

    def __bool__(self) -> bool:
        """Return whether any request waits."""
        return bool(self._requests)

    @property
    def is_full(self) -> bool:
        """Whether no more may be under way."""
        return len(self._requests) >= self._ahead or self.octets >= self._most

    @property
    def due(self) -> HttpAnswer | None:
        """The answer that is to be written next, if it is there."""
        return self._requests[0].answered if self._requests else None

    def add(self, request: HttpRequest) -> None:
        """Let a request wait behind the others."""
        self._requests.append(request)
        self.octets += request.octets

    def take(self) -> HttpRequest:
        """Return the first, which waits no longer."""
        request = self._requests.popleft()
        self.octets -= request.octets
        return request

    def clear(self) -> None:
        """Forget all of them."""
        self._requests.clear()
        self.octets = 0

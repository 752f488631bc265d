"""The sandbox as a test double, used by its public admin interface alone."""

import json
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from tests.server import running


class TestGateway:
    """A sandbox in a process of its own: `url` is its base URL."""

    __test__ = False  # pytest takes the name for that of tests

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, method: str, path: str, fields: object = None) -> Any:
        """Use the admin interface, and return the JSON that it answers."""
        body = None if fields is None else json.dumps(fields).encode()
        request = urllib.request.Request(f"{self.url}{path}", body, method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
            return json.load(answer)

    def messages(self, **query: object) -> list[dict[str, Any]]:
        """Return the messages that came in, those that fit a query."""
        found: list[dict[str, Any]] = self.ask("GET", f"/messages?{urlencode(query)}")
        return found

    def fail(self, **fault: object) -> None:
        """Set a fault for the next messages."""
        self.ask("POST", "/faults", fault)

    def reset(self) -> None:
        """Be as at the start."""
        self.ask("POST", "/reset", {})


@contextmanager
def gateway_of_tests(environment: Mapping[str, str], *words: str) -> Iterator[TestGateway]:
    """Run a sandbox until the block ends."""
    with running(environment, "sandbox", *words) as server:
        server.drain()
        yield TestGateway(server.url)

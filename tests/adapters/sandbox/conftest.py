"""A client of the standard library alone, so that the sandbox is not tested by its own kind."""

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from linksms_cli.adapters.sandbox import Sandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came back over HTTP."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, which is JSON."""
        assert self.headers["content-type"] == "application/json"
        return json.loads(self.body)

    @property
    def refusal(self) -> tuple[int, str, str]:
        """The status, the kind and the message of an error."""
        error = self.json["error"]
        assert set(error) == {"kind", "message", "hint"}
        return self.status, error["kind"], error["message"]

    @property
    def fields(self) -> list[str]:
        """The answer's three fields."""
        return self.body.decode().split(";")


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Sends to one sandbox."""

    host: str
    port: int

    def query(self, to: str = "+99955501234", **changes: str | None) -> str:
        """Return a good query string with changes; None leaves a parameter out."""
        values: dict[str, str | None] = {
            "ServiceId": "1234",
            "Username": "user",
            "Password": "s3cret",
            "Source": "LINK",
            "Destination": to,
            "Userdata": "Hello",
        }
        values |= changes
        return urlencode({name: value for name, value in values.items() if value is not None})

    def request(
        self, method: str, target: str, body: bytes | None = None, **headers: str
    ) -> Answered:
        """Make one request on a connection of its own."""
        with closing(http.client.HTTPConnection(self.host, self.port, timeout=10)) as connection:
            connection.request(method, target, body=body, headers=headers)
            response = connection.getresponse()
            received = {name.lower(): value for name, value in response.getheaders()}
            return Answered(status=response.status, headers=received, body=response.read())

    def send(self, to: str = "+99955501234", **changes: str | None) -> Answered:
        """Submit one message."""
        return self.request("POST", f"/smscsimplehttp?{self.query(to, **changes)}")

    def ask(self, method: str, path: str, fields: object = None, **headers: str) -> Answered:
        """Use the admin interface, with JSON as the body if there are fields."""
        body = None if fields is None else json.dumps(fields).encode()
        return self.request(method, path, body, **headers)

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages that the sandbox lists."""
        listed: list[dict[str, Any]] = self.ask("GET", "/messages").json
        return listed

    def raw(self, octets: bytes) -> bytes:
        """Write octets, say that no more come, and return all that comes back."""
        with socket.create_connection((self.host, self.port), timeout=10) as connection:
            connection.sendall(octets)
            connection.shutdown(socket.SHUT_WR)
            received = b""
            while more := connection.recv(65536):
                received += more
            return received

    @contextmanager
    def submitting(self, to: str) -> Iterator[socket.socket]:
        """Submit one message and hand over the connection before anything is read from it."""
        with socket.create_connection((self.host, self.port), timeout=10) as connection:
            head = f"POST /smscsimplehttp?{self.query(to)} HTTP/1.1\r\nHost: x\r\n\r\n"
            connection.sendall(head.encode())
            yield connection


def client_of(sandbox: Sandbox) -> Client:
    url = urlsplit(sandbox.url)
    assert url.hostname is not None
    assert url.port is not None
    return Client(host=url.hostname, port=url.port)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> Client:
    return client_of(sandbox)

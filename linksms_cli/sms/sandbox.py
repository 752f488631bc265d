"""What a sandbox is told, and what it tells: messages received, reports delivered."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from linksms_cli.errors import UsageError
from linksms_cli.sms.dlr.report import Format
from linksms_cli.sms.text.segments import Encoding
from linksms_cli.sms.timestamp import rfc3339


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The one account that a sandbox knows; without any it takes whatever it is given."""

    service_id: int
    username: str
    password: str = field(repr=False)

    @classmethod
    def parse(cls, typed: str) -> "Credentials":
        """Read `SERVICE:USER:PASSWORD`; colons may stand in the password.

        Raises UsageError that does not repeat what was typed: a password is in it.
        """
        service_id, _, rest = typed.partition(":")
        username, _, password = rest.partition(":")
        if not (service_id.isascii() and service_id.isdecimal() and username and password):
            message = "--credentials is not a service id, a user and a password"
            raise UsageError(message, "Write it like 1234:user:secret.")
        return cls(service_id=int(service_id), username=username, password=password)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTarget:
    """Where reports go, how they are written, and how long after the answer, in seconds."""

    url: str = field(repr=False)
    format: Format = Format.JSON
    delay: float = 0.0

    def __post_init__(self) -> None:
        """Raise UsageError where the URL is none; it is not repeated: a secret may be in it."""
        try:
            parts = urlsplit(self.url)
            usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            message = "--dlr-url is not the URL of a receiver"
            raise UsageError(message, "Write it like http://127.0.0.1:8080/dlr.")


class Fate(StrEnum):
    """What became of a report on its way."""

    DELIVERED = "delivered"
    """The receiver answered 200."""
    WAITING = "waiting"
    """It did not, and will be tried again."""
    GIVEN_UP = "given up"
    """It did not for too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAttempt:
    """One attempt to deliver one report of the message with that `serial`.

    `place` counts the message's reports from 0. `status` is what the receiver answered; where it
    answered nothing, `failure` says why.
    """

    serial: int
    place: int
    at: datetime
    report_id: str
    result_code: int
    attempt: int
    fate: Fate
    status: int | None
    failure: str | None

    def record(self) -> dict[str, Any]:
        """Return it as JSON has it in the sandbox's own list."""
        return {
            "id": self.report_id,
            "result_code": self.result_code,
            "fate": self.fate,
            "attempts": self.attempt,
            "at": rfc3339(self.at),
            "status": self.status,
            "failure": self.failure,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxMessage:
    """A message as the sandbox received it, and what it answered.

    `serial` counts the messages from 1. `parameters` are the guide's, as they were sent and
    without the password. `result_code` is None where the answer held none; `effect` then says
    what came instead. `remarks` are what the guide would have otherwise, though it was no reason
    to refuse.
    """

    serial: int
    received_at: datetime
    parameters: dict[str, str]
    encoding: Encoding | None
    parts: int | None
    result_code: int | None
    description: str | None
    message_id: str | None
    effect: str | None
    remarks: tuple[str, ...]

    @property
    def source(self) -> str | None:
        """Who sent it, as it was written."""
        return self.parameters.get("Source")

    @property
    def destination(self) -> str | None:
        """Who was to get it, as it was written."""
        return self.parameters.get("Destination")

    @property
    def text(self) -> str | None:
        """The message itself."""
        return self.parameters.get("Userdata")

    def record(self) -> dict[str, Any]:
        """Return it as JSON has it, in events and in the sandbox's own list."""
        return {
            "serial": self.serial,
            "received_at": rfc3339(self.received_at),
            "to": self.destination,
            "from": self.source,
            "text": self.text,
            "encoding": self.encoding,
            "parts": self.parts,
            "result_code": self.result_code,
            "description": self.description,
            "message_id": self.message_id,
            "effect": self.effect,
            "remarks": list(self.remarks),
            "parameters": self.parameters,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxReady:
    """The sandbox listens; `url` is its base URL."""

    url: str


SandboxEvent = SandboxReady | SandboxMessage | ReportAttempt

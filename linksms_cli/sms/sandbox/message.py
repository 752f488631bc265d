"""What a sandbox has seen and done: messages received, reports delivered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from linksms_cli.sms import codes
from linksms_cli.sms.text import segments
from linksms_cli.sms.text.assess import assess
from linksms_cli.sms.text.segments import Encoding
from linksms_cli.sms.timestamp import rfc3339


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
        known = codes.explain(self.result_code)
        return {
            "id": self.report_id,
            "result_code": self.result_code,
            "description": known.description,
            "final": known.final,
            "delivered": known.delivered,
            "fate": self.fate,
            "attempts": self.attempt,
            "at": rfc3339(self.at),
            "status": self.status,
            "failure": self.failure,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRequest:
    """A request as it came, with `***` in place of everything that may hold the password.

    The body is not kept: some senders put the parameters there, the password among them.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body_length: int

    def record(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "method": self.method,
            "target": self.target,
            "headers": [list(header) for header in self.headers],
            "body_length": self.body_length,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxMessage:
    """A message as the sandbox received it, and what it answered.

    `serial` counts the messages from 1. `parameters` are the guide's, as they were sent and
    without the password. `result_code` is None if the answer held none; `effect` then says what
    came instead. `remarks` say what the guide has otherwise, though it was no reason to refuse.
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
    request: SeenRequest | None = None

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

    def story(self) -> dict[str, Any]:
        """Return all that is known about it, as the admin interface shows it.

        Beside `record`: what is certain of the answer's code, the text of each part, the characters
        that force UCS-2, the request.
        """
        text = self.text or ""
        known = None if self.result_code is None else codes.explain(self.result_code)
        return self.record() | {
            "final": known.final if known else None,
            "delivered": known.delivered if known else None,
            "part_texts": [part.text for part in segments.cut(text)] if self.parts else [],
            "non_gsm": [
                {
                    "char": found.character.char,
                    "code_point": found.character.code_point,
                    "name": found.character.name,
                    "count": found.times,
                }
                for found in assess(text).non_gsm
            ],
            "request": None if self.request is None else self.request.record(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxReady:
    """The sandbox listens; `url` is its base URL, as this machine reaches it.

    `open_to` is the host it listens on, if others can reach it there, else None.
    """

    url: str
    open_to: str | None = None


SandboxEvent = SandboxReady | SandboxMessage | ReportAttempt

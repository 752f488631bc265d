"""What a sandbox is told, and what it tells: the messages that it received."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from linksms_cli.errors import UsageError
from linksms_cli.sms.segments import Encoding


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
        username, colon, password = rest.partition(":")
        if not (service_id.isascii() and service_id.isdecimal() and username and colon):
            message = "--credentials is not a service id, a user and a password"
            raise UsageError(message, "Write it like 1234:user:secret.")
        return cls(service_id=int(service_id), username=username, password=password)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message as the sandbox received it, and what it answered.

    `parameters` are the guide's, as they were sent and without the password. `result_code` is
    None where the answer held none; `effect` then says what came instead. `remarks` are what the
    guide would have had otherwise, though it was no reason to refuse.
    """

    number: int
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
            "number": self.number,
            "received_at": self.received_at.isoformat(timespec="milliseconds").replace(
                "+00:00", "Z"
            ),
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

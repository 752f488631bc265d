"""The way to a gateway, as it was walked: addresses, connections, handshake, answer."""

from dataclasses import dataclass
from enum import StrEnum


class StepTrouble(StrEnum):
    """Why a step on the way failed."""

    REFUSED = "refused"
    TIMEOUT = "no answer in time"
    UNREACHABLE = "unreachable"
    NO_NAME = "no such name"
    TUNNEL = "the proxy refuses to connect"
    NO_TUNNEL = "the proxy did not open a tunnel"
    PROXY_LOGIN = "the proxy asks for a user and a password"
    CERTIFICATE = "the certificate is not accepted"
    NO_TLS = "no common TLS version or cipher"
    CUT = "the connection was closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Where the way ended: why, and what the system or the library says of it."""

    trouble: StepTrouble
    detail: str = ""
    certificate_code: int | None = None

    def __str__(self) -> str:
        """Return why, in a few words."""
        return f"{self.trouble} ({self.detail})" if self.detail else self.trouble.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address of a host."""

    family: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionAttempt:
    """A connection that was tried: how long it took, or where it ended."""

    address: Address
    milliseconds: float
    stop: Stop | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a verified certificate says of itself; times in seconds since 1970, UTC."""

    issuer: str
    expires: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """A TLS handshake, as OpenSSL names its parts; `stop` where it was not to our standard.

    With a `stop`, version and cipher are what the server would have spoken, None if not even that
    could be learnt.
    """

    version: str | None = None
    cipher: str | None = None
    certificate: Certificate | None = None
    stop: Stop | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadAnswer:
    """The answer to HEAD: its HTTP status, and its Date and when that was true here.

    Times are in seconds since 1970, UTC; `date` is None where the server gives none.
    """

    status: int = 0
    date: float | None = None
    received: float = 0.0
    stop: Stop | None = None

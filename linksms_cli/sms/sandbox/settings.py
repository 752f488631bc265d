"""What a sandbox is started with: an account, a pace, a target for reports, who may look in."""

import re
from dataclasses import dataclass, field
from typing import Self

from linksms_cli.errors import UsageError
from linksms_cli.sms import duration
from linksms_cli.sms.dlr.report import Format
from linksms_cli.sms.receiver_url import ReceiverUrl

# Where messages are taken, like the guide's base URLs.
BASE_PATH = "/smscsimplehttp"
_WHOLE = re.compile("[0-9]{1,9}")
_SERVICE_ID = re.compile("[0-9]{1,18}")  # as a profile may have it


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The one account that a sandbox knows; without any it takes whatever it is given."""

    service_id: int
    username: str
    password: str = field(repr=False)

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Read `SERVICE:USER:PASSWORD`; colons may stand in the password.

        Raises UsageError that does not repeat what was typed: a password is in it.
        """
        service_id, _, rest = typed.partition(":")
        username, _, password = rest.partition(":")
        if not (_SERVICE_ID.fullmatch(service_id) and username and password):
            message = "--credentials is not a service id, a user and a password"
            raise UsageError(message, "Write it like 1234:user:secret.")
        return cls(service_id=int(service_id), username=username, password=password)


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """How long an answer takes, in seconds: at least, and at most."""

    least: float = 0.0
    most: float = 0.0

    @classmethod
    def parse(cls, typed: str, name: str) -> Self:
        """Read a duration (`2`, `150ms`), or a range of two (`20..200`, `50ms..2s`).

        A duration without a unit is in seconds, as everywhere. A range of two whole numbers
        without units is in milliseconds: nobody lets a test wait for 20 to 200 seconds.

        Raises UsageError that names `name`, the option or field.
        """
        first, dots, second = typed.partition("..")
        if not dots:
            seconds = _seconds(typed, name)
            return cls(least=seconds, most=seconds)
        if _WHOLE.fullmatch(first) and _WHOLE.fullmatch(second):
            first, second = f"{first}ms", f"{second}ms"
        latency = cls(least=_seconds(first, name), most=_seconds(second, name))
        if latency.least > latency.most:
            message = f"{name} {typed!r} begins with the longer time"
            raise UsageError(message, "Write the shorter time first, like 20..200.")
        return latency

    def __str__(self) -> str:
        if self.least == self.most:
            return f"{self.most:g} s"
        if self.most < 1:
            return f"{self.least * 1000:g} to {self.most * 1000:g} ms"
        return f"{self.least:g} to {self.most:g} s"


def _seconds(typed: str, name: str) -> float:
    return duration.seconds(typed, name, longest=duration.LONGEST_ANSWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTarget:
    """Where reports go, how they are written, and how long after the answer, in seconds.

    `headers` go with each report. `auth` is a user and a password, sent as Basic auth.
    """

    url: str = field(repr=False)
    format: Format = Format.JSON
    delay: float = 0.0
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    auth: tuple[str, str] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Raise UsageError if the URL is not one; it is not repeated: a secret may be in it."""
        check_receiver_url(self.url, "--dlr-url")


def check_receiver_url(url: str, option: str) -> None:
    """Raise UsageError if this is not a URL that reports can be posted to."""
    try:
        ReceiverUrl.parse(url)
    except ValueError as wrong:
        raise UsageError(f"{option} {wrong}", "Write it like http://127.0.0.1:8080/dlr.") from None


def read_auth(typed: str, option: str) -> tuple[str, str]:
    """Read `USER:PASSWORD`. Raises UsageError that repeats neither."""
    user, colon, password = typed.partition(":")
    if not (user and colon and password):
        message = f"{option} is not a user and a password"
        raise UsageError(message, "Write it like user:secret.")
    return user, password


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may use the admin interface.

    Without a `token`, only who connects from this machine. `hosts` are the names under which it
    is asked for, besides those of loopback: a request for any other comes from a page of somebody
    else, whose name was made to lead here (DNS rebinding).
    """

    token: str | None = field(default=None, repr=False)
    hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxSettings:
    """Everything that a sandbox is started with.

    `rate` is how many messages a second it takes before it answers code 3. With `strict` it
    refuses GET. Reports go to `dlr`; without it none are sent. With a `seed`, ids, times and
    latencies are the same in every run.
    """

    host: str = "127.0.0.1"
    port: int = 0
    credentials: Credentials | None = None
    latency: Latency = field(default_factory=Latency)
    rate: int | None = None
    strict: bool = False
    dlr: ReportTarget | None = None
    access: Access = field(default_factory=Access)
    seed: int | None = None

"""A target: where stored reports are forwarded to, and in what form."""

import hmac
from dataclasses import dataclass, field
from enum import StrEnum

from linksms_cli.sms.receiver_url import ReceiverUrl


class ForwardAs(StrEnum):
    """What a target gets of a report."""

    EVENT = "event"
    RAW = "raw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL that reports are forwarded to; the URL and the headers may hold secrets.

    `name` is what is shown of it: never its login, its path or its query.
    """

    url: str = field(repr=False)
    form: ForwardAs
    name: str
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def digest(self, secret: bytes) -> bytes:
        """Return what a store with that secret knows it by: the URL itself is not kept."""
        return hmac.digest(secret, f"{self.form}\n{self.url}".encode(), "sha256")


def shown(url: str) -> str:
    """Return what a person is shown of a URL: scheme and host; a path or a query may be a secret.

    Raises ValueError, which does not repeat the URL.
    """
    parsed = ReceiverUrl.parse(url)
    rest = "/" if parsed.path == "/" else "/…"
    return f"{parsed.scheme}://{parsed.authority}{rest}"

"""A message as it is submitted, and the query that carries it (guide, "How to send SMS")."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import NamedTuple
from urllib.parse import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All of a message but its recipient: every value checked, cleaned and as it goes on the wire.

    None stands for a parameter that is left out.
    """

    source: str
    text: str | None = field(default=None, repr=False)
    udh: str | None = None
    reference_id: str | None = None
    tariff: str | None = None
    vat: str | None = None
    charge_only: bool | None = None
    async_: bool | None = None

    def to(self, destination: str) -> "Message":
        """Return the message for one recipient."""
        return Message(destination, self)


# Of the messages of a batch most values are the same.
_quoted = lru_cache(maxsize=256)(partial(quote, safe=""))


class Message(NamedTuple):
    """What is sent to one recipient."""

    destination: str
    draft: Draft

    def parameters(self) -> list[tuple[str, str]]:
        """Return the guide's parameters in the guide's order, without the credentials."""
        draft = self.draft
        values: list[tuple[str, str | bool | None]] = [
            ("Source", draft.source),
            ("Destination", self.destination),
            ("Userdata", draft.text),
            ("UserdataHeader", draft.udh),
            ("ReferenceId", draft.reference_id),
            ("Tariff", draft.tariff),
            ("Vat", draft.vat),
            ("ChargeOnly", draft.charge_only),
            ("Async", draft.async_),
        ]
        return [(name, _text(value)) for name, value in values if value is not None]


def query(parameters: Iterable[tuple[str, str]]) -> str:
    """Return a query string: UTF-8, each byte outside RFC 3986's unreserved set as %XX."""
    return "&".join(f"{name}={_quoted(value)}" for name, value in parameters)


def _text(value: str | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value

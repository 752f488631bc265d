"""A query string as it was really sent: the guide's parameters, and what is wrong with them.

Written from the guide and RFC 3986 alone, and shared with no sender: a parser that had its
percent-encoding from the same hand would agree with that hand's mistakes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

NAMES = (
    "ServiceId",
    "Username",
    "Password",
    "Source",
    "Destination",
    "Userdata",
    "UserdataHeader",
    "ReferenceId",
    "Tariff",
    "Vat",
    "ChargeOnly",
    "Async",
)
_BY_FOLDED = {name.lower(): name for name in NAMES}
_MASK = "***"
_HARMLESS = re.compile("[A-Za-z][A-Za-z0-9_.-]{0,30}")
# Referer holds a whole URL, and so the query of a request that a browser made before.
_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "referer"})
_OCTET = re.compile(rb"%([0-9A-Fa-f]{2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """The parameters of one request.

    `values` are decoded and stand under the guide's names. `faults` say of a parameter how it is
    wrongly written: it is then not in `values`. `remarks` are about what the guide does not know.
    """

    values: dict[str, str]
    faults: dict[str, str]
    remarks: tuple[str, ...]

    def shown(self) -> dict[str, str]:
        """Return what may be seen: every value but the password."""
        return {name: value for name, value in self.values.items() if name != "Password"}


def parse(raw: str) -> Query:
    """Read a raw query string; any text gives a Query."""
    values: dict[str, str] = {}
    faults: dict[str, str] = {}
    remarks: list[str] = []
    before = ""
    for pair in raw.split("&") if raw else ():
        written, _, raw_value = pair.partition("=")
        name = _BY_FOLDED.get(written.lower())
        if name is None:
            remarks.append(_unknown(written, after_password=before == "Password"))
            continue
        before = name
        if name in values or name in faults:
            values.pop(name, None)
            faults[name] = f"{name} is given more than once"
        elif written != name:
            faults[name] = f"{written} is spelt {name} in the guide"
        else:
            try:
                values[name] = _decode(raw_value)
            except ValueError as failure:
                faults[name] = f"{name} {failure}"
    return Query(values=values, faults=faults, remarks=tuple(dict.fromkeys(remarks)))


def masked(raw: str) -> str:
    """Return a raw query string as it may be seen: `***` for all that may be of the password.

    That is its value, and the values of what the guide does not know: the rest of a password whose
    '&' was not encoded looks like further parameters.
    """
    return "&".join(_masked(raw)) if raw else ""


def _masked(raw: str) -> Iterator[str]:
    after_password = False
    for pair in raw.split("&"):
        written, equals, _ = pair.partition("=")
        name = _BY_FOLDED.get(written.lower())
        if name is not None:
            after_password = name == "Password"
            yield f"{written}={_MASK}" if after_password else pair
        elif after_password or not _HARMLESS.fullmatch(written):
            yield _MASK
        else:
            yield f"{written}={_MASK}" if equals else written


def without_secrets(
    headers: Iterable[tuple[str, str]], query: Query, raw: str
) -> tuple[tuple[str, str], ...]:
    """Return headers as they may be seen: no credentials, and nothing that holds the password."""
    secrets = {query.values.get("Password", "")}
    secrets |= {
        value
        for name, _, value in (pair.partition("=") for pair in raw.split("&"))
        if name.lower() == "password"
    }
    secrets.discard("")
    return tuple(
        (name, _MASK)
        if name.lower() in _SECRET_HEADERS or any(secret in value for secret in secrets)
        else (name, value)
        for name, value in headers
    )


def _unknown(written: str, *, after_password: bool) -> str:
    if after_password:
        # It may be the rest of a password whose '&' was not encoded: it is not repeated.
        return "what follows Password is no parameter of the guide; is an '&' in it not %26?"
    if _HARMLESS.fullmatch(written):
        return f"the guide knows no parameter {written}"
    return "a parameter has a name that the guide does not know"


def _decode(raw: str) -> str:
    """Return a value without percent-encoding, `+` as a space, as servers read a query string.

    Raises ValueError whose message says what is wrong, and holds nothing of the value.
    """
    if not raw.isascii():
        raise ValueError("is not percent-encoded: a byte above 0x7F stands in the query")
    octets = raw.replace("+", " ").encode("ascii")
    if any(found[1] is None for found in _OCTET.finditer(octets)):
        raise ValueError("is not percent-encoded: a '%' has no two hexadecimal digits behind it")
    octets = _OCTET.sub(lambda found: bytes([int(found[1], 16)]), octets)
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8") from None

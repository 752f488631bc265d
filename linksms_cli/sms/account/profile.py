"""What a profile holds, and the account and settings that a command ends up with."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

Value = str | int | bool | tuple[str, ...]


class Key(StrEnum):
    """The keys of a profile, as the file, `config set` and `config show` spell them, in order."""

    BASE_URL = "base_url"
    SERVICE_ID = "service_id"
    USERNAME = "username"
    PASSWORD = "password"  # noqa: S105 - the key, not a password
    PASSWORD_COMMAND = "password_command"  # noqa: S105
    KEYRING = "keyring"
    SOURCE = "source"
    ALLOW_HTTP = "allow_http"
    CA_BUNDLE = "ca_bundle"
    ALLOWED_DESTINATIONS = "allowed_destinations"
    ASYNC = "async"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The values that one place holds, each checked; None where it does not hold one.

    `password_file` is known to the environment alone, `keyring` to the profile file alone.
    """

    base_url: str | None = None
    service_id: int | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    password_file: str | None = None
    password_command: str | None = None
    keyring: bool | None = None
    source: str | None = None
    allow_http: bool | None = None
    ca_bundle: str | None = None
    allowed_destinations: tuple[str, ...] | None = None
    async_: bool | None = None

    def held(self) -> dict[Key, Value]:
        """The keys that have a value here, in their order."""
        values = {key: getattr(self, _attribute(key)) for key in Key}
        return {key: value for key, value in values.items() if value is not None}

    def having(self, values: Mapping[Key, Value]) -> "Profile":
        """Return these values with others put in their place; each has been checked."""
        named: dict[str, Any] = {_attribute(key): value for key, value in values.items()}
        return replace(self, **named)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFile:
    """The profile file as it was read; without profiles where there is no such file.

    `path` is None where nobody looked for it, since the environment holds an account.
    """

    path: str | None = None
    default: str | None = None
    profiles: Mapping[str, Profile] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who sends, and through which gateway: whole, and from one place."""

    base_url: str
    service_id: int
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """An account, and everything else that its place says about how to send.

    `name` is the profile's, None for the environment. An empty `allowed_destinations` allows
    every number; `async_` None leaves the parameter out.
    """

    name: str | None
    account: Account
    source: str | None = None
    ca_bundle: str | None = None
    allowed_destinations: tuple[str, ...] = ()
    async_: bool | None = None


def _attribute(key: Key) -> str:
    return "async_" if key is Key.ASYNC else key.value

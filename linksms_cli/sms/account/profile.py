"""What a profile holds, and the account and settings that a command ends up with."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from linksms_cli.sms.account.guard import Guard
from linksms_cli.sms.account.keys import Key, Value

# What the profile file says once, for all profiles.
REQUIRE_PROFILE = "require_profile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How a place says to send, besides the account.

    `country` is where numbers without `+` are from; `async_` None leaves the parameter out.
    """

    source: str | None = None
    ca_bundle: str | None = None
    country: str | None = None
    async_: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile(Sending):
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
    allow_http: bool | None = None
    allowed_destinations: tuple[str, ...] | None = None

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
    `require_profile` says that nothing goes out unless --profile names a profile.
    """

    path: str | None = None
    default: str | None = None
    require_profile: bool = False
    profiles: Mapping[str, Profile] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who sends, and through which gateway: whole, and from one place."""

    base_url: str
    service_id: int
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Sending):
    """An account, and how its place says to send.

    `name` is the profile's, None for the environment; `is_default` says that it is the default
    profile, however it was chosen. A recipient must pass all `guards`.
    """

    name: str | None
    account: Account
    is_default: bool = False
    guards: tuple[Guard, ...] = ()


def _attribute(key: Key) -> str:
    return "async_" if key is Key.ASYNC else key.value

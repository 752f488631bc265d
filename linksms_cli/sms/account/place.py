"""The one place that an account comes from, and what it holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

from linksms_cli.sms.account.guard import Guard
from linksms_cli.sms.account.keys import Key
from linksms_cli.sms.account.profile import Account, Profile, Sending, Settings


class Kind(StrEnum):
    """In which way a place gives the password."""

    VALUE = "value"
    FILE = "file"
    COMMAND = "command"
    KEYRING = "keyring"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordSource:
    """How to come by the password: itself, a path, a command, or the user of a keyring entry."""

    kind: Kind
    text: str = field(repr=False)
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The one place that an account comes from, its gaps filled, its password still to be fetched.

    `name` is the profile's, None for the environment. `origins` says for each key that has a value
    where it came from: a variable, or a profile. A recipient must pass all `guards`. `notices` are
    for stderr, and so are `warnings`, of what is set and has no effect.
    """

    name: str | None
    file: str | None
    is_default: bool = False
    values: Profile
    origins: Mapping[Key, str]
    guards: tuple[Guard, ...] = ()
    notices: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def password_source(self) -> PasswordSource | None:
        """How to come by the password; None where the place does not say."""
        values = self.values
        ways: tuple[tuple[Kind, Key, str | None], ...] = (
            (Kind.VALUE, Key.PASSWORD, values.password),
            (Kind.FILE, Key.PASSWORD, values.password_file),
            (Kind.COMMAND, Key.PASSWORD_COMMAND, values.password_command),
            (Kind.KEYRING, Key.KEYRING, keyring_user(values) if values.keyring else None),
        )
        for kind, key, text in ways:
            if text is not None:
                return PasswordSource(kind=kind, text=text, origin=self.origins[key])
        return None

    @property
    def missing(self) -> tuple[Key, ...]:
        """The parts of an account that the place does not hold."""
        held = {
            Key.BASE_URL: self.values.base_url is not None,
            Key.SERVICE_ID: self.values.service_id is not None,
            Key.USERNAME: self.values.username is not None,
            Key.PASSWORD: self.password_source is not None,
        }
        return tuple(key for key, there in held.items() if not there)


def settings(place: Place, password: str) -> Settings:
    """Join a complete place and the password that was fetched for it."""
    values = place.values
    if values.base_url is None or values.service_id is None or values.username is None:
        raise AssertionError("a place is checked with complete() first")
    return Settings(
        name=place.name,
        account=Account(
            base_url=values.base_url,
            service_id=values.service_id,
            username=values.username,
            password=password,
        ),
        is_default=place.is_default,
        guards=place.guards,
        **{one.name: getattr(values, one.name) for one in fields(Sending)},
    )


def keyring_user(values: Profile) -> str:
    """Return the keyring entry's name: the account's, so that no other gets its password."""
    return f"{values.service_id}/{values.username}@{values.base_url}"

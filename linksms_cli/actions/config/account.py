"""Find the account to send with: choose its place, and fetch its password from there."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from linksms_cli.adapters.profiles import password_file, reading
from linksms_cli.errors import ConfigurationError
from linksms_cli.sms import secret
from linksms_cli.sms.account import choice
from linksms_cli.sms.account.keys import Key
from linksms_cli.sms.account.place import Kind, PasswordSource, Place, settings
from linksms_cli.sms.account.profile import Settings


class Found(NamedTuple):
    """The settings to send with, and what to say about them on stderr."""

    settings: Settings
    notices: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def find_account(
    profile: str | None,
    environ: Mapping[str, str],
    *,
    tell: Callable[[str], None] = lambda _waiting: None,
) -> Found:
    """Return the account that the option, the environment and the profile file lead to.

    `tell` is told what is waited for, should the password be long in coming.

    Raises ConfigurationError: none, part of one, two to choose from, or no password to be had.
    """
    place = find_place(profile, environ)
    source = choice.complete(place)
    password, said = fetch_password(source, environ, tell)
    warnings = list(place.warnings)
    if doubt := secret.doubt(password):
        warnings.append(f"the password of {source.origin} {doubt}")
    return Found(
        settings=settings(place, password),
        notices=(*place.notices, *said),
        warnings=tuple(warnings),
    )


def find_place(profile: str | None, environ: Mapping[str, str]) -> Place:
    """Return the place the account comes from, which may be incomplete; no password is fetched.

    Raises ConfigurationError.
    """
    if choice.needs_file(profile, environ):
        file = reading.read(reading.locate(environ))
    else:
        file = reading.read_for_environment(environ)
    return choice.choose(profile, environ, file)


def find_country(profile: str | None, environ: Mapping[str, str]) -> str | None:
    """Return the country that the account's place names; None if it names none. No password is
    fetched.

    Raises ConfigurationError if there is no such place, and yet the environment names a country.
    """
    try:
        return find_place(profile, environ).values.country
    except ConfigurationError:
        if environ.get(Key.COUNTRY.variable):
            raise
        return None


def fetch_password(
    source: PasswordSource,
    environ: Mapping[str, str],
    tell: Callable[[str], None] = lambda _waiting: None,
) -> tuple[str, tuple[str, ...]]:
    """Return the password, and the lines that fetching it had to say; `tell` is told of a wait.

    Raises ConfigurationError: it is not to be had where its place says.
    """
    match source.kind:
        case Kind.VALUE:
            return source.text, ()
        case Kind.FILE:
            return password_file.from_file(source.text, source.origin), ()
        case Kind.COMMAND:
            from linksms_cli.adapters.passwords.command import from_command

            password, said = from_command(source.text, source.origin, environ, tell=tell)
            return password, (f"password_command: {said}",) if said else ()
        case Kind.KEYRING:
            from linksms_cli.adapters.passwords.keyring import from_keyring

            return from_keyring(source.text, source.origin), ()

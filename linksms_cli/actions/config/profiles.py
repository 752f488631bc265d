"""Keep profiles: read and change them, choose the default, put passwords where they belong."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from linksms_cli.adapters.passwords import keyring
from linksms_cli.adapters.profiles import reading, writing
from linksms_cli.errors import ConfigurationError, UsageError
from linksms_cli.sms.account import base_url, edits
from linksms_cli.sms.account.choice import find_profile, stored
from linksms_cli.sms.account.edits import Edit, Edited
from linksms_cli.sms.account.keys import Key
from linksms_cli.sms.account.place import keyring_user
from linksms_cli.sms.account.profile import Profile, ProfileFile
from linksms_cli.sms.value import InvalidValueError


def locate(environ: Mapping[str, str]) -> Path:
    """Return the path of the profile file, which need not exist.

    Raises ConfigurationError if there is no place for one.
    """
    return reading.locate(environ)


def read(environ: Mapping[str, str]) -> ProfileFile:
    """Return what the profile file holds.

    Raises ConfigurationError if it cannot be used.
    """
    return reading.read(reading.locate(environ))


def keyring_is_usable() -> bool:
    """Return whether this system has a keyring, and the library for it is installed."""
    return keyring.keyring_is_usable()


def check_command(edit: Edit, environ: Mapping[str, str]) -> None:
    """Check that a password_command can be run as it is written, before anything is asked or kept.

    Raises UsageError.
    """
    command = edit.values.get(Key.PASSWORD_COMMAND)
    if command is None:
        return
    from linksms_cli.adapters.passwords.command import words_of

    try:
        words_of(str(command), environ)
    except InvalidValueError as wrong:
        message = f"{Key.PASSWORD_COMMAND} {wrong.problem}"
        raise UsageError(message, wrong.hint) from None


def change(edit: Edit, environ: Mapping[str, str]) -> Edited:
    """Make an edit of one profile, and make the profile if there is none of that name.

    Raises ConfigurationError: the file or the keyring cannot be used.
    """
    path = reading.locate(environ)
    before = Profile()
    created = False

    def apply(file: ProfileFile) -> ProfileFile:
        nonlocal before, created
        created = edit.name not in file.profiles
        before = file.profiles.get(edit.name, Profile())
        after = _store_password(edit, before, edits.apply(edit, before))
        return edits.put(file, edit.name, after)

    file = writing.edit(path, apply)
    after = file.profiles[edit.name]
    return Edited(
        name=edit.name,
        file=str(path),
        created=created,
        is_default=file.default == edit.name,
        changed=tuple(key for key in Key if before.held().get(key) != after.held().get(key)),
        missing=tuple(
            key
            for key in Key
            if key in stored(edit.name, file).missing or key in edits.missing(edit, before)
        ),
        warnings=_warnings(before, after, password_given=edit.password is not None),
    )


def use(name: str, environ: Mapping[str, str]) -> ProfileFile:
    """Make a profile the default.

    Raises ConfigurationError: there is none of that name, or the file cannot be used.
    """
    return writing.edit(reading.locate(environ), lambda file: edits.use(file, name))


def remove(name: str, environ: Mapping[str, str]) -> ProfileFile:
    """Take a profile out, and its password out of the keyring if no other profile needs it there.

    Raises ConfigurationError: there is none of that name, or the file or the keyring cannot be
    used.
    """
    forgotten: list[tuple[str, str]] = []

    def apply(file: ProfileFile) -> ProfileFile:
        gone = find_profile(name, file)
        after = edits.remove(file, name)
        others = [one for one in after.profiles.values() if one.keyring]
        if gone.keyring and not any(edits.same_account(gone, one) for one in others):
            user = keyring_user(gone)
            if (password := keyring.forget_in_keyring(user)) is not None:
                forgotten.append((user, password))
        return after

    try:
        return writing.edit(reading.locate(environ), apply)
    except BaseException:
        # The profile is still there, and so must be its password: nobody else may have it.
        for user, password in forgotten:
            keyring.keep_in_keyring(user, password)
        raise


def _store_password(edit: Edit, before: Profile, after: Profile) -> Profile:
    """Put the password into the keyring where it belongs there, else into the profile."""
    if not after.keyring:
        return after if edit.password is None else replace(after, password=edit.password)
    # A password that lay in the file moves along.
    password = edit.password or before.password
    if password is not None:
        lacking = [key for key in edits.missing(edit, before) if key is not Key.PASSWORD]
        if lacking:
            message = f"the keyring keeps a password under its account: no {', '.join(lacking)} yet"
            raise ConfigurationError(message, "Set it first, or in the same command.")
        keyring.keep_in_keyring(keyring_user(after), password)
    return after


def _warnings(before: Profile, after: Profile, *, password_given: bool) -> tuple[str, ...]:
    said = []
    if password_given and after.password is not None:
        said.append(
            "the password is stored in plain text in the file; keyring=true or "
            "password_command=... keep it elsewhere"
        )
    if before.password is not None and after.password is None:
        said.append("the password was removed from the file")
    moved_on = not edits.same_account(before, after)
    if after.keyring and before.keyring and moved_on and not password_given:
        said.append("the account changed, and the keyring has no password for the new one yet")
    url = after.base_url
    if url and not base_url.parts(url).is_safe and not after.allow_http:
        said.append(f"{url} is plain HTTP: it is refused unless allow_http=true")
    return tuple(said)

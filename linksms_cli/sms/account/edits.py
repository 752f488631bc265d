"""An edit of the profiles: read from the command line, and applied to what the file holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from linksms_cli.errors import UsageError
from linksms_cli.sms.account.choice import find_profile
from linksms_cli.sms.account.keys import BY_WORD, Key, Value, is_name
from linksms_cli.sms.account.profile import REQUIRE_PROFILE, Profile, ProfileFile
from linksms_cli.sms.text.decoding import visible
from linksms_cli.sms.value import InvalidValueError

# A profile has one of them; a new one takes the others' place.
_WAYS_TO_A_PASSWORD = (Key.PASSWORD, Key.PASSWORD_COMMAND, Key.KEYRING)
# Whose password it is: under another of these the keyring holds another one.
_IDENTITY = (Key.BASE_URL, Key.SERVICE_ID, Key.USERNAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What `config set` is to change in one profile; a password that was given is apart."""

    name: str
    values: Mapping[Key, Value] = field(default_factory=dict)
    removed: tuple[Key, ...] = ()
    password: str | None = field(default=None, repr=False)

    def __bool__(self) -> bool:
        """Whether there is anything to change."""
        return bool(self.values or self.removed or self.password)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What became of a profile.

    `changed` holds the keys that have another value now, or none; `missing` those that a whole
    account still needs.
    """

    name: str
    file: str
    created: bool
    is_default: bool
    changed: tuple[Key, ...]
    missing: tuple[Key, ...]
    warnings: tuple[str, ...]


def read_edit(name: str, words: Sequence[str]) -> Edit:
    """Read an edit from its name and KEY=VALUE words; `KEY=` removes the key.

    Raises UsageError. No word is quoted that may hold a password.
    """
    if not is_name(name):
        message = f"'{visible(name)}' is not a valid profile name"
        raise UsageError(message, "Use the letters A-Z a-z, digits, _ and -.")
    values: dict[Key, Value] = {}
    removed: list[Key] = []
    for word in words:
        key, text = _read_word(name, word)
        if key in values or key in removed:
            raise UsageError(f"{key} is given twice", "Give each key once.")
        if not text:
            removed.append(key)
            continue
        try:
            values[key] = key.form.from_text(text)
        except InvalidValueError as wrong:
            raise UsageError(f"{key} {wrong.problem}", wrong.hint) from None
    if len(ways := [key for key in _WAYS_TO_A_PASSWORD if values.get(key)]) > 1:
        raise UsageError(f"both {' and '.join(ways)} are given", "A password comes from one place.")
    return Edit(name=name, values=values, removed=tuple(removed))


def with_password(edit: Edit, password: str) -> Edit:
    """Return the edit with the password that was typed or piped in.

    Raises UsageError if it cannot be one, or has another place already.
    """
    if Key.PASSWORD in edit.removed:
        message = "password= removes a password, and one is given"
        raise UsageError(message, "Leave one of them out.")
    if Key.PASSWORD_COMMAND in edit.values:
        message = "both a password and password_command are given"
        raise UsageError(message, "A password comes from one place.")
    try:
        checked = str(Key.PASSWORD.form.from_text(password))
    except InvalidValueError as wrong:
        raise UsageError(f"the password {wrong.problem}", wrong.hint) from None
    return replace(edit, password=checked)


def apply(edit: Edit, profile: Profile) -> Profile:
    """Return the profile as it is after the edit, but for a password that was given apart."""
    held = {key: value for key, value in profile.held().items() if key not in edit.removed}
    new_way = next((key for key in _WAYS_TO_A_PASSWORD if edit.values.get(key)), None)
    if new_way is not None or edit.password is not None:
        kept = new_way or (Key.KEYRING if profile.keyring else Key.PASSWORD)
        held = {
            key: value
            for key, value in held.items()
            if key not in _WAYS_TO_A_PASSWORD or key is kept
        }
    return Profile().having(held | dict(edit.values))


def missing(edit: Edit, profile: Profile) -> tuple[Key, ...]:
    """Return the parts of an account that the profile will lack, but for those removed on purpose.

    A keyring password counts as missing once the account changes, because its entry belongs to the
    old one.
    """
    after = apply(edit, profile)
    held = after.held()
    lacking = [key for key in _IDENTITY if key not in held]
    if edit.password is None and not _has_password(after, profile):
        lacking.append(Key.PASSWORD)
    return tuple(key for key in lacking if key not in edit.removed)


def _has_password(after: Profile, before: Profile) -> bool:
    if not after.keyring:
        return after.password is not None or after.password_command is not None
    moves_in = before.password is not None
    stays = before.keyring is True and same_account(after, before)
    return moves_in or stays


def same_account(one: Profile, other: Profile) -> bool:
    """Return whether two profiles are of one account, and so of one password."""
    return all(one.held().get(key) == other.held().get(key) for key in _IDENTITY)


def put(file: ProfileFile, name: str, profile: Profile) -> ProfileFile:
    """Return the file with a profile put in; the first one becomes the default."""
    default = file.default if file.profiles else name
    return replace(file, default=default, profiles={**file.profiles, name: profile})


def use(file: ProfileFile, name: str) -> ProfileFile:
    """Return the file with another default.

    Raises ConfigurationError if there is no such profile.
    """
    find_profile(name, file)
    return replace(file, default=name)


def remove(file: ProfileFile, name: str) -> ProfileFile:
    """Return the file without a profile; if it was the default, there is none until one is chosen.

    Raises ConfigurationError if there is no such profile.
    """
    find_profile(name, file)
    kept = {other: profile for other, profile in file.profiles.items() if other != name}
    return replace(file, default=None if file.default == name else file.default, profiles=kept)


def _read_word(name: str, word: str) -> tuple[Key, str]:
    typed, equals, text = word.partition("=")
    named, colon, _ = typed.partition(":")  # as in other files: behind it may be a password
    if named.strip().lower() == Key.PASSWORD and (text or colon or not equals):
        message = "do not pass the password as an argument: other users could see it"
        hint = (
            f"Leave it out and 'linksms config set {name}' asks for it, "
            "or pipe one line in with --password-stdin."
        )
        raise UsageError(message, hint)
    if not equals:
        raise UsageError(f"'{visible(named)}' is not KEY=VALUE", f"Keys: {', '.join(Key)}.")
    if typed not in BY_WORD:
        if typed == REQUIRE_PROFILE:
            message = f"{REQUIRE_PROFILE} is not a key of one profile"
            hint = "Write it at the top of the profile file ('linksms config path'): {} = true."
            raise UsageError(message, hint.format(REQUIRE_PROFILE))
        close = get_close_matches(named, list(Key), n=1)
        hint = f"Did you mean {close[0]}?" if close else f"Keys: {', '.join(Key)}."
        raise UsageError(f"unknown key '{visible(named)}'", hint)
    return BY_WORD[typed], text

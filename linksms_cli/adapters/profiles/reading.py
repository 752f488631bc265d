"""The profile file: where it lies, and what it holds, each value checked."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from linksms_cli.adapters.profiles import files
from linksms_cli.errors import ConfigurationError
from linksms_cli.sms import paths
from linksms_cli.sms.account.keys import BY_WORD, Key, Value, is_name
from linksms_cli.sms.account.profile import REQUIRE_PROFILE, Profile, ProfileFile
from linksms_cli.sms.text.decoding import visible
from linksms_cli.sms.value import InvalidValueError

VERSION = 1

_LONGEST = 1 << 20
_ANOTHER = "Set LINKSMS_CONFIG to another file."
_WHAT_IT_IS = "'linksms config set' writes such a file; compare, or move this one aside."


def locate(environ: Mapping[str, str]) -> Path:
    """Return the path of the profile file: LINKSMS_CONFIG, else where this system keeps such files.

    Raises ConfigurationError: the variable names no path, or there is no home folder.
    """
    named = paths.from_variable("LINKSMS_CONFIG", environ, Path.cwd)
    if named is not None:
        return named

    def find() -> Path:
        import platformdirs

        return platformdirs.user_config_path(paths.OURS, appauthor=False)

    folder = paths.own_folder(
        ("XDG_CONFIG_HOME", ".config"),
        environ,
        find,
        lacking="no place for a profile file",
        remedy="Set LINKSMS_CONFIG to a file, or use the account variables (LINKSMS_BASE_URL, …).",
    )
    return folder / "config.toml"


def read_for_environment(environ: Mapping[str, str]) -> ProfileFile:
    """Return what the profile file says of an account that is not in it: that it requires -p.

    A file that is not there, or that this user cannot read, says nothing; one without that word is
    not even parsed. Raises ConfigurationError: LINKSMS_CONFIG names no path, or what stands in the
    file cannot be read.
    """
    try:
        path = locate(environ)
        raw = files.read(path, most=_LONGEST, pipe_seconds=0, by_us=True).raw
    except ConfigurationError:
        if environ.get("LINKSMS_CONFIG"):
            raise
        return ProfileFile()
    except OSError:
        return ProfileFile()
    if REQUIRE_PROFILE.encode() not in raw:
        return ProfileFile()
    file = parse(path, raw.decode("utf-8-sig", "replace"))
    return ProfileFile(path=str(path), require_profile=file.require_profile)


def read(path: Path) -> ProfileFile:
    """Read the profile file; one that is not there holds no profiles.

    Raises ConfigurationError: it cannot be read, others can read a password in it, it is not TOML,
    a newer version wrote it, a key or a value in it is wrong.
    """
    file, _ = read_with_text(path)
    return file


def mode_of(path: Path) -> int | None:
    """Return the permissions of the profile file, None where it is not there."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None


def read_with_text(path: Path) -> tuple[ProfileFile, str | None]:
    """Read the profile file as `read` does; return its text too, None where it is not there."""
    text, mode = _read_text(path)
    file = parse(path, text or "")
    _refuse_open_file(path, mode, file)
    return file, text


def _read_text(path: Path) -> tuple[str | None, int]:
    try:
        raw, mode = files.read(path, most=_LONGEST, by_us=True)
    except FileNotFoundError:
        return None, 0
    except OSError as failure:
        message = f"the profile file {path} cannot be read: {failure.strerror}"
        raise ConfigurationError(message, _ANOTHER) from None
    if len(raw) > _LONGEST:
        message = f"{path} is longer than {_LONGEST >> 20} MiB: it is not a profile file"
        raise ConfigurationError(message, _ANOTHER)
    try:
        return raw.decode("utf-8-sig"), mode
    except UnicodeDecodeError as failure:
        line = failure.object.count(b"\n", 0, failure.start) + 1
        message = f"{path} is not UTF-8 (line {line}): byte 0x{failure.object[failure.start]:02x}"
        raise ConfigurationError(message, "Save it as UTF-8.") from None


def parse(path: Path, text: str) -> ProfileFile:
    """Read the text of a profile file, each value checked.

    Raises ConfigurationError that says where (line and column) reading stopped, or what is wrong.
    """
    import tomllib

    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as failure:
        message = f"{path} is not TOML: {visible(str(failure))}"
        raise ConfigurationError(message, "Correct that line, or move the file aside.") from None
    except RecursionError:
        raise ConfigurationError(f"{path} is nested too deeply", _WHAT_IT_IS) from None
    except ValueError:  # Python's own limit for the digits of a number
        raise ConfigurationError(
            f"{path} contains a number that is too long", _WHAT_IT_IS
        ) from None
    return _checked(path, tree)


def _refuse_open_file(path: Path, mode: int, file: ProfileFile) -> None:
    if os.name == "nt":  # the mode says nothing there: access is by lists
        return
    remedy = f"Run: chmod 600 '{path}'"
    profiles = file.profiles.values()
    if any(one.password is not None for one in profiles) and mode & (stat.S_IRGRP | stat.S_IROTH):
        message = f"{path} holds a password, and others can read it (mode {mode & 0o777:04o})"
        raise ConfigurationError(message, f"{remedy} (and change the password if they did).")
    # Who can write the file can send the password to a gateway of their own, wherever it is kept.
    if any(_finds_a_password(one) for one in profiles) and mode & (stat.S_IWGRP | stat.S_IWOTH):
        permissions = f"mode {mode & 0o777:04o}"
        message = (
            f"{path} decides where a password is sent, and others can write it ({permissions})"
        )
        raise ConfigurationError(message, f"{remedy}.")


def _finds_a_password(profile: Profile) -> bool:
    return bool(profile.password or profile.password_command or profile.keyring)


def _checked(path: Path, tree: Mapping[str, Any]) -> ProfileFile:
    version = tree.get("version", VERSION)
    if not isinstance(version, int) or not 0 < version < 1000:
        raise ConfigurationError(f"version in {path} must be {VERSION}", _WHAT_IT_IS)
    if version > VERSION:
        message = f"{path} was written by a newer linksms (version {version})"
        raise ConfigurationError(message, "Update linksms, or set LINKSMS_CONFIG to another file.")
    _refuse_unknown(tree, ("version", "default", REQUIRE_PROFILE, "profiles"), str(path))
    tables = tree.get("profiles", {})
    if not isinstance(tables, dict):
        raise ConfigurationError(f"profiles in {path} must be tables", "Write [profiles.NAME].")
    profiles = {name: _profile(path, name, table) for name, table in tables.items()}
    default = tree.get("default")
    if default is not None and not isinstance(default, str):
        raise ConfigurationError(f"default in {path} must be a string", "Write it in quotes.")
    require_profile = tree.get(REQUIRE_PROFILE, False)
    if not isinstance(require_profile, bool):
        message = f"{REQUIRE_PROFILE} in {path} must be true or false"
        raise ConfigurationError(message, "Write it without quotes.")
    return ProfileFile(
        path=str(path), default=default, require_profile=require_profile, profiles=profiles
    )


def _profile(path: Path, name: str, table: object) -> Profile:
    where = f"profile '{visible(name)}' in {path}"
    if not is_name(name):
        raise ConfigurationError(f"{where} has an invalid name", "Use A-Z a-z 0-9 _ and -.")
    if not isinstance(table, dict):
        raise ConfigurationError(f"{where} must be a table", f"Write [profiles.{name}].")
    _refuse_unknown(table, tuple(Key), where)
    values: dict[Key, Value] = {}
    for word, value in table.items():
        try:
            key = BY_WORD[word]
            values[key] = key.form.from_toml(value)
        except InvalidValueError as wrong:
            raise ConfigurationError(f"{word} of {where} {wrong.problem}", wrong.hint) from None
    profile = Profile().having(values)
    _refuse_two_passwords(where, profile)
    return profile


def _refuse_two_passwords(where: str, profile: Profile) -> None:
    sources = [Key.PASSWORD, Key.PASSWORD_COMMAND, *([Key.KEYRING] if profile.keyring else [])]
    there = [key for key in sources if key in profile.held()]
    if len(there) > 1:
        message = f"{where} has {' and '.join(there)}"
        raise ConfigurationError(message, "Keep one: a password comes from one place.")


def _refuse_unknown(table: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for word in table:
        if word not in known:
            from difflib import get_close_matches

            close = get_close_matches(word, known, n=1)
            hint = f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."
            raise ConfigurationError(f"unknown key '{visible(word)}' in {where}", hint)

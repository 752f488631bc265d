"""Where an account comes from: whole, and from one place, chosen by one pure function."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from linksms_cli.errors import ConfigurationError
from linksms_cli.sms import paths
from linksms_cli.sms.account import base_url, guard
from linksms_cli.sms.account.guard import Guard
from linksms_cli.sms.account.keys import Beside, Key, Value
from linksms_cli.sms.account.place import PasswordSource, Place
from linksms_cli.sms.account.profile import REQUIRE_PROFILE, Profile, ProfileFile
from linksms_cli.sms.text.decoding import visible
from linksms_cli.sms.value import InvalidValueError

PROFILE_VARIABLE = "LINKSMS_PROFILE"
PASSWORD_FILE_VARIABLE = "LINKSMS_PASSWORD_FILE"  # noqa: S105 - its name

_WITH_VARIABLE = tuple(key for key in Key if key.variable)
# Any of them set means that the environment holds the account.
ACCOUNT_VARIABLES = (
    *(key.variable for key in _WITH_VARIABLE if key.beside is Beside.NOT_READ),
    PASSWORD_FILE_VARIABLE,
)

_MAKE_ONE = (
    "Create one with 'linksms config set NAME', or try it without: "
    'linksms send --sandbox -t +99955501234 -f LINK "Hello".'
)


def needs_file(option: str | None, environ: Mapping[str, str]) -> bool:
    """Return whether `choose` reads the profile file: an account in the environment needs none."""
    return option is not None or not _account_variables(environ)


def choose(option: str | None, environ: Mapping[str, str], file: ProfileFile) -> Place:
    """Choose the one place that the account comes from.

    `option` is what --profile names. It may be incomplete: `complete` judges that. Its paths are
    whole: `~` is replaced.

    Raises ConfigurationError: no place at all, two places to choose from, an unknown profile, a
    variable of the wrong form.
    """
    return _guarded(_with_whole_paths(_choose(option, environ, file), environ), environ)


def _guarded(place: Place, environ: Mapping[str, str]) -> Place:
    """Return a place with its own guard and that of the environment, whatever chose it."""
    guards = tuple(guard.of_environment(environ))
    own = place.values.allowed_destinations
    if place.name is not None and own is not None:
        origin = place.origins[Key.ALLOWED_DESTINATIONS]
        guards = (Guard(origin=origin, allowed=own), *guards)
    return replace(place, guards=guards)


def _with_whole_paths(place: Place, environ: Mapping[str, str]) -> Place:
    bundle = place.values.ca_bundle
    if bundle is None:
        return place
    try:
        whole = str(paths.read(bundle, environ))
    except InvalidValueError as wrong:
        message = f"ca_bundle of {place.origins[Key.CA_BUNDLE]} {wrong.problem}"
        raise ConfigurationError(message, wrong.hint) from None
    return replace(place, values=replace(place.values, ca_bundle=whole))


def _choose(option: str | None, environ: Mapping[str, str], file: ProfileFile) -> Place:
    set_here = _account_variables(environ)
    if option is not None:
        notices: tuple[str, ...] = ()
        if set_here:
            passed_over = f"{_listed(set_here)} in the environment ignored"
            notices = (f"profile '{option}' is used: {passed_over}",)
        return _from_file(option, environ, file, notices)
    if file.require_profile:
        message = f"no profile is named, and {file.path} says {REQUIRE_PROFILE} = true"
        raise ConfigurationError(message, f"Name one with -p{_of(file)}.")
    named = environ.get(PROFILE_VARIABLE, "").strip()
    if set_here and named:
        message = f"the environment sets an account ({', '.join(set_here)}) and {PROFILE_VARIABLE}"
        hint = (
            f"Choose one: unset {PROFILE_VARIABLE}, unset the others, or give -p {visible(named)}."
        )
        raise ConfigurationError(message, hint)
    if set_here:
        return _from_environment(environ)
    if named:
        find_profile(named, file, named_by=PROFILE_VARIABLE)
        return _from_file(named, environ, file, ())
    if file.default is not None:
        return _from_file(file.default, environ, file, ())
    if file.profiles:
        message = f"no profile is the default in {file.path}"
        hint = f"Known: {', '.join(sorted(file.profiles))}. Choose with 'linksms config use NAME'."
        raise ConfigurationError(message, hint)
    message = f"no account: the environment sets none, and there is no profile in {file.path}"
    raise ConfigurationError(message, _MAKE_ONE)


def _of(file: ProfileFile) -> str:
    return f": {', '.join(sorted(file.profiles))}" if file.profiles else ""


def stored(name: str, file: ProfileFile) -> Place:
    """Return what the file holds of a profile, without what the environment would fill in.

    Raises ConfigurationError if there is no such profile.
    """
    return _guarded(_from_file(name, {}, file, ()), {})


def complete(place: Place) -> PasswordSource:
    """Check that a place holds a whole account that may be used; return how to get its password.

    Raises ConfigurationError that names what is missing and where it was looked for.
    """
    source = place.password_source
    if place.missing or source is None:
        raise _incomplete(place)
    url = place.values.base_url
    if url and not place.values.allow_http and not base_url.parts(url).is_safe:
        message = f"the base URL {url} is plain HTTP: anyone on the way could read the password"
        remedy = (
            "set LINKSMS_ALLOW_HTTP=true"
            if place.name is None
            else f"run 'linksms config set {place.name} allow_http=true'"
        )
        raise ConfigurationError(message, f"Use https://, or {remedy}.")
    return source


def find_profile(name: str, file: ProfileFile, *, named_by: str | None = None) -> Profile:
    """Return a profile by its name, which a variable may have given.

    Raises ConfigurationError that names the known ones.
    """
    if name in file.profiles:
        return file.profiles[name]
    message = f"no profile '{visible(name)}' in {file.path}"
    if named_by:
        message = f"{named_by}: {message}"
    if file.profiles:
        from difflib import get_close_matches

        near = get_close_matches(name, file.profiles, n=1)
        meant = f"Did you mean {near[0]}? " if near else ""
        raise ConfigurationError(message, f"{meant}Known: {', '.join(sorted(file.profiles))}.")
    raise ConfigurationError(
        message, "There is none yet; create one with 'linksms config set NAME'."
    )


def _account_variables(environ: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name for name in ACCOUNT_VARIABLES if environ.get(name))


def _from_file(
    name: str, environ: Mapping[str, str], file: ProfileFile, notices: tuple[str, ...]
) -> Place:
    values = find_profile(name, file)
    held = values.held()
    origins = dict.fromkeys(held, f"profile '{name}'")
    gaps = [key for key in Key if key.beside is Beside.FILLS and key not in held]
    filled = _read_variables(gaps, environ)
    origins |= {key: key.variable for key in filled}
    unused = [key for key in Key if key.beside is Beside.UNUSED and environ.get(key.variable)]
    return Place(
        name=name,
        file=file.path,
        is_default=name == file.default,
        values=values.having(filled),
        origins=origins,
        notices=notices,
        warnings=tuple(
            f"{key.variable} has no effect: profile '{name}' has its own settings" for key in unused
        ),
    )


def _from_environment(environ: Mapping[str, str]) -> Place:
    password_file = paths.from_variable(PASSWORD_FILE_VARIABLE, environ)
    if password_file and environ.get(Key.PASSWORD.variable):
        message = f"the environment sets {Key.PASSWORD.variable} and {PASSWORD_FILE_VARIABLE}"
        raise ConfigurationError(message, "Unset one of them.")
    held = _read_variables(_WITH_VARIABLE, environ)
    origins = {key: key.variable for key in held}
    if password_file:
        origins[Key.PASSWORD] = PASSWORD_FILE_VARIABLE
    values = Profile(password_file=str(password_file) if password_file else None).having(held)
    return Place(name=None, file=None, values=values, origins=origins)


def _read_variables(keys: Iterable[Key], environ: Mapping[str, str]) -> dict[Key, Value]:
    read: dict[Key, Value] = {}
    for key in keys:
        text = environ.get(key.variable)
        if text:
            try:
                read[key] = key.form.from_text(text)
            except InvalidValueError as wrong:
                raise ConfigurationError(f"{key.variable} {wrong.problem}", wrong.hint) from None
    return read


def _incomplete(place: Place) -> ConfigurationError:
    if place.name is None:
        names = [key.variable for key in place.missing]
        if Key.PASSWORD in place.missing:
            names[-1] += f" (or {PASSWORD_FILE_VARIABLE})"
        message = f"incomplete account in the environment: {_listed(names)} not set"
        hint = "Set what is missing, or unset the others and use a profile."
        return ConfigurationError(message, hint)
    message = f"incomplete account in profile '{place.name}': no {_listed(place.missing)}"
    hint = f"'linksms config set {place.name}' asks for what is missing."
    return ConfigurationError(f"{message} in {place.file}", hint)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

"""The questions of `config set` on a terminal: what an account lacks, each answer checked."""

from dataclasses import replace

import typer

from linksms_cli.actions.config import profiles as keep_profiles
from linksms_cli.output import Output
from linksms_cli.sms.account import base_url, edits
from linksms_cli.sms.account.edits import Edit
from linksms_cli.sms.account.keys import Key, Value
from linksms_cli.sms.account.profile import Profile, ProfileFile
from linksms_cli.sms.value import InvalidValueError

_ACCOUNT = (Key.BASE_URL, Key.SERVICE_ID, Key.USERNAME, Key.PASSWORD)
_QUESTIONS = {
    Key.BASE_URL: "Base URL, or its number",
    Key.SERVICE_ID: "ServiceId",
    Key.USERNAME: "Username",
    Key.PASSWORD: "Password (not shown)",
    Key.SOURCE: "Default sender, used without --from (Enter: none)",
}


def complete(edit: Edit, file: ProfileFile, output: Output) -> tuple[Edit, bool]:
    """Ask for what the profile will lack after the edit; return whether anything was asked.

    Where nothing was said on the command line and nothing lacks, every part of the account is
    asked for, and Enter keeps what is there. Ctrl-C leaves everything as it was.
    """
    profile = file.profiles.get(edit.name, Profile())
    keys = edits.missing(edit, profile)
    if not edit:
        if not keys:
            keys = tuple(key for key in _ACCOUNT if not _is_elsewhere(key, profile))
        keys += (Key.SOURCE,)
    if keys:
        output.hint(f"Profile {edit.name} in {file.path}. Ctrl-C stops without a change.")
    values = dict(edit.values)
    for key in keys:
        kept = profile.held().get(key)
        if key is Key.PASSWORD:
            edit = _ask_password(edit, output, may_keep=kept is not None)
        elif (answer := _ask(key, kept, output)) is not None:
            values[key] = answer
    edit = replace(edit, values=values)
    if edit.password and not edits.apply(edit, profile).keyring:
        edit = _choose_keyring(edit)
    return edit, bool(keys)


def _is_elsewhere(key: Key, profile: Profile) -> bool:
    return key is Key.PASSWORD and profile.password_command is not None


def _ask(key: Key, kept: Value | None, output: Output) -> Value | None:
    """Ask until the answer has the right form; None keeps what is there."""
    if key is Key.BASE_URL:
        output.hint("LINK assigns one of these to each account:")
        for number, url in enumerate(base_url.ASSIGNED, start=1):
            output.hint(f"  {number}  {url}")
    while True:
        default = "" if kept is None else str(kept)
        typed = typer.prompt(_QUESTIONS[key], default=default, show_default=bool(kept), err=True)
        typed = typed.strip()  # what comes with a paste
        if typed == default and (kept is not None or key is Key.SOURCE):
            return None
        if key is Key.BASE_URL and typed in map(str, range(1, len(base_url.ASSIGNED) + 1)):
            typed = base_url.ASSIGNED[int(typed) - 1]
        try:
            return key.form.from_text(typed)
        except InvalidValueError as wrong:
            output.hint(f"{key} {wrong.problem}. {wrong.hint or ''}".rstrip())


def _ask_password(edit: Edit, output: Output, *, may_keep: bool) -> Edit:
    question = f"{_QUESTIONS[Key.PASSWORD]}{' - Enter keeps it' if may_keep else ''}"
    while True:
        typed = typer.prompt(question, default="", show_default=False, hide_input=True, err=True)
        if not typed and may_keep:
            return edit
        try:
            Key.PASSWORD.form.from_text(typed)
        except InvalidValueError as wrong:
            output.hint(f"The password {wrong.problem}. {wrong.hint or ''}".rstrip())
        else:
            return replace(edit, password=typed)


def _choose_keyring(edit: Edit) -> Edit:
    if Key.KEYRING in edit.values or not keep_profiles.keyring_is_usable():
        return edit
    question = "Store the password in the system's keyring instead of the file?"
    if not typer.confirm(question, default=True, err=True):
        return edit
    return replace(edit, values={**edit.values, Key.KEYRING: True})

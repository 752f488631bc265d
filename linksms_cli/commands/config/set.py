"""`linksms config set`: create a profile or change it."""

import os
import sys
from typing import Annotated

import typer

from linksms_cli.actions.config import profiles as keep_profiles
from linksms_cli.commands import layout, options
from linksms_cli.commands.config import asking
from linksms_cli.commands.config.check import show_findings
from linksms_cli.commands.reading import read_stdin
from linksms_cli.errors import ExitCode, UsageError
from linksms_cli.output import Output
from linksms_cli.sms.account import edits
from linksms_cli.sms.text import decoding
from linksms_cli.views.config import edited as view

app = typer.Typer(**layout.APP)


@app.command(
    "set",
    cls=layout.Command,
    epilog="""
    linksms config set prod          # asks for what is missing
    linksms config set prod source=LINK allowed_destinations=+4670,+4672
    linksms config set prod source=  # removes the key
    linksms config set prod password_command="pass show linksms"
    linksms config set prod base_url=https://n-eu.linkmobility.io/smscsimplehttp \\
        service_id=12345 username=acme --password-stdin < secret.txt
    """,
)
def set_profile(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="The profile; created if it does not exist.")
    ],
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[KEY=VALUE]...",
            show_default=False,
            help="base_url, service_id, username, password_command, keyring, source, allow_http, "
            "ca_bundle, allowed_destinations (numbers or prefixes, comma-separated), country, "
            "async.",
        ),
    ] = None,
    *,
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin",
            help="Read the password from stdin (one line).",
            rich_help_panel="Password",
        ),
    ] = False,
    json: options.Json = False,
) -> int:
    """Create a profile, or change one.

    On a terminal it asks for what is missing. The first profile becomes the default. There is no
    option for the password, because other users could see it: it is asked for, or read from
    stdin. It is kept in the profile file, or with keyring=true in the system's keyring.
    """
    output = Output(json=json, acts=True)
    edit = edits.read_edit(name, words or ())
    keep_profiles.check_command(edit, os.environ)
    asked = False
    if password_stdin:
        edit = edits.with_password(edit, _read_password())
    elif not json and sys.stdin and sys.stdin.isatty() and sys.stdout.isatty():
        edit, asked = asking.complete(edit, keep_profiles.read(os.environ), output)
    if not edit and not asked:
        message = f"nothing to set in profile '{name}'"
        raise UsageError(message, "Give KEY=VALUE or --password-stdin, or run it on a terminal.")
    edited = keep_profiles.change(edit, os.environ)
    output.result(view.as_record(edited), view.as_text(edited))
    if still := view.as_missing(edited):
        output.hint(still)
    for warning in edited.warnings:
        output.warning(warning)
    if asked and typer.confirm("Check it now?", default=True, err=True):
        return show_findings(name, output)
    return ExitCode.DONE


def _read_password() -> str:
    if sys.stdin and sys.stdin.isatty():
        # Nothing is piped in: whoever types it now must not see it on the screen.
        return str(typer.prompt("Password (not shown)", hide_input=True, err=True))
    raw = read_stdin(sys.stdin.buffer if sys.stdin else None)
    return decoding.decode(raw, "the password on stdin")

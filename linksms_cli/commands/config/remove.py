"""`linksms config remove`: remove a profile."""

import os
from typing import Annotated

import typer

from linksms_cli.actions.config import profiles as keep_profiles
from linksms_cli.commands import consent, layout, options
from linksms_cli.errors import ExitCode
from linksms_cli.output import Output
from linksms_cli.sms.account.choice import stored
from linksms_cli.views.config import profile as view

app = typer.Typer(**layout.APP)


@app.command(
    cls=layout.Command,
    epilog="""
    linksms config remove test
    linksms config remove test --yes
    """,
)
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The profile to remove.")],
    *,
    yes: Annotated[
        bool, typer.Option("-y", "--yes", help="Do not ask.", rich_help_panel="Safety")
    ] = False,
    json: options.Json = False,
) -> int:
    """Remove a profile.

    If its password is in the system's keyring, it is removed there too. On a terminal it asks
    before a password is lost.
    """
    output = Output(json=json, acts=True)
    place = stored(name, keep_profiles.read(os.environ))
    loses_a_password = place.values.password is not None or place.values.keyring
    if loses_a_password and not yes and not consent.given(view.question(place)):
        output.hint("Nothing was removed.")
        return ExitCode.FAILED
    file = keep_profiles.remove(name, os.environ)
    record = {"name": name, "removed": True, "default": file.default, "file": file.path}
    output.result(record, f"Profile {name} removed.")
    if file.default is None and file.profiles:
        output.hint("No profile is the default now; choose one: linksms config use NAME")
    return ExitCode.DONE

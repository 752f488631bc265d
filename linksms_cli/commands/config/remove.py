"""`linksms config remove`: remove a profile."""

import os
from typing import Annotated

import typer

from linksms_cli.actions.config import profiles as keep_profiles
from linksms_cli.commands import layout, options
from linksms_cli.errors import ExitCode
from linksms_cli.output import Output

app = typer.Typer(**layout.APP)


@app.command(
    cls=layout.Command,
    epilog="""
    linksms config remove test
    """,
)
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The profile to remove.")],
    *,
    json: options.Json = False,
) -> int:
    """Remove a profile.

    If its password is in the system's keyring, it is removed there too.
    """
    output = Output(json=json, acts=True)
    file = keep_profiles.remove(name, os.environ)
    record = {"name": name, "removed": True, "default": file.default, "file": file.path}
    output.result(record, f"Profile {name} removed.")
    if file.default is None and file.profiles:
        output.hint("No profile is the default now; choose one: linksms config use NAME")
    return ExitCode.DONE

"""`linksms config use`: which profile is the default."""

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
    linksms config use test
    """,
)
def use(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The profile to use by default.")],
    *,
    json: options.Json = False,
) -> int:
    """Make a profile the default.

    It is used whenever neither --profile nor the environment names another account.
    """
    file = keep_profiles.use(name, os.environ)
    record = {"name": name, "default": True, "file": file.path}
    Output(json=json, acts=True).result(record, f"Profile {name} is the default now.")
    return ExitCode.DONE

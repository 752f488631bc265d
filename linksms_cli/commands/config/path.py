"""`linksms config path`: where the profile file is."""

import os
from contextlib import suppress

import typer

from linksms_cli.actions.config import profiles as keep_profiles
from linksms_cli.commands import layout, options
from linksms_cli.errors import ExitCode
from linksms_cli.output import Output

app = typer.Typer(**layout.APP)


@app.command(
    cls=layout.Command,
    epilog="""
    linksms config path
    $EDITOR "$(linksms config path)"
    """,
)
def path(*, json: options.Json = False) -> int:
    """Print the path of the profile file.

    The file may not exist yet.
    """
    file = keep_profiles.locate(os.environ)
    exists = False
    with suppress(OSError):  # nobody may look, or a name is too long for the system
        exists = file.exists()
    Output(json=json).result({"path": str(file), "exists": exists}, str(file))
    return ExitCode.DONE

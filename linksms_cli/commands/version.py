"""`linksms version`: what `linksms --version` shows, for those who look for a command."""

import typer

from linksms_cli import __version__
from linksms_cli.commands import layout
from linksms_cli.errors import ExitCode
from linksms_cli.output import Output

app = typer.Typer(**layout.APP)


@app.command(cls=layout.Command, hidden=True, epilog="linksms version")
def version() -> int:
    """Show the version."""
    Output().text(f"linksms {__version__}")
    return ExitCode.DONE

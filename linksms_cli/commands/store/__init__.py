"""`linksms store`: the store itself, one command a file."""

import typer

from linksms_cli.commands import layout
from linksms_cli.commands.store import info

app = typer.Typer(cls=layout.Group, no_args_is_help=True, **layout.APP)


@app.callback(
    epilog="""
    linksms store info  # where it is, and how much it holds
    """
)
def store() -> None:
    """Look after the store of messages, keys and reports."""


for command in (info,):
    app.add_typer(command.app)

"""`linksms store info`: where the store is, and how much it holds."""

import os

import typer

from linksms_cli.actions.store.looking import facts
from linksms_cli.commands import layout, options
from linksms_cli.commands.state import warn_of_store
from linksms_cli.errors import ExitCode
from linksms_cli.output import Output
from linksms_cli.views.store import info as view

app = typer.Typer(**layout.APP)


@app.command(
    cls=layout.Command,
    epilog="""
    linksms store info
    linksms store info --json | jq .has_receiver
    LINKSMS_STATE=postgresql://linksms@db.example.com/linksms linksms store info
    """,
)
def info(*, json: options.Json = False) -> int:
    """Show where the store is, its size, and how much it holds.

    A password in the address of a database is never shown.
    """
    output = Output(json=json)
    warn_of_store(output)
    found = facts(os.environ, output.warning)
    output.result(view.as_record(found), view.as_text(found))
    return ExitCode.DONE

"""`linksms store`: the store itself, one command a file."""

import typer

from linksms_cli.commands import layout
from linksms_cli.commands.store import check, copy, info, share

app = typer.Typer(cls=layout.Group, no_args_is_help=True, **layout.APP)


@app.callback(
    epilog="""
    linksms store info                                       # where, how much
    linksms store check                                      # is it sound?
    linksms store copy --to postgresql://linksms@db/linksms  # for many machines
    linksms store share sms                                  # for several users
    """
)
def store() -> None:
    """Look after the store of messages, keys and reports."""


for command in (info, check, copy, share):
    app.add_typer(command.app)

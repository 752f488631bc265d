"""`linksms config show`: the values of an account, each with the place it came from."""

import os
from typing import Annotated

import typer

from linksms_cli.actions.config import account as find_account
from linksms_cli.commands import layout, options
from linksms_cli.errors import ExitCode
from linksms_cli.output import Output
from linksms_cli.sms.account import choice
from linksms_cli.views.config import profile as view

app = typer.Typer(**layout.APP)


@app.command(
    cls=layout.Command,
    epilog="""
    linksms config show       # the account that a command would use now
    linksms config show prod  # a profile
    linksms config show --json | jq .origins
    """,
)
def show(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            show_default=False,
            help="The profile to show. Default: the account that a command would use now.",
        ),
    ] = None,
    *,
    json: options.Json = False,
) -> int:
    """Show an account's values, and where each comes from.

    Passwords stay hidden. Without NAME, exit code 3 means that the account cannot be used as it is.
    """
    output = Output(json=json)
    place = find_account.find_place(name, os.environ)
    for notice in place.notices:
        output.hint(notice)
    for warning in place.warnings:
        output.warning(warning)
    output.result(view.as_record(place), view.as_text(place))
    if name is None:
        choice.complete(place)
    return ExitCode.DONE

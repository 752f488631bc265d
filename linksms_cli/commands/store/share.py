"""`linksms store share`: let a group of users of this machine use the store."""

import os
from typing import Annotated

import typer

from linksms_cli.actions.store import sharing
from linksms_cli.commands import conflicts, layout, options
from linksms_cli.commands.conflicts import Conflict
from linksms_cli.commands.state import warn_of_store
from linksms_cli.errors import ExitCode, UsageError
from linksms_cli.output import Output
from linksms_cli.views.store import shared as view

app = typer.Typer(**layout.APP)

CONFLICTS = (Conflict("--revoke", "GROUP", "it takes the store back from any group"),)


@app.command(
    cls=layout.Command,
    epilog="""
    LINKSMS_STATE=/var/lib/linksms linksms store share sms
    linksms store share --revoke
    """,
)
def share(
    ctx: typer.Context,
    group: Annotated[
        str | None,
        typer.Argument(
            metavar="[GROUP]", show_default=False, help="The group: its name, or its number."
        ),
    ] = None,
    *,
    revoke: Annotated[
        bool,
        typer.Option(
            "--revoke", help="Let only the owner use the store again.", rich_help_panel="Sharing"
        ),
    ] = False,
    json: options.Json = False,
) -> int:
    """Share the store with a group of users of this machine.

    Its members can then send, receive and look, and everything that they store belongs to the
    group. Run it as root, or as the owner and a member of the group.
    """
    conflicts.refuse(ctx, CONFLICTS)
    if group is None and not revoke:
        raise UsageError("GROUP is missing", "Name a group, or use --revoke.")
    output = Output(json=json, acts=True)
    warn_of_store(output)
    found = sharing.share(group, os.environ)
    output.result(view.as_record(found), view.as_text(found))
    if caution := view.warning(found):
        output.warning(caution)
    output.hint(view.advice(found))
    return ExitCode.DONE

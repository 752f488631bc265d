"""`linksms store copy`: copy the store to another place."""

import os
import re
from typing import Annotated

import typer

from linksms_cli.actions.store import copying
from linksms_cli.commands import layout, options
from linksms_cli.commands.state import warn_of_store
from linksms_cli.errors import ExitCode
from linksms_cli.output import Output
from linksms_cli.output.progress import Progress
from linksms_cli.sms import paths
from linksms_cli.views.store import copied as view

app = typer.Typer(**layout.APP)

_PASSWORD = re.compile(r"://[^/?#]*:[^/?#]+@|\bpassword=")


def _place(typed: str) -> str:
    """Read the address of a database as it is, and a path by the rule of every path."""
    return typed if paths.is_server(typed) else str(options.path(typed).absolute())


@app.command(
    cls=layout.Command,
    epilog="""
    linksms store copy --to postgresql://linksms@db.example.com/linksms
    linksms store copy --to service=linksms
    linksms store copy --to /var/lib/linksms
    LINKSMS_STATE=service=linksms linksms store copy --to ~/linksms-store
    """,
)
def copy(
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="STORE",
            parser=_place,
            help="A folder, postgresql://USER@HOST/DATABASE or service=NAME, without a store yet.",
            rich_help_panel="Copy",
        ),
    ],
    *,
    json: options.Json = False,
) -> int:
    """Copy the whole store to another folder or database.

    Messages, reports, once-keys, batches and forwards are copied as a whole or not at all, so you
    can run it again if it was stopped. Stop receivers and senders first.
    """
    output = Output(json=json, acts=True)
    warn_of_store(output)
    if _PASSWORD.search(to):
        output.warning(
            "other users of this machine can see the password in --to: put it into PGPASSWORD or "
            "~/.pgpass"
        )
    with output.bar() as show:
        found = copying.copy(
            to, os.environ, lambda done, total: show(Progress(done, total, f"{done:,} rows"))
        )
    output.result(view.as_record(found), view.as_text(found))
    output.hint(view.advice(found))
    return ExitCode.DONE

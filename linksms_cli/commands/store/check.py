"""`linksms store check`: whether the store is sound."""

import os
from datetime import UTC, datetime
from itertools import chain, islice

import typer

from linksms_cli.actions.store.looking import check as look_at
from linksms_cli.commands import layout, options
from linksms_cli.commands.state import warn_of_store
from linksms_cli.output import Output
from linksms_cli.sms.check.findings import combined
from linksms_cli.views import finding as view

app = typer.Typer(**layout.APP)


@app.command(
    cls=layout.Command,
    epilog="""
    linksms store check
    linksms store check --json | jq -r 'select(.status != "ok")'
    """,
)
def check(*, json: options.Json = False) -> int:
    """Look for damage, and for what will become trouble.

    Nothing is written. Exit codes: 0 sound (perhaps with warnings), 3 damaged, or there is none.
    """
    output = Output(json=json)
    warn_of_store(output)
    found = []
    checking = look_at(os.environ, datetime.now(UTC))
    with output.progress("reading every page"):
        first = list(islice(checking, 1))  # most of the work
    for finding in chain(first, checking):
        output.result(view.as_record(finding), view.as_text(finding, output.width))
        found.append(finding)
    return combined(found)

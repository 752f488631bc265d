"""`linksms config check`: whether an account can be used, and how safely."""

import os
import time
from typing import Annotated

import typer

from linksms_cli.commands import layout, options
from linksms_cli.errors import UsageError
from linksms_cli.output import Output
from linksms_cli.sms import duration
from linksms_cli.sms.check import findings
from linksms_cli.views import finding as view

app = typer.Typer(**layout.APP)


@app.command(
    cls=layout.Command,
    epilog="""
    linksms config check
    linksms config check prod
    linksms config check --json | jq -r 'select(.status != "ok")'
    """,
)
def check(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            show_default=False,
            help="The profile to check. Default: the account that a command would use now.",
        ),
    ] = None,
    *,
    timeout: Annotated[
        str,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            help="Time limit for each step on the network.",
            rich_help_panel="Network",
        ),
    ] = "10",
    json: options.Json = False,
) -> int:
    """Check an account, and the connection to its gateway.

    Sends no message and no credentials. Exit codes: 0 fine (perhaps with warnings), 3 the
    configuration is wrong, 6 the network is at fault.
    """
    seconds = duration.seconds(timeout, "--timeout", longest=duration.LONGEST_ANSWER)
    if not seconds:
        raise UsageError("--timeout 0 leaves no time to check", "Give it seconds, like 10.")
    return show_findings(name, Output(json=json), seconds=seconds)


def show_findings(name: str | None, output: Output, *, seconds: float = 10.0) -> int:
    """Check, show each finding as soon as it is there, and return the exit code."""
    # It brings ssl, sockets and HTTP, which no other command of this group needs.
    from linksms_cli.actions.config.check import check as look_at

    found = []
    for finding in look_at(name, os.environ, seconds=seconds, now=time.time()):
        output.result(view.as_record(finding), view.as_text(finding, output.width))
        found.append(finding)
    return findings.combined(found)

"""`linksms sandbox`: a gateway of our own, for trying things out and for tests."""

from contextlib import closing
from typing import Annotated

import typer

from linksms_cli.actions.sandbox import run_sandbox
from linksms_cli.commands import conflicts, layout, options
from linksms_cli.commands.conflicts import Need
from linksms_cli.errors import ExitCode, Terminated
from linksms_cli.output import Output
from linksms_cli.sms import duration
from linksms_cli.sms.account import base_url
from linksms_cli.sms.dlr.report import Format
from linksms_cli.sms.sandbox import (
    Credentials,
    Fate,
    ReportAttempt,
    ReportTarget,
    SandboxEvent,
    SandboxMessage,
    SandboxReady,
)
from linksms_cli.views import sandbox as view

app = typer.Typer(**layout.APP)

ADDRESS = "Address"
BEHAVIOUR = "Behaviour"
REPORTS = "Delivery reports"

NEEDS = (Need("--dlr-format", "--dlr-url"), Need("--dlr-delay", "--dlr-url"))


@app.command(
    cls=layout.Command,
    epilog="""
    linksms sandbox                                      on port 8025
    linksms sandbox --dlr-url http://127.0.0.1:8080/dlr  reports to a listener
    linksms sandbox --port 0 --json                      for tests: a free port
    curl http://127.0.0.1:8025/messages                  what it received, as JSON

    What the recipient's number selects:
    +9995...      accepted, then reported delivered; any number but +999... too
    +9990000NNNN  accepted, then reported with code NNNN          (+99900002104)
    +9991000NNNN  answered NNNN at once                           (+99910000103)
    +99920000NNN  001 to 013: a broken answer; 100 to 999: HTTP   (+99920000429)
    +9993000000K  1 to 8: reports odd, late or invalid            (+99930000003)
    """,
)
def sandbox(
    ctx: typer.Context,
    *,
    host: Annotated[
        str, typer.Option(help="The address to listen on.", rich_help_panel=ADDRESS)
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            parser=options.whole(0, 65535),
            help="The port to listen on; 0 picks a free one.",
            rich_help_panel=ADDRESS,
        ),
    ] = 8025,
    credentials: Annotated[
        str | None,
        typer.Option(
            metavar="SERVICE:USER:PASSWORD",
            help="Accept only this account. Default: accept any.",
            rich_help_panel=BEHAVIOUR,
        ),
    ] = None,
    latency: Annotated[
        str,
        typer.Option(
            metavar="SECONDS", help="Delay before each answer.", rich_help_panel=BEHAVIOUR
        ),
    ] = "0",
    rate: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            parser=options.whole(1),
            help="Messages per second; beyond that, answer code 3 (throttled).",
            rich_help_panel=BEHAVIOUR,
        ),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="Refuse GET requests; the guide specifies POST.",
            rich_help_panel=BEHAVIOUR,
        ),
    ] = False,
    dlr_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Send delivery reports to this URL.", rich_help_panel=REPORTS
        ),
    ] = None,
    dlr_format: Annotated[
        Format | None,
        typer.Option(help="Format of the reports. [default: json]", rich_help_panel=REPORTS),
    ] = None,
    dlr_delay: Annotated[
        str | None,
        typer.Option(
            metavar="SECONDS",
            help="Delay between an answer and its reports. [default: 0]",
            rich_help_panel=REPORTS,
        ),
    ] = None,
    json: options.Json = False,
) -> int:
    """Run a test gateway that speaks LINK's protocol and sends no SMS.

    It accepts, answers and reports messages as LINK Mobility's gateway does, and misbehaves on
    request: the recipient's number selects the fault. Stop it with Ctrl-C or SIGTERM; the exit
    code is then 0.
    """
    conflicts.refuse(ctx, (), NEEDS)
    events = run_sandbox(
        host=host,
        port=port,
        credentials=None if credentials is None else Credentials.parse(credentials),
        latency=duration.seconds(latency, "--latency", longest=duration.LONGEST_ANSWER),
        rate=rate,
        strict=strict,
        dlr=_callback(dlr_url, dlr_format, dlr_delay),
    )
    output = Output(json=json, acts=True)
    with closing(events):
        try:
            for event in events:
                _show(event, output, local=base_url.is_loopback(host))
                if isinstance(event, SandboxReady):
                    output.hint(view.invitation(event, reports=dlr_url is not None))
            output.hint("Stopped.")
        except Terminated:
            output.abandon()
    return ExitCode.DONE


def _callback(url: str | None, format_: Format | None, delay: str | None) -> ReportTarget | None:
    if url is None:
        return None
    return ReportTarget(
        url=url,
        format=format_ or Format.JSON,
        delay=duration.seconds(delay or "0", "--dlr-delay", longest=duration.LONGEST_ANSWER),
    )


def _show(event: SandboxEvent, output: Output, *, local: bool) -> None:
    match event:
        case SandboxReady():
            output.result(view.as_record(event), view.ready(event))
            if not local:
                output.warning(
                    "anyone who can reach this machine can send to it and read its messages"
                )
        case SandboxMessage():
            output.result(view.as_record(event), view.message(event, output.width))
        case ReportAttempt(fate=Fate.DELIVERED):
            output.text(view.report(event))
        case ReportAttempt():
            trouble = view.trouble(event)
            if trouble:
                output.warning(trouble)

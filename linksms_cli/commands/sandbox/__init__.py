"""`linksms sandbox`: a gateway of our own, for trying things out and for tests."""

import os
from contextlib import closing

import typer

from linksms_cli.actions.sandbox.running import run_sandbox
from linksms_cli.commands import conflicts, layout
from linksms_cli.commands import options as shared
from linksms_cli.commands.conflicts import Conflict, Need
from linksms_cli.commands.sandbox import options, settings
from linksms_cli.commands.sandbox.firing import fire_and_grade
from linksms_cli.errors import ExitCode, Terminated
from linksms_cli.output import Output
from linksms_cli.sms.sandbox.message import (
    Fate,
    ReportAttempt,
    SandboxEvent,
    SandboxMessage,
    SandboxReady,
)
from linksms_cli.sms.sandbox.settings import Credentials, Latency, SandboxSettings
from linksms_cli.views.sandbox import incoming as view

app = typer.Typer(**layout.APP)

_OF_REPORTS = ("--dlr-format", "--dlr-delay", "--dlr-header", "--dlr-auth")
_OF_FIRING = ("--format", "--header", "--expect-body", "--skip", "--yes")
NEEDS = (
    *(Need(option, "--dlr-url") for option in _OF_REPORTS),
    *(Need(option, "--fire") for option in _OF_FIRING),
)
CONFLICTS = tuple(
    Conflict("--fire", option, "with --fire no gateway is run")
    for option in (
        *("--host", "--port", "--credentials", "--latency", "--rate", "--strict", "--seed"),
        *("--dlr-url", "--admin-token", "--admin-host"),
    )
)


@app.command(
    cls=layout.Command,
    epilog="""
    linksms sandbox                                      # on port 8025
    linksms sandbox --dlr-url http://127.0.0.1:8080/dlr  # reports to a listener
    linksms sandbox --port 0 --json                      # for tests: a free port
    linksms sandbox --fire http://127.0.0.1:8080/dlr     # is my receiver good?
    curl http://127.0.0.1:8025/messages                  # what came in, as JSON

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
    host: options.Host = "127.0.0.1",
    port: options.Port = 8025,
    credentials: options.Credentials = None,
    latency: options.Latency = "0",
    rate: options.Rate = None,
    strict: options.Strict = False,
    seed: options.Seed = None,
    dlr_url: options.DlrUrl = None,
    dlr_format: options.DlrFormat = None,
    dlr_delay: options.DlrDelay = None,
    dlr_header: options.DlrHeader = None,
    dlr_auth: options.DlrAuth = None,
    admin_token: options.AdminToken = None,
    admin_host: options.AdminHost = None,
    fire: options.Fire = None,
    format_: options.FireFormat = None,
    header: options.FireHeader = None,
    expect_body: options.ExpectBody = None,
    skip: options.Skip = None,
    yes: options.Yes = False,
    json: shared.Json = False,
) -> int:
    """Run a test gateway that speaks LINK's protocol and sends no SMS.

    It accepts, answers and reports messages as LINK Mobility's gateway does, and misbehaves on
    request: the recipient's number selects the fault. Stop it with Ctrl-C or SIGTERM; the exit
    code is then 0.
    """
    conflicts.refuse(ctx, CONFLICTS, NEEDS)
    output = Output(json=json, acts=True)
    if fire is not None:
        order = settings.firing_order(
            url=fire,
            formats=format_ or [],
            headers=header or [],
            expected_body=expect_body,
            skipped=skip or [],
        )
        return fire_and_grade(order, output, sure=yes)
    asked = SandboxSettings(
        host=host,
        port=port,
        credentials=None if credentials is None else Credentials.parse(credentials),
        latency=Latency.parse(latency, "--latency"),
        rate=rate,
        strict=strict,
        seed=seed,
        dlr=settings.report_target(
            url=dlr_url,
            format_=dlr_format,
            delay=dlr_delay,
            headers=dlr_header or [],
            auth=dlr_auth,
        ),
        access=settings.access(
            token=admin_token, hosts=admin_host or [], listening_on=host, environ=os.environ
        ),
    )
    with closing(run_sandbox(asked, os.environ)) as events:
        try:
            for event in events:
                _show(event, asked, output)
            output.hint("Stopped.")
        except Terminated:
            output.abandon()
    return ExitCode.DONE


def _show(event: SandboxEvent, asked: SandboxSettings, output: Output) -> None:
    match event:
        case SandboxReady():
            output.result(view.as_record(event), view.ready(event))
            if exposure := view.exposure(event, asked):
                output.warning(exposure)
            output.hint(view.invitation(event, asked))
        case SandboxMessage():
            output.result(view.as_record(event), view.message(event, output.width))
        case ReportAttempt(fate=Fate.DELIVERED):
            output.text(view.report(event))
        case ReportAttempt():
            trouble = view.trouble(event)
            if trouble:
                output.warning(trouble)

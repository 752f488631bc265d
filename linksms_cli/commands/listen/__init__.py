"""`linksms listen`: receive delivery reports, and lose none."""

import os
import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

import typer

from linksms_cli.actions.listen.executing import execute
from linksms_cli.actions.listen.forwarding import Forwarding
from linksms_cli.actions.listen.receiving import (
    Listening,
    Until,
    base_url_host,
    receive,
)
from linksms_cli.commands import conflicts, layout
from linksms_cli.commands.conflicts import Conflict, Need
from linksms_cli.commands.listen import forwarding
from linksms_cli.commands.listen.forwards import exposed, read_forwarding
from linksms_cli.commands.listen.options import ListenOptions
from linksms_cli.commands.listen.settings import read_keep, read_listening, read_until
from linksms_cli.commands.listen.showing import show
from linksms_cli.commands.listen.stored import look
from linksms_cli.commands.state import warn_of_store
from linksms_cli.commands.taking import taking
from linksms_cli.errors import ExitCode, Terminated
from linksms_cli.output import Output
from linksms_cli.sms import authority
from linksms_cli.sms.account import base_url
from linksms_cli.sms.dlr import link_addresses
from linksms_cli.sms.dlr.receiving import (
    ReceivedReport,
    ReceiverEvent,
    ReceiverReady,
    ReceiverStopped,
)
from linksms_cli.views.listen import instructions, record

app = typer.Typer(**layout.APP)

_LISTENING = (
    *("--host", "--port", "--path", "--reply-body", "--public-url", "--tls-cert", "--tls-key"),
    *("--auth", "--require-header", "--allow", "--trusted-proxy", "--metrics", "--keep"),
)
_ENDING = ("--until-final", "--exit-after", "--timeout", "--exit-with-reader")
CONFLICTS = (
    *(Conflict("--replay", one, "it prints what is stored, and ends") for one in _LISTENING),
    *(Conflict("--replay", one, "it ends by itself") for one in _ENDING),
    *(
        Conflict("--replay", one, "it prints what is stored, and ends")
        for one in ("--exec", "--forward-to")
    ),
    *(
        Conflict("--forward-pending", one, "it prints what the store holds, and ends")
        for one in (*_LISTENING, *_ENDING, "--replay", "--forward-to", "--exec")
    ),
    *(
        Conflict("--forward-again", one, "it changes what the store holds, and ends")
        for one in (*_LISTENING, *_ENDING, "--replay", "--raw", "--forward-to", "--exec")
    ),
    Conflict("--forward-again", "--forward-pending", "it ends without a list"),
    *(
        Conflict("--raw", one, "it prints one request, and ends")
        for one in (*_LISTENING, *_ENDING, "--since", "--forward-to", "--exec", "--forward-pending")
    ),
)
_FORWARDING = (
    *("--forward-as", "--header", "--forward-for", "--forward-timeout", "--forward-ca-bundle"),
    "--verbose",
)
NEEDS = (
    Need("--since", "--replay"),
    Need("--target", "--forward-pending", "--forward-again"),
    *(Need(one, "--forward-to") for one in _FORWARDING),
)

_READER_GONE = (
    "nobody reads stdout any more; reports are still received and stored "
    "(--exit-with-reader stops then)"
)
# A path that holds so long a word is not found by trying.
_SECRET = re.compile(r"[^/]{16,}")


@app.command(
    cls=layout.Command,
    epilog="""
    linksms listen                      # on port 8080
    linksms listen --host 0.0.0.0 --path /dlr/kYx3Qm8rTz5vWn2c
    LINKSMS_LISTEN_PASSWORD=... linksms listen --auth link
    linksms listen --json | jq 'select(.event == "report")'
    linksms listen --until-final Dcshuhod0PMAAAFQ+/PbnR3x --timeout 5m
    linksms listen --replay --since 1h  # reports of the last hour
    linksms listen --raw 57 > body      # the bytes of an unreadable one
    """,
)
@taking(ListenOptions)
def listen(ctx: typer.Context, asked: ListenOptions) -> int:
    """Receive delivery reports, store them, and print them.

    Accepts JSON, XML, form and query-string reports by POST or GET, and answers 200 only once a
    report is on disk. Stop it with Ctrl-C or SIGTERM; the exit code is then 0.
    """
    conflicts.refuse(ctx, CONFLICTS, NEEDS, typed_alone=True)
    out = Output(json=asked.json, acts=not (asked.replay or asked.raw))
    warn_of_store(out)
    until = read_until(asked)
    looked = look(asked, out)
    if looked is not None:
        return looked
    forwards = read_forwarding(asked.forward, os.environ, verbose=asked.verbose)
    typed = ctx.get_parameter_source("forward_to")
    for warning in exposed(
        asked.forward, urls_typed=typed is not None and typed.name == "COMMANDLINE"
    ):
        out.warning(warning)
    return _listen(asked, until, forwards, out)


def _listen(asked: ListenOptions, until: Until, forwards: Forwarding, out: Output) -> int:
    one_by_one = asked.forward.exec is not None
    listening = replace(read_listening(asked.door), one_by_one=one_by_one)
    received = receive(
        listening,
        until,
        os.environ,
        forwards=forwards,
        forwarder=forwarding.__name__,
        keep=read_keep(asked),
    )
    is_told = False
    with closing(received) as events:
        try:
            for together in events:
                if asked.forward.exec is not None:
                    _execute(asked.forward.exec, together, out)
                show(together, out)
                match together[-1]:
                    case ReceiverReady() as ready:
                        out.hint(_instructions(ready, listening))
                        _warn(listening, asked.door.allow or [], out)
                    case ReceiverStopped() as stopped:
                        return stopped.exit_code
                if out.unread and not is_told:
                    if asked.exit_with_reader:
                        return ExitCode.FAILED
                    is_told = True
                    out.warning(_READER_GONE)
        except Terminated:
            out.abandon()
    return ExitCode.DONE


def _execute(command: str, together: Sequence[ReceiverEvent], out: Output) -> None:
    for event in together:
        if isinstance(event, ReceivedReport):
            try:
                failure = execute(command, record.as_record(event), os.environ)
            except Terminated:
                out.warning(
                    "the command of --exec was stopped, and did not run for what came later: "
                    f"`linksms listen --replay --json --since {event.received_at}` prints all "
                    f"from report {event.report.id} on"
                )
                raise
            if failure:
                out.warning(f"the command of --exec {failure} (report {event.report.id})")


def _warn(listening: Listening, allow: list[str], out: Output) -> None:
    local = base_url.is_loopback(listening.host)
    guarded = not listening.admission.is_open or _SECRET.search(listening.path)
    if not local and not guarded:
        out.warning(
            "anybody who can reach this address can send reports: use --auth, --require-header, "
            "--allow or a secret --path"
        )
    if not local and listening.metrics and listening.admission.is_open:
        out.warning(
            "anybody who can reach this address can read /metrics: a secret --path does not guard "
            "it; --auth, --require-header and --allow do"
        )
    if local and allow and not listening.admission.proxies:
        out.warning(
            "behind a proxy every report comes from the proxy's address: --allow checks that one "
            "unless --trusted-proxy names the proxy"
        )
    if "link" in allow and base_url_host(os.environ) in link_addresses.UNLISTED_HOSTS:
        out.warning(
            "the guide does not say where reports of your base URL come from: --allow link may "
            "refuse them all"
        )


def _reachable(url: str, host: str) -> str:
    """Return a URL with a place for the name of this machine, if it listens on all addresses."""
    if host.strip("[]") not in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not listened on
        return url
    return url.replace(authority.written(host, 0).removesuffix(":0"), "HOST", 1)


def _instructions(ready: ReceiverReady, listening: Listening) -> str:
    door = listening.admission
    shown = []
    if door.auth:
        shown.append(f"Basic auth as {door.auth[0]}, and the password")
    if door.header:
        shown.append(f"the header {door.header[0]}, and its value")
    return instructions.instructions(
        listening.public_url or _reachable(ready.url, listening.host),
        local=not listening.public_url and base_url.is_loopback(listening.host),
        reply=listening.reply.decode("utf-8", "replace") or None,
        shown=shown,
    )

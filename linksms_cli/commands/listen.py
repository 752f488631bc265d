"""`linksms listen`: receive delivery reports, and lose none."""

import os
import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from linksms_cli.actions.listen.receiving import Listening, Until, base_url_host, receive, replay
from linksms_cli.commands import conflicts, layout, options
from linksms_cli.commands.conflicts import Conflict, Need
from linksms_cli.commands.state import warn_of_store
from linksms_cli.errors import ConfigurationError, ExitCode, Terminated, UsageError
from linksms_cli.output import Output, encode
from linksms_cli.sms import duration, secret, timestamp
from linksms_cli.sms.account import base_url
from linksms_cli.sms.dlr import admission, link_addresses
from linksms_cli.sms.dlr.admission import Admission
from linksms_cli.sms.dlr.receiving import (
    ReceiverEvent,
    ReceiverReady,
    ReceiverStopped,
    ReceiverTrouble,
)
from linksms_cli.sms.value import InvalidValueError
from linksms_cli.views import listen as view

app = typer.Typer(**layout.APP)

ADDRESS = "Address"
ADMISSION = "Who may send reports"
END = "When to stop"
STORED = "Stored reports"

_LISTENING = ("--host", "--port", "--path", "--reply-body", "--auth", "--require-header", "--allow")
_ENDING = ("--until-final", "--exit-after", "--timeout")
CONFLICTS = (
    *(Conflict("--replay", one, "it prints what is stored, and ends") for one in _LISTENING),
    *(Conflict("--replay", one, "it ends by itself") for one in _ENDING),
)
NEEDS = (Need("--since", "--replay"),)

PASSWORD = "LINKSMS_LISTEN_PASSWORD"  # noqa: S105 - a variable's name
HEADER = "LINKSMS_LISTEN_HEADER"
# What a path or a header's name is made of (RFC 3986, 3.3; RFC 9110, 5.6.2).
_PATH = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# A path that holds so long a word is not found by trying.
_SECRET = re.compile(r"[^/]{16,}")


@app.command(
    cls=layout.Command,
    epilog="""
    linksms listen                                   on port 8080
    linksms listen --host 0.0.0.0 --path /dlr/kYx3Qm8rTz5vWn2c
    LINKSMS_LISTEN_PASSWORD=... linksms listen --auth link
    linksms listen --json | jq 'select(.event == "report")'
    linksms listen --until-final Dcshuhod0PMAAAFQ+/PbnR3x --timeout 5m
    linksms listen --replay --since 1h               reports of the last hour
    """,
)
def listen(
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
    ] = 8080,
    path: Annotated[
        str,
        typer.Option(
            metavar="PATH",
            help="URL path for reports; choose one that cannot be guessed.",
            rich_help_panel=ADDRESS,
        ),
    ] = "/dlr",
    reply_body: Annotated[
        bytes | None,
        typer.Option(
            parser=os.fsencode,  # byte for byte as it was typed
            metavar="TEXT",
            help="Response body, if LINK Support has configured one for you.",
            rich_help_panel=ADDRESS,
        ),
    ] = None,
    auth: Annotated[
        str | None,
        typer.Option(
            metavar="USER",
            help=f"Require Basic auth as USER; set the password in {PASSWORD}.",
            rich_help_panel=ADMISSION,
        ),
    ] = None,
    require_header: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help=f"Require this request header; set its value in {HEADER}.",
            rich_help_panel=ADMISSION,
        ),
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option(
            metavar="link|CIDR",
            help="Accept reports only from LINK's addresses, or from this network. Repeatable.",
            rich_help_panel=ADMISSION,
        ),
    ] = None,
    until_final: Annotated[
        str | None,
        typer.Option(
            metavar="MESSAGE_ID",
            help="Stop once this message is final; exit 0 delivered, 5 failed, 7 unknown.",
            rich_help_panel=END,
        ),
    ] = None,
    exit_after: Annotated[
        int | None,
        typer.Option(
            parser=options.whole(1),
            metavar="N",
            help="Stop after N new reports.",
            rich_help_panel=END,
        ),
    ] = None,
    timeout: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            help="Stop after this long (90s, 5m, 1h); exit 8 if still waiting for the above.",
            rich_help_panel=END,
        ),
    ] = None,
    replay_: Annotated[
        bool,
        typer.Option("--replay", help="Print the stored reports and exit.", rich_help_panel=STORED),
    ] = False,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            help="With --replay: only reports since then (1h, or 2026-11-26T09:00:00Z).",
            rich_help_panel=STORED,
        ),
    ] = None,
    json: options.Json = False,
) -> int:
    """Receive delivery reports, store them, and print them.

    Accepts JSON, XML, form and query-string reports by POST or GET, and answers 200 only once a
    report is on disk. Stop it with Ctrl-C or SIGTERM; the exit code is then 0.
    """
    conflicts.refuse(ctx, CONFLICTS, NEEDS)
    out = Output(json=json, acts=not replay_)
    warn_of_store(out)
    if until_final is not None and not until_final.strip():
        raise UsageError("--until-final needs a message id", "It was given an empty one.")
    until = Until(
        final=until_final,
        enough=exit_after,
        timeout=duration.seconds(timeout, "--timeout") if timeout is not None else None,
    )
    if replay_:
        return _replay(since, out)
    listening = Listening(
        host=host,
        port=port,
        path=_path(path),
        reply=reply_body or b"",
        admission=_admission(auth, require_header, allow or [], os.environ),
    )
    return _listen(listening, until, allow or [], out)


def _listen(listening: Listening, until: Until, allow: list[str], out: Output) -> int:
    with closing(receive(listening, until, os.environ)) as events:
        try:
            for together in events:
                _show(together, out)
                match together[-1]:
                    case ReceiverReady() as ready:
                        out.hint(_instructions(ready, listening))
                        _warn(listening, allow, out)
                    case ReceiverStopped() as stopped:
                        return stopped.exit_code
                if out.unread:
                    break
        except Terminated:
            out.abandon()
    return ExitCode.DONE


def _show(together: Sequence[ReceiverEvent], out: Output) -> None:
    if out.json:
        out.lines(
            encode(view.as_record(event))
            for event in together
            if not isinstance(event, ReceiverTrouble)
        )
    for event in together:
        match event:
            case ReceiverTrouble(message=message):
                out.warning(message)
            case ReceiverStopped():
                out.hint(view.ending(event))
            case _ if not out.json:
                out.text(view.as_text(event, out.width))


def _replay(since: str | None, out: Output) -> int:
    for together in replay(_moment(since) if since is not None else None, os.environ):
        _show(together, out)
        if out.unread:
            break
    return ExitCode.DONE


def _moment(since: str) -> datetime:
    utc = timestamp.in_utc(since)
    if utc:
        return datetime.fromisoformat(utc)
    return datetime.now(UTC) - timedelta(seconds=duration.seconds(since, "--since"))


def _path(typed: str) -> str:
    if not _PATH.fullmatch(typed):
        raise UsageError(
            f"--path {typed!r} is not a valid path", "Write it like /dlr, without a query."
        )
    if typed == "/healthz":
        raise UsageError("--path /healthz is taken", "It answers whether linksms is running.")
    return typed


def _admission(
    user: str | None, header: str | None, allow: list[str], environ: Mapping[str, str]
) -> Admission:
    if user is not None and (not user or ":" in user):
        raise UsageError(
            f"--auth {user!r} is not a valid user name", "Give a name without a colon."
        )
    if header is not None and not _TOKEN.fullmatch(header):
        raise UsageError(
            f"--require-header {header!r} is not a valid header name", "Write it like X-Token."
        )
    return Admission(
        auth=(user, _secret(PASSWORD, "--auth", environ)) if user is not None else None,
        header=(header.lower(), _secret(HEADER, "--require-header", environ))
        if header is not None
        else None,
        networks=admission.networks(allow),
    )


def _secret(variable: str, option: str, environ: Mapping[str, str]) -> str:
    """Return what callers have to show, without blanks around it, which no comparison heeds."""
    value = environ.get(variable)
    if not value:
        message = f"{option} needs a secret, and {variable} is not set"
        raise ConfigurationError(
            message, f"Set {variable}: there is no option for it, because other users could see it."
        )
    try:
        return secret.read(secret.read(value).strip(" "))
    except InvalidValueError as wrong:
        raise ConfigurationError(f"{variable} {wrong.problem}", wrong.hint) from None


def _warn(listening: Listening, allow: list[str], out: Output) -> None:
    local = base_url.is_loopback(listening.host)
    guarded = not listening.admission.is_open or _SECRET.search(listening.path)
    if not local and not guarded:
        out.warning(
            "anybody who can reach this address can send reports: use --auth, --require-header, "
            "--allow or a secret --path"
        )
    if local and allow:
        out.warning(
            "behind a proxy every report comes from the proxy's address: --allow checks that one"
        )
    if "link" in allow and base_url_host(os.environ) in link_addresses.UNLISTED_HOSTS:
        out.warning(
            "the guide does not say where reports of your base URL come from: --allow link may "
            "refuse them all"
        )


def _instructions(ready: ReceiverReady, listening: Listening) -> str:
    door = listening.admission
    shown = []
    if door.auth:
        shown.append(f"Basic auth as {door.auth[0]}, and the password")
    if door.header:
        shown.append(f"the header {door.header[0]}, and its value")
    return view.instructions(
        ready,
        local=base_url.is_loopback(listening.host),
        reply=listening.reply.decode("utf-8", "replace") or None,
        shown=shown,
    )

"""`linksms send`: send a text to one or more recipients."""

import os
from contextlib import nullcontext
from itertools import chain
from typing import TYPE_CHECKING

import typer

from linksms_cli.actions.config.account import find_account
from linksms_cli.actions.send.session import submit
from linksms_cli.actions.send.terms import Teller, Terms
from linksms_cli.commands import conflicts, layout
from linksms_cli.commands import options as shared
from linksms_cli.commands.conflicts import Conflict, Need
from linksms_cli.commands.send import options, ordering
from linksms_cli.commands.state import warn_of_relative
from linksms_cli.errors import UsageError
from linksms_cli.output import Output
from linksms_cli.sms import duration
from linksms_cli.sms.account.profile import Settings
from linksms_cli.sms.mt.result import combined
from linksms_cli.views import send as submission

if TYPE_CHECKING:
    from linksms_cli.sms.dlr.delivery import Delivery

app = typer.Typer(**layout.APP)

# What belongs to a text, and means nothing without one.
_TEXT_ONLY = ("--replace", "--udh", "--max-parts")
# A --dry-run and a --sandbox try a command out as it is: all that makes sense without them does
# with them.
CONFLICTS = (
    Conflict("--once", "--no-store", "a key is remembered in the store"),
    Conflict("--wait", "--no-store", "delivery reports are read from the store", "--sandbox"),
    Conflict("--sandbox", "--profile", "the sandbox uses no account"),
    Conflict("--replace", "--udh", "with a header of your own the text stays one part"),
    Conflict("--quiet", "--verbose", "one says less, the other more"),
    *(Conflict("--charge-only", one, "there is no text", "TEXT") for one in _TEXT_ONLY),
)
NEEDS = (Need("--resend-unknown", "--once"), Need("--vat", "--tariff"))


@app.command(
    cls=layout.Command,
    epilog="""
    linksms send -t +99955501234 -f LINK "The deploy is done"
    df -h / | linksms send -t +99955501234 -f 72401
    linksms send -t +99955501234 -f LINK --once deploy-4711 "4711 is live"
    linksms send --dry-run -t +99955501234 -f LINK "What would go out?"
    linksms send --sandbox -t +99955501234 -f LINK "Without an account"
    """,
)
def send(
    ctx: typer.Context,
    body: options.Text = None,
    to: options.To = None,
    source: options.From = None,
    async_: options.Async = None,
    plain: options.Replace = False,
    header: options.Udh = None,
    tariff: options.Tariff = None,
    vat: options.Vat = None,
    reference_id: options.ReferenceId = None,
    charge_only: options.ChargeOnly = False,
    confirm_charge: options.ConfirmCharge = None,
    once: options.Once = None,
    resend_unknown: options.ResendUnknown = False,
    dry_run: options.DryRun = False,
    max_parts: options.MaxParts = None,
    allow_duplicates: options.AllowDuplicates = False,
    no_store: options.NoStore = False,
    timeout: options.Timeout = "30",
    retry: options.Retry = 0,
    wait: options.Wait = None,
    sandbox: options.Sandbox = False,
    profile: shared.Profile = None,
    json: shared.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Send a text to one or more recipients.

    Each recipient gets exactly one result. If a message may have gone out, its outcome is
    "unknown", and it is not sent again.
    """
    out = Output(json=json, quiet=quiet, verbose=verbose, acts=True)
    conflicts.refuse(ctx, CONFLICTS, NEEDS)
    asked = ordering.read_order(
        to=to,
        header=header,
        tariff=tariff,
        vat=vat,
        reference_id=reference_id,
        charge_only=charge_only,
        confirm_charge=confirm_charge,
        once=once,
        max_parts=max_parts,
        allow_duplicates=allow_duplicates,
    )
    patience = duration.seconds(timeout, "--timeout", longest=duration.LONGEST_ANSWER)
    if not patience:
        raise UsageError("--timeout 0 leaves no time to send", "Give it seconds, like 30.")
    delivery = duration.seconds(wait, "--wait") if wait is not None else None
    if not (sandbox or no_store):
        warn_of_relative(out)
    # Only now: finding the account may run a command that asks for its password.
    settings = None if sandbox else _settings(profile, out)
    order = ordering.complete(
        asked, settings, out, source=source, body=body, plain=plain, async_=async_
    )
    codes = []
    with out.progress("waiting for delivery") if delivery else nullcontext(_silently) as tell:
        terms = Terms(
            timeout=patience,
            retries=retry,
            dry_run=dry_run,
            resend_unknown=resend_unknown,
            wait=delivery,
        )
        teller = Teller(
            warn=out.warning,
            detail=out.detail,
            accepted=lambda result: out.hint(submission.as_accepted(result)),
            progress=lambda message_id, found: tell(_progress(message_id, found)),
        )
        results = submit(order, settings, terms, teller, store=not no_store, environ=os.environ)
        first = next(results)
    for result in chain([first], results):
        words = submission.as_id(result) if quiet else submission.as_text(result)
        out.result(submission.as_record(result), words)
        codes.append(result.exit_code)
    return combined(codes)


def _settings(profile: str | None, out: Output) -> Settings:
    found = find_account(profile, os.environ, tell=out.hint)
    for notice in found.notices:
        out.hint(notice)
    for warning in found.warnings:
        out.warning(warning)
    return found.settings


def _silently(_text: str) -> None:
    """Tell nobody: a send that does not wait is over before a spinner has turned."""


def _progress(message_id: str, delivery: "Delivery") -> str:
    from linksms_cli.views.status import as_progress

    return as_progress(message_id, delivery)

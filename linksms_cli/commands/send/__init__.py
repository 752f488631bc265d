"""`linksms send`: send a text to one or more recipients."""

import os
from contextlib import ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING

import typer

from linksms_cli.actions.config.account import find_account, find_country
from linksms_cli.actions.send.session import open_session
from linksms_cli.actions.send.terms import Observer, Route, ToAccount, ToSandbox, to_account
from linksms_cli.commands import conflicts, layout
from linksms_cli.commands.conflicts import Conflict, Need
from linksms_cli.commands.mistakes import TextCommand
from linksms_cli.commands.send import ordering
from linksms_cli.commands.send.options import SendOptions
from linksms_cli.commands.state import warn_of_store
from linksms_cli.commands.taking import taking
from linksms_cli.errors import ExitCode
from linksms_cli.output import Output
from linksms_cli.sms.mt.result import Result, combined
from linksms_cli.sms.outcome import Outcome
from linksms_cli.views import send as submission
from linksms_cli.views.layout import with_local_times
from linksms_cli.views.plan import as_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from linksms_cli.sms.dlr.delivery import Delivery

app = typer.Typer(**layout.APP)

# What belongs to a text, and means nothing without one.
_TEXT_ONLY = ("--replace", "--truncate", "--strip-ansi", "--udh", "--max-parts")
# A --dry-run and a --sandbox try a command out as it is: all that makes sense without them does
# with them.
CONFLICTS = (
    Conflict("--once", "--no-store", "a key is remembered in the store"),
    Conflict("--wait", "--no-store", "delivery reports are read from the store", "--sandbox"),
    Conflict("--sandbox", "--profile", "the sandbox uses no account"),
    Conflict("--replace", "--udh", "with a header of your own the text stays one part"),
    Conflict("--truncate", "--udh", "a part that you split off yourself is sent as it is"),
    Conflict("--quiet", "--verbose", "one says less, the other more"),
    Conflict("--batch", "--to", "the recipients stand in the file"),
    Conflict("--batch", "--udh", "a header belongs to one part: put it into a column"),
    Conflict("--batch", "--once", "a key belongs to one message: put it into a column"),
    Conflict("--batch", "--no-store", "what was sent is remembered in the store"),
    Conflict("--batch", "--truncate", "it is for one text"),
    Conflict("--batch", "--strip-ansi", "it is for one text"),
    *(Conflict("--charge-only", one, "there is no text", "TEXT") for one in _TEXT_ONLY),
)
_BATCH_ONLY = (
    *("--column", "--delimiter", "--rate", "--concurrency", "--max-failures", "--rejected"),
    "--again",
)
NEEDS = (
    Need("--resend-unknown", "--once", "--batch"),
    Need("--vat", "--tariff", "--batch"),
    *(Need(one, "--batch") for one in _BATCH_ONLY),
)


@app.command(
    cls=TextCommand,
    epilog="""
    linksms send -t +99955501234 -f LINK "The deploy is done"
    df -h / | linksms send -t +99955501234 -f 72401
    linksms send -t +99955501234 -f LINK --once deploy-4711 "4711 is live"
    linksms send --dry-run -t +99955501234 -f LINK "What would go out?"
    linksms send --sandbox -t +99955501234 -f LINK "Without an account"
    linksms send --batch numbers.txt -f LINK "Closed tomorrow"
    linksms send --batch guests.csv -f LINK --dry-run "Hi {name}"
    linksms send --batch guests.csv -f LINK --rejected mend.csv "Hi {name}"
    # Stopped? The same line goes on where it was.
    """,
)
@taking(SendOptions)
def send(ctx: typer.Context, asked: SendOptions) -> int:
    """Send a text to one or more recipients.

    Each recipient gets exactly one result. If a message may have gone out, its outcome is
    "unknown", and it is not sent again.
    """
    out = Output(json=asked.json, quiet=asked.quiet, verbose=asked.verbose, acts=True)
    conflicts.refuse(ctx, CONFLICTS, NEEDS)
    checked = ordering.check(asked, lambda: find_country(asked.profile, os.environ))
    terms = ordering.read_terms(asked)
    if not (asked.sandbox or asked.no_store):
        warn_of_store(out)
    if asked.batch.file:
        from linksms_cli.commands.send.batch import send_batch

        return send_batch(asked, checked, terms, out, lambda: _route(asked, out))
    # Only now: finding the account may run a command that asks for its password.
    route = _route(asked, out)
    order = ordering.read_order(asked, checked, route, out)
    if asked.dry_run and not asked.quiet:
        settings = route.settings if isinstance(route, ToAccount) else None
        out.text(as_plan(order, settings, width=out.width))
    is_stored = not (asked.sandbox or asked.no_store)
    codes = []
    with ExitStack() as waiting:
        show = waiting.enter_context(_progress(out) if terms.wait else nullcontext(_silently))
        observer = Observer(
            warn=out.warning,
            detail=lambda text: out.detail(text, with_local_times(text)),
            accepted=lambda result: out.progressed(
                submission.as_accepted_record(result), submission.as_accepted(result)
            ),
            progress=show,
            stopping=out.leave_reader,
        )
        with open_session(route, terms, observer) as session:
            for result in session.send(order):
                waiting.close()
                _show(result, out, is_stored=is_stored)
                if result.message_id is None and result.number and is_stored:
                    _refer(result, out)
                codes.append(result.exit_code)
    return combined(codes)


def _refer(result: Result, out: Output) -> None:
    """Name a message that was accepted without an id, for status to find it."""
    if result.outcome in {Outcome.ACCEPTED, Outcome.PENDING}:
        out.hint(submission.as_reference(result))


def _show(result: Result, out: Output, *, is_stored: bool) -> None:
    """Print a result: with --quiet its id alone, and the reason of a failure on stderr."""
    out.result(
        submission.as_record(result),
        submission.as_id(result) if out.quiet else submission.as_text(result, is_stored=is_stored),
    )
    if out.quiet and not out.json and result.exit_code is not ExitCode.DONE:
        kind, hint = (result.error.kind, result.error.hint) if result.error else ("failure", None)
        out.error(kind, submission.as_reason(result), hint, result.exit_code)


def _route(asked: SendOptions, out: Output) -> Route:
    if asked.sandbox:
        return ToSandbox()
    found = find_account(asked.profile, os.environ, tell=out.hint)
    if not asked.dry_run:  # its plan says so too
        out.remark(submission.as_account(found.settings))
    for notice in found.notices:
        out.hint(notice)
    for warning in found.warnings:
        out.warning(warning)
    return to_account(found.settings, store=not asked.no_store, environ=os.environ)


def _silently(_message_id: str, _delivery: "Delivery") -> None:
    """Show nothing: a send that does not wait is over before a spinner has turned."""


@contextmanager
def _progress(out: Output) -> "Iterator[Callable[[str, Delivery], None]]":
    """Show how far the messages are while the block runs; the block is given what shows it."""
    from linksms_cli.views.status.page import as_progress

    with out.progress("waiting for delivery") as show:
        yield lambda message_id, delivery: show(as_progress(message_id, delivery))

"""`linksms status`: what became of a message."""

import os
from itertools import chain
from typing import Annotated

import typer

from linksms_cli.actions.status import forget, forgettable, latest, recall
from linksms_cli.commands import conflicts, consent, layout, options
from linksms_cli.commands.conflicts import Conflict, Need
from linksms_cli.commands.state import warn_of_store
from linksms_cli.errors import ExitCode
from linksms_cli.output import Output
from linksms_cli.sms import duration
from linksms_cli.sms.mt.result import combined
from linksms_cli.views import status as view

app = typer.Typer(**layout.APP)

MESSAGES = "Messages"
STORE = "Store"

CONFLICTS = (
    Conflict("--limit", "MESSAGE_ID", "it is for the list of the latest messages"),
    *(
        Conflict("--forget-before", one, "it deletes whatever is older")
        for one in ("MESSAGE_ID", "--limit", "--wait")
    ),
)
NEEDS = (
    Need("--wait", "MESSAGE_ID"),
    Need("--dry-run", "--forget-before"),
    Need("--yes", "--forget-before"),
)


@app.command(
    cls=layout.Command,
    epilog="""
    linksms status                      # the latest messages
    linksms status Dcshuhod             # one message, by the start of its id
    linksms status Dcshuhod --wait 5m   # until it is final
    linksms status --forget-before 90d  # delete what is older
    """,
)
def status(
    ctx: typer.Context,
    message_ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[MESSAGE_ID]...",
            help="Message ids, the beginning of one, or a number. Default: the latest messages.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit",
            metavar="N",
            parser=options.whole(1),
            help="List at most N messages.",
            rich_help_panel=MESSAGES,
        ),
    ] = 20,
    wait: Annotated[
        str | None,
        typer.Option(
            "--wait",
            metavar="DURATION",
            help="Wait up to this long (30s, 5m, 1h) until every part is final.",
            rich_help_panel=MESSAGES,
        ),
    ] = None,
    forget_before: Annotated[
        str | None,
        typer.Option(
            "--forget-before",
            metavar="DURATION",
            help="Delete messages and reports older than this (90d, 12h); keep once-keys.",
            rich_help_panel=STORE,
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="With --forget-before: only show how much it would delete.",
            rich_help_panel=STORE,
        ),
    ] = False,
    yes: Annotated[
        bool,
        typer.Option(
            "-y", "--yes", help="With --forget-before: do not ask.", rich_help_panel=STORE
        ),
    ] = False,
    json: options.Json = False,
) -> int:
    """Show what became of messages, as far as the local store knows.

    Exit codes: 0 delivered, 5 failed, 7 unknown, 8 pending, 1 not in the store.
    """
    out = Output(json=json, acts=forget_before is not None)
    conflicts.refuse(ctx, CONFLICTS, NEEDS)
    warn_of_store(out)
    asked = message_ids or []
    if forget_before is not None:
        age = duration.age(forget_before, "--forget-before")
        return _forget(age, out, dry_run=dry_run, yes=yes)
    seconds = duration.seconds(wait, "--wait") if wait is not None else None
    if not asked:
        return _list(limit, out)
    codes = []
    with out.progress("waiting for delivery reports") as show:
        recalled = recall(
            asked,
            environ=os.environ,
            wait=seconds,
            progress=lambda message_id, delivery: show(view.as_progress(message_id, delivery)),
            warn=out.warning,
        )
        first = next(recalled)  # comes when the wait is over
    for one in chain([first], recalled):
        for story in one.stories:
            out.result(view.as_record(story), view.as_text(story, out.width))
            codes.append(story.exit_code)
        if not one.stories:
            out.result(view.as_missing_record(one.asked), view.as_missing_text(one.asked))
            codes.append(ExitCode.FAILED)
    return combined(codes)


def _forget(age: float, out: Output, *, dry_run: bool, yes: bool) -> int:
    found = forgettable(age, environ=os.environ)
    if not (dry_run or yes or consent.given(view.question(found))):
        out.hint("Nothing was deleted.")
        return ExitCode.FAILED
    if not dry_run:
        found = forget(found.before, environ=os.environ)
    record = view.as_forgotten_record(found, dry_run=dry_run)
    out.result(record, view.as_forgotten(found, dry_run=dry_run))
    if found.erased is False:
        out.warning(
            "another process is reading the store, so its files still hold what was deleted: "
            "run this again when that has ended"
        )
        return ExitCode.FAILED
    return ExitCode.DONE


def _list(limit: int, out: Output) -> int:
    stories = latest(environ=os.environ, limit=limit)
    if out.json:
        for story in stories:
            out.result(view.as_record(story), None)
    elif stories:
        out.text(view.as_table(stories))
    else:
        out.hint("nothing has been sent or reported yet")
    return ExitCode.DONE

"""`linksms status`: what became of a message."""

import os
from itertools import chain
from typing import Annotated

import typer

from linksms_cli.actions.status import forget, latest, recall
from linksms_cli.commands import conflicts, layout, options
from linksms_cli.commands.conflicts import Conflict, Need
from linksms_cli.commands.state import warn_of_relative
from linksms_cli.errors import ExitCode
from linksms_cli.output import Output
from linksms_cli.sms import duration
from linksms_cli.sms.mt.result import combined
from linksms_cli.views import status as view

app = typer.Typer(**layout.APP)

MESSAGES = "Messages"

CONFLICTS = (
    Conflict("--limit", "MESSAGE_ID", "it is for the list of the latest messages"),
    *(
        Conflict("--forget-before", one, "it deletes whatever is older")
        for one in ("MESSAGE_ID", "--limit", "--wait")
    ),
)
NEEDS = (Need("--wait", "MESSAGE_ID"),)


@app.command(
    cls=layout.Command,
    epilog="""
    linksms status                     the latest messages
    linksms status Dcshuhod            one message, by the start of its id
    linksms status Dcshuhod --wait 5m  until it is final
    linksms status --forget-before 90d delete what is older
    """,
)
def status(
    ctx: typer.Context,
    message_ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[MESSAGE_ID]...",
            help="Message ids, or the beginning of one. Default: list the latest messages.",
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
            help="Delete messages and reports older than this; keep once-keys.",
            rich_help_panel="Store",
        ),
    ] = None,
    json: options.Json = False,
) -> int:
    """Show what became of messages, as far as the local store knows.

    Exit codes: 0 delivered, 5 failed, 7 unknown, 8 pending, 1 not in the store.
    """
    out = Output(json=json, acts=forget_before is not None)
    conflicts.refuse(ctx, CONFLICTS, NEEDS)
    warn_of_relative(out)
    asked = message_ids or []
    if forget_before is not None:
        forgotten = forget(duration.seconds(forget_before, "--forget-before"), environ=os.environ)
        out.result(forgotten._asdict(), view.as_forgotten(*forgotten))
        return ExitCode.DONE
    seconds = duration.seconds(wait, "--wait") if wait is not None else None
    if not asked:
        return _list(limit, out)
    codes = []
    with out.progress("waiting for delivery reports") as tell:
        recalled = recall(
            asked,
            environ=os.environ,
            wait=seconds,
            tell=lambda message_id, delivery: tell(view.as_progress(message_id, delivery)),
            warn=out.warning,
        )
        first = next(recalled)  # comes when the wait is over
    for one in chain([first], recalled):
        if one.story is None:
            out.result(view.as_missing_record(one.asked), view.as_missing_text(one.asked))
            codes.append(ExitCode.FAILED)
        else:
            out.result(view.as_record(one.story), view.as_text(one.story, out.width))
            codes.append(one.story.exit_code)
    return combined(codes)


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

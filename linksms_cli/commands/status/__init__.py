"""`linksms status`: find messages, and show what became of them."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from itertools import chain, islice

import typer

from linksms_cli.actions import status as action
from linksms_cli.actions.status import Feedback
from linksms_cli.commands import conflicts, consent, layout
from linksms_cli.commands.conflicts import Conflict, Need
from linksms_cli.commands.state import warn_of_store
from linksms_cli.commands.status.filters import is_number, read_filters, read_overdue
from linksms_cli.commands.status.listing import Listing
from linksms_cli.commands.status.options import StatusOptions
from linksms_cli.commands.taking import taking
from linksms_cli.errors import ExitCode
from linksms_cli.output import Output
from linksms_cli.output.escapes import encode
from linksms_cli.sms import duration
from linksms_cli.sms.mt.result import combined
from linksms_cli.sms.search import CountField, Search
from linksms_cli.sms.story import Story
from linksms_cli.views.status import counts, deletion, page, record, table

app = typer.Typer(**layout.APP)

_FILTERS = (
    *("--to", "--from", "--since", "--until", "--outcome", "--code", "--operator"),
    *("--profile", "--batch", "--key", "--reference-id"),
)
_LISTS = ("--limit", "--count-by", "--follow", "--csv")
# A number in the place of an id is a list too, and may be filtered; but not with --to.
_FOR_LISTS = tuple(
    Conflict(one, "MESSAGE_ID", "it is for the list of messages")
    for one in (*_FILTERS[1:], *_LISTS)
)
CONFLICTS = (
    *_FOR_LISTS,
    Conflict("--to", "MESSAGE_ID", "it is for the list of messages"),
    *(
        Conflict("--forget-before", one, "it deletes whatever is older")
        for one in ("MESSAGE_ID", *_FILTERS, *_LISTS, "--wait", "--ticket")
    ),
    *(
        Conflict("--count-by", one, "it prints figures and no messages")
        for one in ("--limit", "--follow", "--csv")
    ),
    *(
        Conflict("--ticket", one, "it is a text of its own for each message")
        for one in ("--count-by", "--follow", "--csv")
    ),
    Conflict("--follow", "--limit", "it begins with the latest few"),
    Conflict("--csv", "--json", "each is a format of its own"),
)
NEEDS = (
    Need("--wait", "MESSAGE_ID"),
    Need("--ticket", "MESSAGE_ID"),
    Need("--dry-run", "--forget-before"),
    Need("--yes", "--forget-before"),
)
# Rows whose columns are made to fit one another, where all messages are listed.
_ALIGNED = 1000


@app.command(
    cls=layout.Command,
    epilog="""
    linksms status                                  # the latest messages
    linksms status Dcshuhod                         # one, by the start of its id
    linksms status Dcshuhod --ticket                # what to mail to LINK Support
    linksms status --to +99955501234 --since monday
    linksms status --outcome failed --count-by operator
    linksms status --forget-before 90d              # delete what is older
    """,
)
@taking(StatusOptions)
def status(ctx: typer.Context, asked: StatusOptions) -> int:
    """Find messages, and show what became of them.

    Exit codes by message id: 0 delivered, 5 failed, 6 not sent, 7 unknown, 8 pending, 1 not in the
    store. A list exits 0.
    """
    by_number = asked.wait is None and [*map(is_number, asked.message_ids or [])] == [True]
    rules = [one for one in CONFLICTS if not (by_number and one in _FOR_LISTS)]
    conflicts.refuse(ctx, rules, NEEDS)
    out = Output(json=asked.json, acts=asked.forget_before is not None)
    warn_of_store(out)
    if asked.forget_before is not None:
        age = duration.age(asked.forget_before, "--forget-before")
        return _forget(age, out, dry_run=asked.dry_run, yes=asked.yes)
    listing = Listing(out, overdue_after=read_overdue(asked.overdue_after), csv=asked.csv)
    if asked.message_ids and not by_number:
        wait = duration.seconds(asked.wait, "--wait") if asked.wait is not None else None
        return _recall(asked.message_ids, listing, wait=wait, as_ticket=asked.ticket)
    wanted = read_filters(
        asked, overdue_after=listing.overdue_after, now=datetime.now().astimezone()
    )
    if asked.count_by:
        return _count(wanted, list(dict.fromkeys(asked.count_by)), out)
    if asked.follow:
        return _follow(wanted, listing)
    found = _list(wanted, asked.limit or None, listing, as_ticket=asked.ticket)
    if asked.message_ids and not found:
        (number,) = asked.message_ids
        out.result(record.as_missing_record(number), page.as_missing_text(number))
        return ExitCode.FAILED
    return ExitCode.DONE


def _recall(
    asked: Sequence[str], listing: Listing, *, wait: float | None, as_ticket: bool
) -> ExitCode:
    codes: list[ExitCode] = []
    out = listing.out
    with out.progress("waiting for delivery reports") as show:
        recalled = action.recall(
            asked,
            environ=os.environ,
            wait=wait,
            progress=lambda message_id, delivery: show(page.as_progress(message_id, delivery)),
            warn=out.warning,
        )
        first = next(recalled)  # comes when the wait is over
    for place, one in enumerate(chain([first], recalled)):
        if place:
            out.text("")
        if one.story is None:
            out.result(record.as_missing_record(one.asked), page.as_missing_text(one.asked))
            codes.append(ExitCode.FAILED)
        else:
            listing.page(one.story, as_ticket=as_ticket)
            codes.append(one.story.exit_code)
    return combined(codes)


def _list(wanted: Search, limit: int | None, listing: Listing, *, as_ticket: bool) -> int:
    """Print what is looked for, and return how many messages that were."""
    shown = 0
    with ExitStack() as stack:
        with _feedback(listing.out) as feedback:
            searching = action.search(wanted, limit, environ=os.environ, feedback=feedback)
            found = stack.enter_context(searching)
        for stories in _batches(found.stories):
            if as_ticket:
                for story in stories:
                    listing.page(story, as_ticket=True)
            else:
                listing.rows(stories)
            shown += len(stories)
            if listing.out.unread:
                return shown
    if shown and not as_ticket:
        total = found.total if limit is not None else shown
        listing.out.hint(table.shown_of(shown, total))
    elif wanted == Search():
        listing.out.hint("nothing has been sent or reported yet")
    elif not shown:
        listing.out.hint("no message is like that")
    return shown


def _batches(stories: Iterator[Story]) -> Iterator[list[Story]]:
    while batch := list(islice(stories, _ALIGNED)):
        yield batch


def _count(wanted: Search, fields: Sequence[CountField], out: Output) -> ExitCode:
    with _feedback(out) as feedback:
        rows = action.count(wanted, fields, environ=os.environ, feedback=feedback)
    if out.json:
        out.lines(map(encode, counts.records(rows, fields)))
    elif rows:
        out.text(counts.as_table(rows, fields, out.width))
    else:
        out.hint("no message is like that")
    return ExitCode.DONE


def _follow(wanted: Search, listing: Listing) -> ExitCode:
    with _feedback(listing.out) as feedback:
        changes = action.follow(wanted, environ=os.environ, feedback=feedback)
        first = next(changes)
    for stories in chain([first], changes):
        listing.rows(stories)
        if listing.out.unread:
            break
    return ExitCode.DONE


@contextmanager
def _feedback(out: Output) -> Iterator[Feedback]:
    """Show how far the index is while the block runs, if it takes a moment to make it."""
    with out.progress("looking") as show:
        yield Feedback(
            behind=lambda left: show(f"bringing the store up to date: {left:,} rows to go"),
            warn=out.warning,
            stopping=out.leave_reader,
        )


def _forget(age: float, out: Output, *, dry_run: bool, yes: bool) -> int:
    found = action.forgettable(age, environ=os.environ)
    if not (dry_run or yes or consent.given(deletion.question(found))):
        out.hint("Nothing was deleted.")
        return ExitCode.FAILED
    if not dry_run:
        found = action.forget(found.before, environ=os.environ)
    shown = deletion.as_record(found, dry_run=dry_run)
    out.result(shown, deletion.as_text(found, dry_run=dry_run))
    if found.erased is False:
        out.warning(
            "another process is reading the store, so its files still hold what was deleted: "
            "run this again when that has ended"
        )
        return ExitCode.FAILED
    return ExitCode.DONE

"""`linksms send --batch`: one message for each row of a file."""

import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack

from linksms_cli.actions.send.batch.file import opened_file, opened_rejects
from linksms_cli.actions.send.batch.run import Batch
from linksms_cli.actions.send.batch.terms import BatchTerms
from linksms_cli.actions.send.session import open_session
from linksms_cli.actions.send.terms import Observer, Route, Terms
from linksms_cli.commands.reading import read_text
from linksms_cli.commands.send import ordering
from linksms_cli.commands.send.batch_plan import Planning
from linksms_cli.commands.send.batch_shown import ShownBatch
from linksms_cli.commands.send.options import SendOptions
from linksms_cli.commands.send.ordering import CheckedOptions
from linksms_cli.errors import UsageError
from linksms_cli.output import Output
from linksms_cli.output.streams import make_wait
from linksms_cli.sms.batch import columns
from linksms_cli.sms.batch.orders import RowDefaults
from linksms_cli.sms.batch.template import Template, parse
from linksms_cli.views.layout import with_local_times


def send_batch(
    asked: SendOptions,
    checked: CheckedOptions,
    terms: Terms,
    out: Output,
    route: Callable[[], Route],
) -> int:
    """Send a batch, and return the exit code of all its rows.

    `route` finds the account, once the file has proved to be one.
    """
    path = asked.batch.file or "-"
    by_option = columns.named(asked.batch.column or ())
    typed = _template(asked, out)
    stdin = sys.stdin.buffer if path == "-" and sys.stdin else None
    if stdin:
        make_wait(stdin)
    with ExitStack() as ends:
        opened = opened_file(path, stdin, by_option=by_option, delimiter=_delimiter(asked))
        file = ends.enter_context(opened)
        parsed = parse(typed) if typed is not None else None
        file.check(parsed, charge_only=asked.charge.charge_only)
        rejects = ends.enter_context(opened_rejects(asked.batch.rejected, file))
        found = route()
        defaults = _defaults(asked, checked, found, out, template=parsed, by_option=by_option)
        observer = Observer(
            warn=out.warning,
            detail=lambda text: out.detail(text, with_local_times(text)),
            accepted=lambda _result: None,
            progress=lambda _message_id, _delivery: None,
            stopping=out.leave_reader,
        )
        with open_session(found, terms, observer) as session:
            batch = Batch(
                file,
                defaults,
                opened=session.opened(),
                terms=terms,
                batch_terms=BatchTerms(
                    template=typed,
                    confirmed=checked.confirmed,
                    rate=asked.batch.rate,
                    max_failures=asked.batch.max_failures,
                    again=asked.batch.again,
                    allow_duplicates=asked.allow_duplicates,
                ),
                observer=observer,
                rejects=rejects,
            )
            if asked.dry_run:
                return Planning(asked, out, file=file, route=found, source=defaults.source).run(
                    batch
                )
            return ShownBatch(asked, out).run(batch)


def _template(asked: SendOptions, out: Output) -> str | None:
    """Return the text of the template, None if each row has a text of its own."""
    if asked.body is None:
        return None
    if asked.body == "-" and asked.batch.file == "-":
        raise UsageError(
            "the rows and the text cannot both come from stdin", "Give the text as an argument."
        )
    return read_text(asked.body, sys.stdin.buffer if sys.stdin else None, tell=out.hint)


def _delimiter(asked: SendOptions) -> str | None:
    typed = asked.batch.delimiter
    if typed is None:
        return None
    meant = {"tab": "\t", "\\t": "\t"}.get(typed, typed)
    if len(meant) != 1 or meant in '"\r\n' or meant.isalnum():
        raise UsageError(
            f"--delimiter {typed!r} is not one character between cells",
            "Give one like ';', or the word tab.",
        )
    return meant


def _defaults(
    asked: SendOptions,
    checked: CheckedOptions,
    route: Route,
    out: Output,
    *,
    template: Template | None,
    by_option: Mapping[str, str],
) -> RowDefaults:
    return RowDefaults(
        columns=by_option,
        template=template,
        source=ordering.source_of(asked, route, out),
        country=ordering.country_of(asked, route),
        tariff=str(checked.tariff) if checked.tariff else None,
        vat=checked.vat,
        reference_id=asked.charge.reference_id,
        charge_only=asked.charge.charge_only,
        async_=ordering.async_of(asked, route),
        replace=asked.replace,
        max_parts=asked.max_parts,
    )

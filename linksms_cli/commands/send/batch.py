"""`linksms send --batch`: one message for each row of a file."""

import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack

from linksms_cli.actions.send.batch.engine import RowResult
from linksms_cli.actions.send.batch.file import opened_file, opened_rejects
from linksms_cli.actions.send.batch.run import Batch, BatchEnded, BatchTerms, Planned
from linksms_cli.actions.send.session import open_session
from linksms_cli.actions.send.terms import Observer, Route, Terms
from linksms_cli.commands.reading import read_text
from linksms_cli.commands.send import ordering
from linksms_cli.commands.send.batch_plan import Planning
from linksms_cli.commands.send.batch_rows import show_row
from linksms_cli.commands.send.options import SendOptions
from linksms_cli.commands.send.ordering import CheckedOptions
from linksms_cli.errors import ExitCode, LinksmsError, UsageError
from linksms_cli.output import Output, Progress
from linksms_cli.sms.batch import columns
from linksms_cli.sms.batch.orders import RowDefaults
from linksms_cli.sms.batch.plan import BatchPlan
from linksms_cli.sms.batch.summary import Summary
from linksms_cli.sms.batch.template import Template, parse
from linksms_cli.views import batch as view
from linksms_cli.views.layout import with_local_times

# Seconds between two lines of progress in a log.
_LOGGED_EVERY = 10.0


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
    path = asked.batch or "-"
    by_option = columns.named(asked.column or ())
    typed = _template(asked, out)
    stdin = sys.stdin.buffer if sys.stdin else None
    with ExitStack() as ends:
        opened = opened_file(path, stdin, by_option=by_option, delimiter=_delimiter(asked))
        file = ends.enter_context(opened)
        parsed = parse(typed) if typed is not None else None
        file.check(parsed, charge_only=asked.charge_only)
        rejects = ends.enter_context(opened_rejects(asked.rejected, file))
        found = route()
        defaults = _defaults(asked, checked, found, out, template=parsed, by_option=by_option)
        observer = Observer(
            warn=out.warning,
            detail=lambda text: out.detail(text, with_local_times(text)),
            accepted=lambda _result: None,
            progress=lambda _message_id, _delivery: None,
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
                    rate=asked.rate,
                    max_failures=asked.max_failures,
                    again=asked.again,
                    allow_duplicates=asked.allow_duplicates,
                ),
                observer=observer,
                rejects=rejects,
            )
            if asked.dry_run:
                return Planning(asked, out, file=file, route=found, source=defaults.source).run(
                    batch
                )
            return _Shown(asked, out).run(batch)


class _Shown:
    """Shows a batch while it is sent: each row's result, how far it is, and at the end the sum."""

    def __init__(self, asked: SendOptions, out: Output) -> None:
        self._asked = asked
        self._out = out
        self._summary = Summary()
        self._plan: BatchPlan | None = None
        self._ended: BatchEnded | None = None
        self._started = time.monotonic()
        self._logged = self._started

    def run(self, batch: Batch) -> ExitCode:
        """Send it, and return the exit code of all its rows. Raises what the batch raises."""
        with self._out.bar() as bar:
            try:
                for event in batch.run():
                    match event:
                        case RowResult(record=record, result=result):
                            self._summary.add(result)
                            show_row(record.number, result, self._out)
                        case Planned(plan=plan):
                            self._planned(plan)
                        case BatchEnded():
                            self._ended = event
                    self._progress(bar)
            except LinksmsError:
                bar(None)
                if self._summary.rows:
                    self._sum_up()
                raise
        self._sum_up()
        return self._summary.exit_code

    def _planned(self, plan: BatchPlan) -> None:
        self._plan = plan
        self._started = time.monotonic()
        if plan.refused:
            self._out.hint(f"{plan.refused} of {plan.rows} rows are refused; the rest is sent.")

    def _progress(self, bar: Callable[[Progress | None], None]) -> None:
        if self._plan is None:
            return
        now = time.monotonic()
        rate = self._summary.sent / max(now - self._started, 0.001)
        left = self._plan.rows - self._summary.rows
        if self._out.has_bar:
            text = view.progress_text(self._summary, 0, rate)
            bar(Progress(done=self._summary.rows, total=self._plan.rows, text=text))
        elif now - self._logged >= _LOGGED_EVERY:
            self._logged = now
            self._out.hint(view.progress_text(self._summary, left, rate))

    def _sum_up(self) -> None:
        """Show the summary, and how to go on with what is left; nothing is called finished unless
        the outcomes add up to the rows.
        """
        summary, ended, plan = self._summary, self._ended, self._plan
        elapsed = time.monotonic() - self._started
        adds_up = summary.is_whole and plan is not None and summary.rows == plan.rows
        finished = adds_up and ended is not None and ended.finished
        if ended and ended.finished and not adds_up:
            self._out.warning(
                f"the outcomes of {summary.rows} rows do not add up to the {plan and plan.rows} "
                "that were read: please report this"
            )
        self._out.result(
            summary.record(
                batch=ended.batch if ended else None,
                finished=finished,
                elapsed_ms=round(elapsed * 1000),
            ),
            None,
        )
        self._out.hint(view.summary_text(summary, elapsed))
        if ended and ended.batch and summary.has_unknown and not self._asked.sandbox:
            self._out.hint(view.finding_out(ended.batch))
        if not finished and not self._asked.sandbox:
            words = ("linksms", *sys.argv[1:])
            self._out.hint(view.going_on(words, from_stdin=self._asked.batch == "-"))


def _template(asked: SendOptions, out: Output) -> str | None:
    """Return the text of the template, None if each row has a text of its own."""
    if asked.body is None:
        return None
    if asked.body == "-" and asked.batch == "-":
        raise UsageError(
            "the rows and the text cannot both come from stdin", "Give the text as an argument."
        )
    return read_text(asked.body, sys.stdin.buffer if sys.stdin else None, tell=out.hint)


def _delimiter(asked: SendOptions) -> str | None:
    typed = asked.delimiter
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
        reference_id=asked.reference_id,
        charge_only=asked.charge_only,
        async_=ordering.async_of(asked, route),
        replace=asked.replace,
        max_parts=asked.max_parts,
    )

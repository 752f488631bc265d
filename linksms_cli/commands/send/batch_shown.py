"""Shows a batch while it is sent: each row's result, how far it is, and at the end the sum."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from linksms_cli.actions.send.batch.events import BatchEnded, Planned, RowResult
from linksms_cli.actions.send.batch.run import Batch
from linksms_cli.commands.send.batch_rows import row_line, show_row
from linksms_cli.commands.send.options import SendOptions
from linksms_cli.errors import ExitCode, LinksmsError
from linksms_cli.output import Output
from linksms_cli.output.progress import Progress
from linksms_cli.sms.batch.beat import Beat
from linksms_cli.sms.batch.plan import BatchPlan
from linksms_cli.sms.batch.summary import Summary
from linksms_cli.sms.mt.result import Result, combined
from linksms_cli.sms.timestamp import rfc3339
from linksms_cli.views import batch as view
from linksms_cli.views.layout import with_local_times

# Seconds between two lines of progress in a log, and between two looks of a progress bar.
_LOGGED_EVERY = 10.0
_DRAWN_EVERY = 0.1
# The results that are kept at most until they are written, all by one call.
_AT_ONCE = 500
# A pause of so many seconds is said at once, and not with the next line of progress.
_LONG = 10.0
# The kinds of a row's problem that all rows behind it share: they are told together.
_SHARED = {"stopped", "interrupted"}


class ShownBatch:
    """Runs a batch and shows what it yields."""

    def __init__(self, asked: SendOptions, out: Output) -> None:
        self._asked = asked
        self._out = out
        self._summary = Summary()
        self._plan: BatchPlan | None = None
        self._ended: BatchEnded | None = None
        self._beat = Beat()
        self._alike = view.Alike()
        self._lines: list[str] = []
        self._began = time.monotonic()
        self._sending_since = self._drawn = self._logged = self._began

    def run(self, batch: Batch) -> ExitCode:
        """Send it, and return the exit code of all its rows.

        Raises what the batch raises, unless something has gone out by then: that has its exit code
        all the same, and what went wrong behind it is one more result.
        """
        with self._out.bar() as bar:
            try:
                for event in batch.run():
                    if isinstance(event, RowResult):
                        self._summary.add(event.result)
                        self._row(event.record.number, event.result)
                        continue
                    self._write()  # what is said next is about these rows
                    match event:
                        case Planned(plan=plan):
                            self._planned(plan)
                        case BatchEnded():
                            self._end(event)
                        case Beat():
                            self._live(event)
                    self._progress(bar)
            except LinksmsError as failure:
                self._write()
                bar(None)
                if self._summary.rows:
                    self._sum_up()
                if not self._summary.has_sent:
                    raise
                code = combined({*self._summary.codes, failure.exit_code})
                self._out.error(failure.kind, failure.message, failure.hint, code)
                return code
        self._sum_up()
        return self._summary.exit_code

    def _row(self, row: int, result: Result) -> None:
        """Show a row's result; a person gets those that no one looked at in one line."""
        if not self._out.json and result.error and result.error.kind in _SHARED:
            self._alike.add(row, result)
            if self._out.quiet:
                self._out.result({}, "")
        elif self._out.quiet and not self._out.json:
            show_row(row, result, self._out)
        else:
            self._lines.append(row_line(row, result, self._out))
            if len(self._lines) >= _AT_ONCE:
                self._write()

    def _write(self) -> None:
        """Write the results of the rows that were told together, at once."""
        if self._lines:
            self._out.lines(self._lines)
            self._lines = []

    def _planned(self, plan: BatchPlan) -> None:
        self._plan = plan
        self._sending_since = time.monotonic()
        if plan.refused:
            self._out.hint(view.refused_text(plan))

    def _live(self, beat: Beat) -> None:
        """Take note of a sign of life, and say at once why nothing goes out, if that is for long.

        A store that is away may be for long.
        """
        why, seconds = beat.waits_for, beat.seconds
        begins = why is not None and why != self._beat.waits_for
        self._beat = beat
        if why is None or not begins or (seconds is not None and seconds < _LONG):
            return
        text = why
        if seconds is not None:
            until = rfc3339(datetime.now(UTC) + timedelta(seconds=seconds))
            text += f": nothing goes out for {view.duration(seconds)}, until {until}"
        self._out.warning(text if self._out.json else with_local_times(text))

    def _progress(self, bar: Callable[[Progress | None], None]) -> None:
        now = time.monotonic()
        if self._out.json or now < self._drawn + _DRAWN_EVERY:
            return
        self._drawn = now
        summary, plan = self._summary, self._plan
        if plan is None:
            text, done, total = view.reading_text(self._beat), 0, None
        else:
            done, total = summary.rows + self._beat.awaited, plan.rows
            rate = (summary.sent + self._beat.awaited) / max(now - self._sending_since, 0.001)
            if self._out.has_bar:
                text = view.bar_text(summary, self._beat, rate)
            else:
                text = view.progress_text(summary, self._beat, total - done, rate)
        if self._out.has_bar:
            bar(Progress(done=done, total=total, text=text))
        elif now >= self._logged + _LOGGED_EVERY:
            self._logged = now
            self._out.hint(text)

    def _end(self, ended: BatchEnded) -> None:
        self._ended = ended
        for outcome, count in ended.untold.items():
            self._summary.add_untold(outcome, count)

    def _sum_up(self) -> None:
        """Show the summary, and how to go on with what is left; nothing is called finished unless
        the outcomes add up to the rows.
        """
        summary, ended, plan = self._summary, self._ended, self._plan
        elapsed = time.monotonic() - self._began
        adds_up = summary.is_whole and plan is not None and summary.rows == plan.rows
        finished = adds_up and ended is not None and ended.finished
        if ended and ended.finished and not adds_up:
            self._out.warning(
                f"the outcomes add up to {summary.rows}, and the rows that were read to "
                f"{plan and plan.rows}: please report this"
            )
        for line in self._alike.lines():
            if self._out.quiet:
                self._out.error("not_sent", line, None, ExitCode.NOT_SENT)
            else:
                self._out.text(line)
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
            if ended and ended.batch:
                # It goes on without it; if it is finished after all, all would be sent once more.
                words = tuple(word for word in words if word != "--again")
            self._out.hint(view.going_on(words, from_stdin=self._asked.batch.file == "-"))

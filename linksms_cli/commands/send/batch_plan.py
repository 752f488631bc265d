"""`linksms send --batch --dry-run`: the whole plan on a page, or as JSON, and nothing sent."""

from linksms_cli.actions.send.batch.events import Planned, RowResult
from linksms_cli.actions.send.batch.file import BatchFile
from linksms_cli.actions.send.batch.run import Batch
from linksms_cli.actions.send.terms import Route, ToAccount
from linksms_cli.commands.send.batch_rows import show_row
from linksms_cli.commands.send.options import SendOptions
from linksms_cli.errors import ExitCode
from linksms_cli.output import Output
from linksms_cli.sms.batch.columns import field_columns
from linksms_cli.sms.batch.plan import BatchPlan
from linksms_cli.sms.mt.result import Result, combined
from linksms_cli.views import batch_plan as view


class Planning:
    """Shows what a batch would do: to a person the first rows that fail, to a program all."""

    def __init__(
        self, asked: SendOptions, out: Output, *, file: BatchFile, route: Route, source: str | None
    ) -> None:
        self._asked = asked
        self._out = out
        self._file = file
        self._route = route
        self._source = source
        self._refused: list[tuple[int, Result]] = []

    def run(self, batch: Batch) -> ExitCode:
        """Plan it, and return the exit code: a row that would be sent counts as 0."""
        codes: set[ExitCode] = set()
        for event in batch.run():
            match event:
                case RowResult(record=record, result=result):
                    codes.add(result.exit_code)
                    self._row(record.number, result)
                case Planned(plan=plan):
                    if plan.sendable:
                        codes.add(ExitCode.DONE)
                    self._show(plan)
        return combined(codes)

    def _row(self, number: int, result: Result) -> None:
        if self._out.json or self._out.quiet:
            show_row(number, result, self._out)
        elif len(self._refused) < view.SHOWN:
            self._refused.append((number, result))

    def _show(self, plan: BatchPlan) -> None:
        page = view.PlanPage(
            settings=self._route.settings if isinstance(self._route, ToAccount) else None,
            file=self._file.source.name,
            shape=self._file.shape,
            source=self._source,
            has_sources=field_columns(self._file.by_option)["from"]
            in (self._file.rows.columns or ()),
            refused=self._refused,
            rejected=str(self._asked.batch.rejected) if self._asked.batch.rejected else None,
            rate=self._asked.batch.rate,
        )
        text = None if self._out.quiet else view.as_page(plan, page, width=self._out.width)
        self._out.result(plan.record(self._asked.batch.rate), text)

"""Messages on their way out of `linksms status`: rows of a list, or all of one message."""

from collections.abc import Sequence
from datetime import UTC, datetime

from linksms_cli.output import Output
from linksms_cli.output.escapes import encode
from linksms_cli.sms.story import Story
from linksms_cli.views.status import page, record, table, ticket


class Listing:
    """How messages are shown: as JSON, CSV or text; `overdue_after` is in seconds."""

    def __init__(self, out: Output, *, overdue_after: float, csv: bool) -> None:
        self.out = out
        self.overdue_after = overdue_after
        self._csv = csv
        self._begun = False
        self._widths: dict[str, int] = {}

    def rows(self, stories: Sequence[Story]) -> None:
        """Print rows of the list, below its head the first time."""
        if self.out.json:
            self.out.lines(encode(record.as_record(story)) for story in stories)
        elif self._csv:
            head = [] if self._begun else [table.csv_head()]
            self.out.text("\n".join([*head, *map(table.as_csv, stories)]))
        elif stories:
            columns = self.out.columns
            rows = table.as_table(stories, columns, self._widths, is_overdue=self._is_overdue)
            self.out.text(rows)
        self._begun = True

    def page(self, story: Story, *, as_ticket: bool) -> None:
        """Print all that is known of one message."""
        if as_ticket:
            self.out.result(ticket.as_record(story), ticket.as_text(story))
            return
        overdue = self.overdue_after if self._is_overdue(story) else None
        text = page.as_text(story, self.out.width, overdue=overdue)
        self.out.result(record.as_record(story), text)

    def _is_overdue(self, story: Story) -> bool:
        # A wait, and what is followed, may last for days: what counts is the time of each look.
        return story.is_overdue(datetime.now(UTC), self.overdue_after)

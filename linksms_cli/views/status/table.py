"""Messages listed: as a table for a person, as CSV for a program."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from linksms_cli.sms import formula
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.search import MOST_COUNTED
from linksms_cli.sms.story import Story
from linksms_cli.sms.text.decoding import visible
from linksms_cli.views.code import NOT_KNOWN
from linksms_cli.views.layout import Tone, counted, local, offset, paint, shortened
from linksms_cli.views.send import TONES
from linksms_cli.views.status import record

_GAP = "  "
_CSV = (
    "handle",
    "message_id",
    "to",
    "from",
    "outcome",
    "result_code",
    "description",
    "final",
    "delivered",
    "billed",
    "retry",
    "parts_expected",
    "parts_reported",
    "operator",
    "reference",
    "profile",
    "sent_at",
    "updated_at",
)
_DELIMITER = ","


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """A column: its title, its text for each story, and how narrow it may become."""

    title: str
    texts: list[str]
    least: int | None = None
    width: int = 0

    @property
    def name(self) -> str:
        """The title without the offset of times."""
        return self.title.partition(" ")[0]


def as_table(
    stories: Sequence[Story],
    width: int | None,
    before: dict[str, int] | None = None,
    *,
    is_overdue: Callable[[Story], bool] = lambda _story: False,
) -> str:
    """List messages, one row each, within `width` columns; all of every text without it.

    `before` has the widths of the rows above, if there are any: then no head is printed. It gets
    those of these rows.
    """
    moments = [local(story.sent_at or story.updated_at) for story in stories]
    offsets = {offset(moment) for moment in moments if moment}
    columns = [
        _Column(title=_when(offsets), texts=[_clock(moment, offsets) for moment in moments]),
        _column("TO", stories, lambda story: story.to or "?", least=13),
        _column("FROM", stories, lambda story: story.source or "?", least=4),
        _column("OUTCOME", stories, lambda s: outcome_of(s, is_overdue=is_overdue(s))),
        _column("CODE", stories, code_of, least=16),
        _column("PARTS", stories, lambda s: f"{s.parts_reported}/{s.parts_expected or '?'}"),
        _column("OPERATOR", stories, lambda story: story.operator or "", least=8),
        _column("ID", stories, lambda story: story.handle or "?", least=12),
    ]
    known = before or {}
    wide = [_widened(column, known.get(column.name, 0)) for column in columns]
    fitted = _fitted(wide, width)
    rows = [_row(fitted, place, story.outcome) for place, story in enumerate(stories)]
    if not known:
        title = _GAP.join(f"{column.title:<{column.width}}" for column in fitted).rstrip()
        rows.insert(0, paint(title, Tone.QUIET))
    if before is not None:
        before |= {column.name: column.width for column in wide}
    return "\n".join(rows)


def _widened(column: _Column, least: int) -> _Column:
    return replace(column, width=max(least, len(column.title), *map(len, column.texts)))


def as_csv(story: Story) -> str:
    """Return a message as a row of CSV; times are in UTC."""
    known = record.as_record(story)
    submission = story.submission
    values = {**known, "operator": story.operator, "reference": story.reference}
    values["profile"] = submission.profile if submission else None
    return _DELIMITER.join(_cell(values[name]) for name in _CSV)


def csv_head() -> str:
    """Return the names of the columns of CSV."""
    return _DELIMITER.join(_CSV)


def shown_of(shown: int, total: int | None) -> str:
    """Say how many of the messages that were found are shown: `20 of 319 messages`."""
    if total is None:
        return f"the latest {counted(shown, 'message')}; counting all would take too long"
    if total > MOST_COUNTED:
        return f"{shown:,} of more than {MOST_COUNTED:,} messages; --limit 0 shows all"
    if total > shown:
        return f"{shown:,} of {counted(total, 'message')}; --limit 0 shows all"
    return counted(shown, "message")


def outcome_of(story: Story, *, is_overdue: bool = False) -> str:
    """Return the outcome of a message in words."""
    return "overdue" if is_overdue else story.outcome.replace("_", " ")


def code_of(story: Story) -> str:
    """Return the code that decides, with its words; else why there is none."""
    if story.result_code is not None:
        return f"{story.result_code} {story.description or NOT_KNOWN}"
    problem = story.submission.problem if story.submission else None
    return problem or "no answer"


def _column(
    title: str, stories: Sequence[Story], text: Callable[[Story], str], least: int | None = None
) -> _Column:
    # No more of a text from outside is looked at than a wide terminal holds.
    return _Column(title=title, texts=[visible(text(one)[:200]) for one in stories], least=least)


def _when(offsets: set[str]) -> str:
    if len(offsets) != 1:
        return "WHEN"
    (only,) = offsets
    return f"WHEN ({'UTC' if only == 'Z' else only})"


def _clock(moment: datetime | None, offsets: set[str]) -> str:
    if moment is None:
        return "?"
    own = offset(moment) if len(offsets) > 1 else ""
    return moment.isoformat(" ")[:16] + own


def _fitted(columns: Sequence[_Column], width: int | None) -> list[_Column]:
    """Make the columns fit: those that may shrink do, then operator and sender go."""
    if width is None:
        return list(columns)
    for gone in ((), ("OPERATOR",), ("OPERATOR", "FROM")):
        kept = [column for column in columns if column.title not in gone]
        over = sum(column.width for column in kept) + len(_GAP) * (len(kept) - 1) - width
        for title in ("CODE", "ID", "OPERATOR", "FROM", "TO"):
            kept, over = _narrowed(kept, title, over)
        if over <= 0:
            break
    return kept


def _narrowed(columns: list[_Column], title: str, over: int) -> tuple[list[_Column], int]:
    """Take from a column what is too much, as far as it goes; return what is still too much."""
    for place, column in enumerate(columns):
        if column.title == title and over > 0:
            narrow = max(min(column.width, column.least or column.width), column.width - over)
            over -= column.width - narrow
            columns = [*columns[:place], replace(column, width=narrow), *columns[place + 1 :]]
    return columns, over


def _row(columns: Sequence[_Column], place: int, outcome: Outcome) -> str:
    cells = []
    for column in columns:
        text = f"{shortened(column.texts[place], column.width):<{column.width}}"
        cells.append(paint(text, TONES[outcome]) if column.title == "OUTCOME" else text)
    return _GAP.join(cells).rstrip()


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
    text = formula.defused(str(value), _DELIMITER)
    if any(sign in text for sign in ',"\r\n'):
        escaped = text.replace('"', '""')
        return f'"{escaped}"'
    return text

"""A batch as it is shown: its rows, its plan, its progress and its summary."""

from collections.abc import Sequence

from linksms_cli.sms.batch.beat import Beat
from linksms_cli.sms.batch.plan import BatchPlan
from linksms_cli.sms.batch.summary import COUNTED, Summary
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.text.decoding import visible
from linksms_cli.views import send as submission
from linksms_cli.views.layout import Tone, counted, paint

# How many characters have room beside a progress bar.
_BESIDE = 50


def row_record(row: int, result: Result) -> dict[str, object]:
    """Return the result of a row as one JSON object."""
    return {"row": row, **submission.as_record(result)}


def row_text(row: int, result: Result) -> str:
    """Return the result of a row for a person."""
    return f"{paint(f'row {row}', Tone.QUIET)}  {submission.as_text(result, in_full=False)}"


def refused_text(plan: BatchPlan) -> str:
    """Return how many rows are not sent because they are refused."""
    refused = f"{plan.refused:,} of {counted(plan.rows, 'row')}"
    rest = "the rest is sent" if plan.sendable else "there is nothing to send"
    return f"{refused} {'is' if plan.refused == 1 else 'are'} refused; {rest}."


def summary_text(summary: Summary, elapsed: float) -> str:
    """Return the last line of a batch: how many rows came to what."""
    counts = [
        paint(f"{summary.counts[outcome]:,} {_word(outcome)}", submission.TONES[outcome])
        for outcome in COUNTED
        if summary.counts[outcome]
    ]
    rows = counted(summary.rows, "row")
    return f"{rows} in {duration(elapsed)}: {', '.join(counts) or 'nothing to do'}"


def finding_out(batch: int) -> str:
    """Return how to look at the rows that may have gone out."""
    return f"Unknown rows may have been sent: linksms status --batch {batch} --outcome unknown"


def going_on(command: Sequence[str], from_stdin: bool) -> str:
    """Return how to go on with a batch that stopped before its end."""
    from shlex import join

    again = " with the same input" if from_stdin else ""
    return f"To go on{again}, run the same command again:\n{join(command)}"


def progress_text(summary: Summary, beat: Beat, left: int, rate: float) -> str:
    """Return where a batch stands, as a log gets it."""
    counts = summary.counts
    taken = counts[Outcome.ACCEPTED] + counts[Outcome.DELIVERED] + counts[Outcome.PENDING]
    failed = counts[Outcome.REJECTED] + counts[Outcome.NOT_SENT] + counts[Outcome.FAILED]
    words = [
        f"{taken + beat.awaited:,} accepted",
        f"{failed:,} failed",
        f"{counts[Outcome.UNKNOWN]:,} unknown",
    ]
    if beat.waits_for:
        return f"{', '.join(words)}; {_pause(beat)}"
    ahead = f", {left:,} left" if left else ""
    if left and rate:
        ahead += f", {duration(left / rate)} to go"
    return f"{', '.join(words)}; {rate:,.0f} a second{ahead}"


def bar_text(summary: Summary, beat: Beat, rate: float) -> str:
    """Return what stands beside a progress bar, which leaves it so much room on 80 columns."""
    if not beat.waits_for:
        return progress_text(summary, beat, 0, rate)
    text = _pause(beat)
    return text if len(text) <= _BESIDE else f"{text[: _BESIDE - 1]}…"


def reading_text(beat: Beat) -> str:
    """Return how far the plan is."""
    read = f"{counted(beat.read, 'row')} read, none sent yet"
    return f"{read}; {_pause(beat)}" if beat.waits_for else read


class Alike:
    """Rows that have the same result for the same reason, which a person gets in one line."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[int, int, int]] = {}

    def add(self, row: int, result: Result) -> None:
        """Add a row."""
        why = result.error.message if result.error else _word(result.outcome)
        first, _, count = self._rows.get(why, (row, row, 0))
        self._rows[why] = (first, row, count + 1)

    def lines(self) -> list[str]:
        """Return a line for each reason."""
        return [
            f"{paint(f'row {first}' if count == 1 else f'rows {first} to {last}', Tone.QUIET)}  "
            f"{count:,} not sent: {visible(why)}"
            for why, (first, last, count) in self._rows.items()
        ]


def _pause(beat: Beat) -> str:
    left = f" ({duration(beat.seconds)})" if beat.seconds else ""
    return f"{beat.waits_for}{left}"


def _word(outcome: Outcome) -> str:
    return outcome.replace("_", " ")


def duration(seconds: float) -> str:
    """Return a time that something takes, in words."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"

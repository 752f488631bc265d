"""A batch as it is shown: its rows, its plan, its progress and its summary."""

from collections.abc import Sequence

from linksms_cli.sms.batch.plan import BatchPlan
from linksms_cli.sms.batch.summary import COUNTED, Summary
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.outcome import Outcome
from linksms_cli.views import send as submission
from linksms_cli.views.layout import Tone, paint

# Figures of a plan that stand beside their name in so many columns.
_NAME = 14
_BAR = 24


def row_record(row: int, result: Result) -> dict[str, object]:
    """Return the result of a row as one JSON object."""
    return {"row": row, **submission.as_record(result)}


def row_text(row: int, result: Result) -> str:
    """Return the result of a row for a person."""
    return f"{paint(f'row {row}', Tone.QUIET)}  {submission.as_text(result, in_full=False)}"


def plan_text(plan: BatchPlan, rate: float | None) -> str:
    """Return the page of a plan: what would go out, in how many parts, for what charge."""
    lines = [
        paint(f"Plan of {_counted(plan.rows, 'row')}", Tone.STRONG),
        _figure("would send", _counted(plan.sendable, "message")),
        *(_figure(name, str(count)) for name, count in _left_out(plan) if count),
        _figure("parts", _parts(plan)),
    ]
    if plan.longest_row and plan.longest_parts > 1:
        lines.append(_figure("longest", f"row {plan.longest_row}, {plan.longest_parts} parts"))
    if plan.charge_total:
        lines.append(_figure("charges", " + ".join(map(str, plan.charge_total))))
    if rate:
        lines.append(_figure("takes", f"{_duration(plan.sendable / rate)} at {rate:g} a second"))
    return "\n".join(lines)


def summary_text(summary: Summary, elapsed: float) -> str:
    """Return the last line of a batch: how many rows came to what."""
    counted = [
        paint(f"{summary.counts[outcome]} {_word(outcome)}", submission.TONES[outcome])
        for outcome in COUNTED
        if summary.counts[outcome]
    ]
    rows = _counted(summary.rows, "row")
    return f"{rows} in {_duration(elapsed)}: {', '.join(counted) or 'nothing to do'}"


def going_on(command: Sequence[str], from_stdin: bool) -> str:
    """Return how to go on with a batch that stopped before its end."""
    from shlex import join

    again = " with the same input" if from_stdin else ""
    return f"To go on{again}, run the same command again:\n{join(command)}"


def progress_text(summary: Summary, left: int, rate: float) -> str:
    """Return where a batch stands, as a log gets it."""
    counts = summary.counts
    taken = counts[Outcome.ACCEPTED] + counts[Outcome.DELIVERED] + counts[Outcome.PENDING]
    failed = counts[Outcome.REJECTED] + counts[Outcome.NOT_SENT]
    words = [f"{taken} accepted", f"{failed} failed", f"{counts[Outcome.UNKNOWN]} unknown"]
    ahead = f", {left} left, {_duration(left / rate)} to go" if left and rate else ""
    return f"{', '.join(words)}; {rate:.0f} a second{ahead}"


def _left_out(plan: BatchPlan) -> Sequence[tuple[str, int]]:
    return (
        ("refused", plan.refused),
        ("duplicates", plan.duplicates),
        ("already sent", plan.already_sent),
    )


def _parts(plan: BatchPlan) -> str:
    encodings = ", ".join(f"{count} {name}" for name, count in sorted(plan.by_encoding.items()))
    return f"{plan.parts}" + (f" ({encodings})" if encodings else "")


def _figure(name: str, value: str) -> str:
    return f"  {paint(f'{name:<{_NAME}}', Tone.QUIET)}{value}"


def _word(outcome: Outcome) -> str:
    return outcome.replace("_", " ")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' if count != 1 else ''}"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"

"""The plan of a batch as a person reads it: what would go out, for what charge, and what fails."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from linksms_cli.sms.account.profile import Settings
from linksms_cli.sms.batch.plan import BatchPlan
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.text.decoding import visible
from linksms_cli.views.batch import duration
from linksms_cli.views.layout import (
    LABEL,
    Tone,
    counted,
    labelled,
    paint,
    with_local_times,
)
from linksms_cli.views.plan import as_account, as_profile

# So many rows that fail are shown; all of them are in JSON, and in the file of --rejected.
SHOWN = 10
# Rows of the example, and groups of messages with so many parts each.
_EXAMPLE, _GROUPS = 6, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """What stands on the page beside the figures.

    `settings` are None for a sandbox of the command's own. `shape` says how the `file` is read.
    `source` is the sender of rows that name none; with `has_sources` they may. `refused` are the
    first rows that fail, with their numbers, and `rejected` is the file that holds all of them, if
    there is one.
    """

    settings: Settings | None
    file: str
    shape: str
    source: str | None
    has_sources: bool
    refused: Sequence[tuple[int, Result]]
    rejected: str | None
    rate: float | None


def as_page(plan: BatchPlan, page: PlanPage, *, width: int) -> str:
    """Return the page, in lines of `width` columns."""
    room = width - LABEL
    rows = [
        ("Account", [as_account(page.settings)]),
        ("Profile", [as_profile(page.settings)]),
        ("Sender", [_sender(page)]),
        ("File", [visible(page.file), *textwrap.wrap(visible(page.shape), room)]),
        ("Rows", _rows(plan)),
        ("Example", _example(plan, room)),
        ("Parts", _parts(plan)),
        ("Charge", _charge(plan)),
        ("Time", _time(plan, page.rate)),
        ("Refused", _refused(plan, page, room)),
    ]
    head = paint("Dry run: nothing is sent.", Tone.STRONG)
    shown = [line for name, lines in rows if lines for line in labelled(name, lines)]
    last = "To send it, run the same command without --dry-run." if plan.sendable else ""
    return "\n".join([head, *shown, *filter(None, [last])])


def _sender(page: PlanPage) -> str:
    if page.source is None:
        return "as each row says"
    return f"{page.source}, if a row does not name another" if page.has_sources else page.source


def _rows(plan: BatchPlan) -> list[str]:
    counts = (
        (plan.sendable, "would be sent", Tone.GOOD),
        (plan.refused, "refused", Tone.BAD),
        (plan.duplicates, "the same as a row above", Tone.UNSURE),
        (plan.already_sent, "sent before", Tone.QUIET),
    )
    width = len(f"{plan.rows:,}")
    lines = [paint(f"{count:>{width},} {what}", tone) for count, what, tone in counts if count]
    return [f"{plan.rows:,} in all", *lines]


def _example(plan: BatchPlan, room: int) -> list[str]:
    if plan.first is None:
        return []
    row, order = plan.first
    lines = [f"row {row} to {order.recipients[0]} from {order.draft.source}"]
    text = (order.draft.text or "").splitlines()
    wrapped = [piece for line in text for piece in textwrap.wrap(visible(line), room) or [""]]
    lines += wrapped[:_EXAMPLE]
    return [*lines, "…"] if len(wrapped) > _EXAMPLE else lines


def _parts(plan: BatchPlan) -> list[str]:
    if not plan.parts:
        return []
    encodings = ", ".join(
        f"{count:,} in {name}" for name, count in sorted(plan.by_encoding.items())
    )
    lines = [f"{plan.parts:,} in all; messages: {encodings}"]
    if set(plan.by_parts) == {1}:
        return lines
    groups = sorted(plan.by_parts.items())
    lines += [
        f"{counted(count, 'message')} of {counted(parts, 'part')}"
        for parts, count in groups[:_GROUPS]
    ]
    if more := groups[_GROUPS:]:
        count = sum(count for _, count in more)
        or_more = " or more" if len(more) > 1 else ""
        lines.append(f"{counted(count, 'message')} of {more[0][0]} parts{or_more}")
    return [*lines, f"the longest is row {plan.longest_row} with {plan.longest_parts}"]


def _charge(plan: BatchPlan) -> list[str]:
    total = " + ".join(f"{one} ({_in_units(one.hundredths)})" for one in plan.charge_total)
    return [f"{total} in all" if total else "none"]


def _in_units(hundredths: int) -> str:
    return f"{hundredths // 100:,}.{hundredths % 100:02}"


def _time(plan: BatchPlan, rate: float | None) -> list[str]:
    if not rate:
        return []
    pace = f"{rate:g} message{'' if rate == 1 else 's'} a second"
    return [f"{duration(plan.sendable / rate)} at {pace}, or longer"]


def _refused(plan: BatchPlan, page: PlanPage, room: int) -> list[str]:
    margin = len(f"row {page.refused[-1][0]}  ") if page.refused else 0
    lines: list[str] = []
    hinted: str | None = None
    for row, result in page.refused:
        message, hint = (result.error.message, result.error.hint) if result.error else ("", None)
        # What to do is said once for neighbours that have the same wrong.
        said = f"{message}. {hint}" if hint and hint != hinted else message
        hinted = hint
        first, *more = textwrap.wrap(visible(with_local_times(said)), room - margin) or [""]
        lines += [f"{f'row {row}':<{margin}}{first}", *(" " * margin + one for one in more)]
    if left := plan.refused - len(page.refused):
        where = f"all are in {page.rejected}" if page.rejected else "--rejected FILE writes all"
        lines.append(f"… and {counted(left, 'more row')}: {where}")
    return lines

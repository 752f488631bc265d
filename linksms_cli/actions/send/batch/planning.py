"""The plan of a batch: every row is judged before the first goes out, and the charge is known."""

import time
from collections.abc import Callable, Iterable, Iterator

from linksms_cli.actions.send.batch.events import Away, Candidate, RowResult
from linksms_cli.actions.send.batch.judging import is_duplicate
from linksms_cli.actions.send.batch.left import Left
from linksms_cli.errors import BatchRefusedError
from linksms_cli.sms.batch.beat import Beat
from linksms_cli.sms.batch.plan import BatchPlan
from linksms_cli.sms.mt.charge import Amount
from linksms_cli.sms.outcome import Outcome

# Seconds between two signs of life, and how long a store that is away is left alone.
_BEAT = 0.1
_PAUSE = 0.2


def fill(
    plan: BatchPlan,
    left: Left,
    candidates: Iterable[Candidate | Away],
    signals: Callable[[], int],
) -> Iterator[RowResult | Beat]:
    """Count every row in a plan, note those that are left to send, and yield the others.

    A signal ends it early.
    """
    beaten = time.monotonic()
    for candidate in candidates:
        if signals():
            return
        if isinstance(candidate, Away):
            yield Beat(candidate.failure.message, read=plan.rows)
            time.sleep(_PAUSE)
            continue
        if time.monotonic() > beaten + _BEAT:
            yield Beat(read=plan.rows)
            beaten = time.monotonic()
        record, turn, result = candidate
        plan.rows += 1
        if turn:
            plan.count(record.number, turn.order)
            left.note(turn)
        elif result:
            if result.outcome is Outcome.REFUSED:
                plan.refused += 1
            elif is_duplicate(result):
                plan.duplicates += 1
            else:
                plan.already_sent += 1
            yield RowResult(record, result)


def check_charge(plan: BatchPlan, said: Amount | None) -> None:
    """Refuse a charge that was not confirmed to the hundredth. Raises BatchRefusedError."""
    total = plan.charge_total
    if len(total) > 1:
        named = " and ".join(map(str, total))
        raise BatchRefusedError(
            f"this batch charges in several currencies: {named}",
            "Make a file for each currency, and confirm the total of each.",
        )
    if total != ((said,) if said and said.hundredths else ()):
        charges = f"charges {total[0]} in all" if total else "charges nothing"
        named = f", and --confirm-charge says {said}" if said else ""
        hint = f"add --confirm-charge {total[0]}" if total else "leave --confirm-charge out"
        raise BatchRefusedError(f"this batch {charges}{named}", f"To send it, {hint}.")

"""What a store is and holds, as `store info` shows it."""

from dataclasses import asdict

from linksms_cli.sms.holdings import Holdings, StoreFacts
from linksms_cli.views.layout import Tone, counted, date_and_time, paint, shortened, sized

# The longest place that is shown whole.
_PLACE = 500


def as_record(facts: StoreFacts) -> dict[str, object]:
    """Return one JSON object."""
    return {
        "kind": facts.kind,
        "place": facts.place,
        "exists": facts.version is not None,
        "software": facts.software,
        "version": facts.version,
        "size": facts.size,
        "has_receiver": facts.has_receiver,
        "group": facts.group,
        **asdict(facts.held),
    }


def as_text(facts: StoreFacts) -> str:
    """Return the page for a person."""
    lines = [paint(f"The store in {shortened(facts.place, _PLACE)}", Tone.STRONG)]
    if facts.version is None:
        return "\n".join([*lines, _figure("holds", "nothing: no command has stored anything yet")])
    held = facts.held
    period = [date_and_time(moment) for moment in (held.oldest, held.newest) if moment]
    batches = counted(held.batches, "batch", "batches")
    if held.unfinished_batches:
        batches += f", {held.unfinished_batches:,} of them not finished"
    figures = {
        "messages": f"{held.messages:,}",
        "reports": ", ".join([f"{held.reports:,}", *_beside(held)]),
        "period": " to ".join(period) or "nothing yet",
        "keys": f"{counted(held.keys, 'once-key')}, {batches}",
        "forwards": f"{held.forwards_waiting:,} waiting, {held.forwards_set_aside:,} set aside",
        "receiver": "running" if facts.has_receiver else "none is running",
        **({"shared": f"with the group {facts.group}"} if facts.group else {}),
        "size": sized(facts.size),
        "version": f"{facts.version}, in {facts.software}",
    }
    return "\n".join([*lines, *(_figure(name, value) for name, value in figures.items())])


def _beside(held: Holdings) -> list[str]:
    return [
        *([counted(held.incoming, "incoming message")] if held.incoming else []),
        *([f"{held.unreadable:,} unreadable"] if held.unreadable else []),
    ]


def _figure(name: str, value: str) -> str:
    return f"  {paint(f'{name:10}', Tone.QUIET)}{value}"

"""What becomes of reports at the targets that they are forwarded to, as it is shown."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from linksms_cli.sms.dlr.receiving import ForwardFailed, ReportForwarded
from linksms_cli.sms.forward.due import ForwardState, State
from linksms_cli.sms.text.decoding import visible
from linksms_cli.views.layout import Tone, date_and_time, paint, time_of_day


def as_record(event: ReportForwarded | ForwardFailed) -> dict[str, Any]:
    """Return the JSON object of an event."""
    name = "forwarded" if isinstance(event, ReportForwarded) else "forward_failed"
    return {"event": name, **asdict(event)}


def as_text(event: ReportForwarded | ForwardFailed) -> str:
    """Show an event to a person, in a line."""
    what = visible(event.id) if event.id else f"number {event.number}"
    if isinstance(event, ReportForwarded):
        head = f"{time_of_day(event.forwarded_at)}  {paint('forwarded', Tone.GOOD)}  "
        return f"{head}{what} to {event.target} ({event.status}, {event.elapsed_ms} ms)"
    head = f"{time_of_day(event.failed_at)}  {paint('not forwarded', Tone.BAD)}  "
    why = event.error or f"status {event.status}"
    if event.next_attempt_at is None:
        then = "set aside"
    else:
        then = f"next attempt at {time_of_day(event.next_attempt_at)}"
    more = f", {event.failures} failures so far" if event.failures > 1 else ""
    return f"{head}{what} to {event.target}: {why}; {then}{more}"


def again_record(target: str, count: int) -> dict[str, Any]:
    """Return the JSON object of how much is forwarded again."""
    return {"target": target, "forwarded_again": count}


def again_text(target: str, count: int) -> str:
    """Say how much is forwarded again."""
    return f"{count} set aside for {target} {'waits' if count == 1 else 'wait'} again"


def pending_text(target: str, counted: Mapping[State, int]) -> str:
    """Say how much is not forwarded to a target."""
    words = {State.WAITING: "waiting", State.SET_ASIDE: "set aside"}
    counts = [f"{counted[state]} {word}" for state, word in words.items() if counted[state]]
    return f"{target}: {', '.join(counts)}"


def state_record(state: ForwardState) -> dict[str, Any]:
    """Return the JSON object of what became of a report at a target."""
    return asdict(state)


def state_text(state: ForwardState) -> str:
    """Say in words what became of a report at a target."""
    why = state.failure or (f"status {state.status}" if state.status is not None else None)
    tries = f" after {state.attempts} attempts" if state.attempts > 1 else ""
    match state.state:
        case State.FORWARDED:
            when = f" at {date_and_time(state.forwarded_at)}" if state.forwarded_at else ""
            return f"forwarded{when} to {state.target}{tries}"
        case State.SET_ASIDE:
            return f"set aside for {state.target}{tries}" + (f": {why}" if why else "")
    return f"waits for {state.target}{tries}" + (f": {why}" if why else "")

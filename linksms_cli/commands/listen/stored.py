"""What `linksms listen` prints of the store, without listening."""

import os
from collections import Counter

from linksms_cli.actions.listen import stored
from linksms_cli.commands.listen.options import ListenOptions
from linksms_cli.commands.listen.settings import read_since
from linksms_cli.commands.listen.showing import show
from linksms_cli.errors import ExitCode, LinksmsError
from linksms_cli.output import Output
from linksms_cli.sms.forward.due import State
from linksms_cli.views import forwards, request
from linksms_cli.views.layout import Tone, paint
from linksms_cli.views.listen import paragraph


def look(asked: ListenOptions, out: Output) -> int | None:
    """Print what was asked of the store, and return the exit code; None if nothing was."""
    if asked.raw is not None:
        return _raw(asked.raw, out)
    if asked.replay:
        return _replay(asked, out)
    if asked.forward_pending:
        return _pending(asked.target, out)
    if asked.forward_again:
        return _again(asked.target, out)
    return None


def _raw(number: int, out: Output) -> int:
    found = stored.request(number, os.environ)
    if found is None:
        hint = "`linksms listen --replay` shows what is stored; an unreadable request has a number."
        raise LinksmsError(f"nothing is stored under number {number}", hint)
    if out.json:
        out.result(request.as_record(number, found), None)
    else:
        out.hint(request.about(found))
        out.octets(found.octets, request.as_text(found))
    return ExitCode.DONE


def _replay(asked: ListenOptions, out: Output) -> int:
    day = ""
    for together in stored.replay(read_since(asked), os.environ):
        if out.json:
            show(together, out)
        else:
            for event in together:
                # Each says the time of the day only.
                if (its_day := paragraph.day_of(event)) != day:
                    day = its_day
                    out.text(paint(day, Tone.QUIET))
                show([event], out)
        if out.unread:
            break
    return ExitCode.DONE


def _pending(target: str | None, out: Output) -> int:
    counts: dict[str, Counter[State]] = {}
    for state in stored.not_forwarded(target, os.environ):
        counts.setdefault(state.target, Counter())[state.state] += 1
        out.result(
            forwards.state_record(state), f"number {state.number}  {forwards.state_text(state)}"
        )
        if out.unread:
            break
    for name, counted in sorted(counts.items()):
        out.hint(forwards.pending_text(name, counted))
    if any(counted[State.SET_ASIDE] for counted in counts.values()):
        out.hint("`linksms listen --forward-again` has what was set aside tried again.")
    elif not counts:
        out.hint("nothing waits to be forwarded")
    return ExitCode.DONE


def _again(target: str | None, out: Output) -> int:
    found = stored.forward_again(target, os.environ)
    if target is not None and not found:
        hint = "`linksms listen --forward-pending` shows the names of targets."
        raise LinksmsError(f"the store knows no target {target!r}", hint)
    for name, count in found.items():
        out.result(forwards.again_record(name, count), forwards.again_text(name, count))
    if any(found.values()):
        out.hint("They go out as soon as a receiver runs that forwards there.")
    elif not found:
        out.hint("nothing was ever forwarded")
    return ExitCode.DONE

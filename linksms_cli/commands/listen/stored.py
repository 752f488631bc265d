"""What `linksms listen` prints of the store, without listening."""

import os

from linksms_cli.actions.listen import stored
from linksms_cli.commands.listen.options import ListenOptions
from linksms_cli.commands.listen.settings import read_since
from linksms_cli.commands.listen.showing import show
from linksms_cli.errors import ExitCode, LinksmsError
from linksms_cli.output import Output
from linksms_cli.views import forwards, request


def look(asked: ListenOptions, out: Output) -> int | None:
    """Print what was asked of the store, and return the exit code; None if nothing was."""
    if asked.raw is not None:
        return _raw(asked.raw, out)
    if asked.replay:
        return _replay(asked, out)
    if asked.forward_pending:
        return _pending(out)
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
    for together in stored.replay(read_since(asked), os.environ):
        show(together, out)
        if out.unread:
            break
    return ExitCode.DONE


def _pending(out: Output) -> int:
    for state in stored.not_forwarded(os.environ):
        out.result(
            forwards.state_record(state), f"number {state.number}  {forwards.state_text(state)}"
        )
        if out.unread:
            break
    return ExitCode.DONE

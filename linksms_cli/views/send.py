"""A send's results, as they are shown."""

from linksms_cli.sms.account.profile import Settings
from linksms_cli.sms.codes import explain
from linksms_cli.sms.mt.result import Problem, Result
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.text.decoding import visible
from linksms_cli.views import standing
from linksms_cli.views.layout import Tone, paint, with_local_times

TONES = {
    Outcome.ACCEPTED: Tone.GOOD,
    Outcome.DELIVERED: Tone.GOOD,
    Outcome.FAILED: Tone.BAD,
    Outcome.PENDING: Tone.PENDING,
    Outcome.REJECTED: Tone.BAD,
    Outcome.NOT_SENT: Tone.BAD,
    Outcome.UNKNOWN: Tone.UNSURE,
    Outcome.REFUSED: Tone.BAD,
    Outcome.PLANNED: Tone.PENDING,
    Outcome.SKIPPED: Tone.QUIET,
}

WIDTH = 80
_MARGIN = " " * 11


def as_record(result: Result) -> dict[str, object]:
    """Return a result as one JSON object."""
    return {
        "to": result.to,
        "from": result.source,
        "outcome": result.outcome,
        "result_code": result.result_code,
        "description": result.description,
        "message_id": result.message_id,
        "final": result.final,
        "delivered": result.delivered,
        "billed": result.billed,
        "retry": result.retry,
        "encoding": result.encoding,
        "parts": result.parts,
        "profile": result.profile,
        "key": result.key,
        "sent_at": result.sent_at,
        "elapsed_ms": result.elapsed_ms,
        "error": _problem_record(result.error),
    }


def as_text(result: Result, *, is_stored: bool = True, in_full: bool = True) -> str:
    """Return a result for a person: what became of it, and what to do if that is not obvious.

    Not `in_full` it is one of many. What is not stored no command finds.
    """
    words = [visible(result.to)]
    if result.error:
        words.append(with_local_times(visible(result.error.message)))
    elif result.result_code is not None:
        words.append(f"{result.result_code} {result.description}".rstrip())
    if result.message_id:
        words.append(f"id {result.message_id}")
    line = "  ".join(words)
    if len(line) > WIDTH - len(_MARGIN):
        line = "\n".join([_wrapped("  ".join(words[:2])).lstrip(), *map(_wrapped, words[2:])])
    handle = _handle(result) if is_stored else None
    if in_full and _has_standing(result, handle):
        sure = _wrapped(standing.certainty(result))
        line = "\n".join([line, sure, *standing.as_lines(result, handle, WIDTH)])
    elif result.error and result.error.hint:
        line += f"\n{_wrapped(visible(result.error.hint))}"
    return f"{paint(_column(result.outcome), TONES[result.outcome])}  {line}"


def _column(outcome: Outcome) -> str:
    return f"{outcome.replace('_', ' '):<9}"


def _handle(result: Result) -> str | None:
    """Return what the store knows a message by: its id, else its own number; None if neither."""
    return result.message_id or (f"#{result.number}" if result.number is not None else None)


def _has_standing(result: Result, handle: str | None) -> bool:
    """Return whether there is more to say of a message than why it was not sent."""
    match result.outcome:
        case Outcome.FAILED:
            return True
        case Outcome.PENDING:  # without an id no report will ever tell more
            return result.message_id is not None
        case Outcome.UNKNOWN:
            return result.result_code is not None or handle is not None
        case Outcome.REJECTED:  # by a code, whose own advice is all there is to say
            hint = result.error.hint if result.error else None
            return result.result_code is not None and hint == explain(result.result_code).action
    return False


def as_account(settings: Settings) -> str:
    """Return a line that says where the account comes from: a profile, or the environment."""
    if settings.name is None:
        return "Using the account in the environment."
    return f"Using profile {settings.name}{' (the default)' if settings.is_default else ''}."


def as_accepted(result: Result) -> str:
    """Return a line that says that a message was accepted, with the id to look for it by."""
    return f"{_column(Outcome.ACCEPTED)}  {result.to}  id {result.message_id}"


def as_accepted_record(result: Result) -> dict[str, object]:
    """Return the same as a JSON object."""
    return {"accepted": {"to": result.to, "message_id": result.message_id}}


def as_reference(result: Result) -> str:
    """Return how to look for a message that the gateway gave no id."""
    return f"linksms status '#{result.number}' says what was seen, and what to do now."


def as_id(result: Result) -> str:
    """Return the message id alone, or an empty text if there is none."""
    return result.message_id or ""


def as_reason(result: Result) -> str:
    """Return whose message was not simply accepted or delivered, and why not."""
    why = with_local_times(result.error.message) if result.error else result.outcome
    return f"{result.to}: {why}"


def _problem_record(problem: Problem | None) -> dict[str, object] | None:
    if problem is None:
        return None
    return {"kind": problem.kind, "message": problem.message, "hint": problem.hint}


def _wrapped(words: str) -> str:
    from textwrap import fill

    # Options and commands are copied from here.
    return fill(
        words,
        width=WIDTH,
        initial_indent=_MARGIN,
        subsequent_indent=_MARGIN,
        break_on_hyphens=False,
        break_long_words=False,
    )

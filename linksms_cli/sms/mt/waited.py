"""The result of an accepted message when the wait for its delivery reports is over."""

from linksms_cli.errors import ExitCode, StoreError
from linksms_cli.sms.codes import ResultCode, explain
from linksms_cli.sms.dlr.delivery import Delivery
from linksms_cli.sms.mt.result import Problem, Result
from linksms_cli.sms.outcome import Outcome, in_words


def can_be_awaited(result: Result) -> bool:
    """Return whether a wait has anything to wait for: it was accepted, now or by an earlier run."""
    if result.outcome is Outcome.SKIPPED:
        return result.error is not None and result.error.kind == "once"
    return result.outcome is Outcome.ACCEPTED


def after_waiting(
    accepted: Result, delivery: Delivery | None, seconds: float, *, interrupted: bool
) -> Result:
    """Return an accepted message's result when the wait is over, by its length or by a signal.

    One that an earlier run has sent stays `skipped`; it ends with the same exit code.
    """
    waited = _waited(accepted, delivery, seconds, interrupted=interrupted)
    if accepted.outcome is Outcome.SKIPPED and accepted.error:
        sent = accepted.error.message
        what = waited.error.message if waited.error else in_words(waited.outcome)
        hint = waited.error and waited.error.hint
        problem = Problem(kind="once", message=f"{sent.partition(',')[0]}: {what}", hint=hint)
        return waited._replace(outcome=Outcome.SKIPPED, error=problem)
    return waited


def not_followed(accepted: Result, failure: StoreError) -> Result:
    """Return the result of an accepted message whose reports the store could not be asked for."""
    problem = Problem(
        kind=failure.kind,
        message=f"accepted, but the wait failed: {failure.message}",
        hint="It may still be delivered: do not send it again. See `linksms status` later.",
    )
    return accepted._replace(outcome=Outcome.PENDING, exit_code=ExitCode.PENDING, error=problem)


def _waited(
    accepted: Result, delivery: Delivery | None, seconds: float, *, interrupted: bool
) -> Result:
    if delivery is None:
        if interrupted:
            problem = _pending("interrupted while waiting for the report", "interrupted")
        elif accepted.message_id:
            problem = _pending(f"accepted, but no report came within {seconds:g} s")
        else:
            problem = _pending("accepted, but without an id to follow it by")
        return accepted._replace(outcome=Outcome.PENDING, exit_code=ExitCode.PENDING, error=problem)
    code = explain(delivery.result_code) if delivery.result_code is not None else None
    return accepted._replace(
        outcome=delivery.outcome,
        exit_code=delivery.exit_code,
        result_code=delivery.result_code,
        description=code.description if code else None,
        final=delivery.final,
        delivered=delivery.delivered,
        billed=delivery.billed,
        retry=delivery.retry,
        error=_why(delivery, code, None if interrupted else seconds),
        delivery=delivery,
    )


def _pending(message: str, kind: str = "pending") -> Problem:
    return Problem(
        kind=kind, message=message, hint="It may still be delivered: do not send it again."
    )


def _why(delivery: Delivery, code: ResultCode | None, waited: float | None) -> Problem | None:
    """Return why a message is not simply delivered after so many seconds, None if interrupted."""
    words = f"{code.code} {code.description or ''}".rstrip() if code else ""
    action = code.action if code else None
    match delivery.outcome:
        case Outcome.FAILED:
            return Problem(kind="failed", message=f"finally not delivered: {words}", hint=action)
        case Outcome.UNKNOWN:
            return Problem(kind="unknown_outcome", message=f"a report said {words}", hint=action)
        case Outcome.PENDING:
            parts = f"{delivery.parts_reported} of {delivery.parts_expected or '?'} parts reported"
            if waited is None:
                return _pending(f"interrupted while waiting: {parts}, {words}", "interrupted")
            return _pending(f"not final within {waited:g} s: {parts}, {words}")
        case _:
            return None

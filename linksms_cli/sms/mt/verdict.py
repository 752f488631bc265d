"""The outcome of an attempt, by the ruling that it falls under and the code in its answer."""

from typing import NamedTuple

from linksms_cli.errors import ExitCode
from linksms_cli.sms.codes import Certainty, ResultCode, Retry, explain
from linksms_cli.sms.mt.exchange import Exchange
from linksms_cli.sms.mt.result import Problem
from linksms_cli.sms.mt.rulings import RULINGS, Ruling
from linksms_cli.sms.outcome import Outcome

_NO, _UNKNOWN = Certainty.NO, Certainty.UNKNOWN


class Verdict(NamedTuple):
    """The outcome of an attempt, and whether the same attempt may be made again at once.

    `doubtful_id` is an id that may be cut off or garbled, and is not relied on.
    """

    outcome: Outcome
    exit_code: ExitCode
    final: bool
    delivered: Certainty
    billed: Certainty
    retry: Retry
    result_code: int | None = None
    description: str | None = None
    message_id: str | None = None
    doubtful_id: str | None = None
    problem: Problem | None = None
    may_retry: bool = False
    stops_the_rest: bool = False


def decide(exchange: Exchange) -> Verdict:
    """Return the verdict on an attempt."""
    ruling = next(ruling for ruling in RULINGS if ruling.holds(exchange))
    answer = exchange.answer
    known = explain(answer.code) if answer else None
    problem = None
    if ruling.kind:
        message = ruling.message.format(
            status=exchange.status,
            detail=exchange.detail,
            code=answer.code if answer else "",
            description=(answer.description or known.description or "") if answer and known else "",
        ).rstrip()
        problem = Problem(kind=ruling.kind, message=message, hint=ruling.hint or _advice(known))
    final, delivered, billed, retry = _values(ruling, known)
    return Verdict(
        outcome=ruling.outcome,
        exit_code=ruling.exit_code,
        result_code=answer.code if answer else None,
        description=answer.description if answer else None,
        message_id=answer.message_id if answer else None,
        doubtful_id=answer.doubtful_id if answer else None,
        final=final,
        delivered=delivered,
        billed=billed,
        retry=retry,
        problem=problem,
        may_retry=ruling.may_retry,
        stops_the_rest=ruling.stops_the_rest,
    )


def missing_id(recipient: str, verdict: Verdict) -> str | None:
    """Return a warning if an answer lacks an id to rely on, None if it has one or needs none."""
    if verdict.doubtful_id:
        return (
            f"the answer for {recipient} may have been cut off or garbled, so the id in it is not "
            f"used: it came as {verdict.doubtful_id}"
        )
    if verdict.outcome is Outcome.ACCEPTED and verdict.message_id is None:
        return (
            f"the gateway accepted the message to {recipient} without giving it an id: "
            "its delivery reports cannot be recognised"
        )
    return None


def _values(ruling: Ruling, known: ResultCode | None) -> tuple[bool, Certainty, Certainty, Retry]:
    """Return final, delivered, billed and retry: those of the code, if there is one."""
    if known:
        return known.final, known.delivered, known.billed, known.retry
    if ruling.outcome is Outcome.UNKNOWN:
        return False, _UNKNOWN, _UNKNOWN, Retry.NEVER
    safe = ruling.exit_code is ExitCode.NOT_SENT
    return True, _NO, _NO, Retry.SAFE if safe else Retry.POINTLESS


def _advice(known: ResultCode | None) -> str | None:
    return known.action if known else None

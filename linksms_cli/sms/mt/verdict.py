"""The outcome of an attempt, decided by one table of what can be proved.

A well-formed answer decides, whatever the HTTP status. Without one the status does, unless an
answer may have been cut off; without a status, whether the request can have left. The first row
that holds is the verdict.
"""

from collections.abc import Callable
from typing import NamedTuple

from linksms_cli.errors import ExitCode
from linksms_cli.sms.codes import Certainty, ResultCode, Retry, explain
from linksms_cli.sms.mt.exchange import Exchange, Fault
from linksms_cli.sms.mt.result import Problem
from linksms_cli.sms.outcome import Outcome

_NO, _UNKNOWN = Certainty.NO, Certainty.UNKNOWN
_RESEND = "It took no effect and is safe to send again."
_DO_NOT_RESEND = "Do not send it again blindly: it may have been sent and billed."


class Verdict(NamedTuple):
    """The outcome of an attempt, and whether the same attempt may be made again at once.

    `doubtful_id` is the id of an answer whose end is not proven: no id to be relied on.
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


class _Row(NamedTuple):
    """One row of the table: where it holds, what it decides, and what it says."""

    holds: Callable[[Exchange], bool]
    outcome: Outcome
    exit_code: ExitCode
    kind: str | None = None
    message: str = ""
    hint: str | None = None
    may_retry: bool = False
    stops_the_rest: bool = False


def decide(exchange: Exchange) -> Verdict:
    """Return the verdict on an attempt."""
    row = next(row for row in _TABLE if row.holds(exchange))
    answer = exchange.answer
    known = explain(answer.code) if answer else None
    problem = None
    if row.kind:
        message = row.message.format(
            status=exchange.status,
            detail=exchange.detail,
            code=answer.code if answer else "",
            description=(answer.description or known.description) if answer and known else "",
        )
        problem = Problem(kind=row.kind, message=message, hint=row.hint or _advice(known))
    final, delivered, billed, retry = _values(row, known)
    return Verdict(
        outcome=row.outcome,
        exit_code=row.exit_code,
        result_code=answer.code if answer else None,
        description=answer.description if answer else None,
        message_id=answer.message_id if answer else None,
        doubtful_id=answer.doubtful_id if answer else None,
        final=final,
        delivered=delivered,
        billed=billed,
        retry=retry,
        problem=problem,
        may_retry=row.may_retry,
        stops_the_rest=row.stops_the_rest,
    )


def missing_id(recipient: str, verdict: Verdict) -> str | None:
    """Return a warning if an answer has no id to be relied on, None if it has one or needs none."""
    if verdict.doubtful_id:
        return (
            f"the answer for {recipient} may have been cut off, so the id in it is not used: "
            f"{verdict.doubtful_id} may be half of it"
        )
    if verdict.outcome is Outcome.ACCEPTED and verdict.message_id is None:
        return (
            f"the gateway accepted the message to {recipient} without giving it an id: "
            "its delivery reports cannot be recognised"
        )
    return None


def _values(row: _Row, known: ResultCode | None) -> tuple[bool, Certainty, Certainty, Retry]:
    """Return final, delivered, billed and retry: the code's where there is one."""
    if known:
        return known.final, known.delivered, known.billed, known.retry
    if row.outcome is Outcome.UNKNOWN:
        return False, _UNKNOWN, _UNKNOWN, Retry.NEVER
    safe = row.exit_code is ExitCode.NOT_SENT
    return True, _NO, _NO, Retry.SAFE if safe else Retry.POINTLESS


def _advice(known: ResultCode | None) -> str | None:
    return known.action if known else None


def _code(*codes: int) -> Callable[[Exchange], bool]:
    return lambda exchange: exchange.answer is not None and exchange.answer.code in codes


def _known(test: Callable[[ResultCode], bool]) -> Callable[[Exchange], bool]:
    return lambda exchange: exchange.answer is not None and test(explain(exchange.answer.code))


def _status(*statuses: int) -> Callable[[Exchange], bool]:
    return lambda exchange: exchange.status in statuses and not exchange.may_have_answered


def _unsent(*faults: Fault) -> Callable[[Exchange], bool]:
    return lambda exchange: not exchange.sent and exchange.fault in faults


def _sent(*faults: Fault) -> Callable[[Exchange], bool]:
    return lambda exchange: exchange.sent and exchange.fault in faults


_REDIRECT = range(300, 400)
_REFUSAL = range(400, 500)

_TABLE = (
    # The gateway answered.
    _Row(
        holds=_code(1, 3),
        outcome=Outcome.NOT_SENT,
        exit_code=ExitCode.NOT_SENT,
        kind="temporary",
        message="the gateway could not accept it now: {code} {description}",
        hint=_RESEND,
        may_retry=True,
    ),
    _Row(
        holds=_code(100, 101, 102, 103),
        outcome=Outcome.REJECTED,
        exit_code=ExitCode.CREDENTIALS,
        kind="credentials",
        message="the gateway refused the credentials: {code} {description}",
        hint="Nothing was sent. Check ServiceId, Username and Password: linksms config show.",
        stops_the_rest=True,
    ),
    _Row(
        holds=_known(lambda code: code.known and not code.final),
        outcome=Outcome.ACCEPTED,
        exit_code=ExitCode.DONE,
    ),
    _Row(holds=_code(1001), outcome=Outcome.DELIVERED, exit_code=ExitCode.DONE),
    _Row(
        holds=_known(lambda code: not code.known),
        outcome=Outcome.UNKNOWN,
        exit_code=ExitCode.UNKNOWN,
        kind="unknown_code",
        message="the gateway answered with an unknown code: {code} {description}",
        hint=_DO_NOT_RESEND,
    ),
    _Row(
        holds=_known(lambda code: Certainty.UNKNOWN in (code.delivered, code.billed)),
        outcome=Outcome.UNKNOWN,
        exit_code=ExitCode.UNKNOWN,
        kind="unknown_outcome",
        message="the gateway does not know what became of it: {code} {description}",
        hint=_DO_NOT_RESEND,
    ),
    _Row(
        holds=_known(lambda code: code.billed is Certainty.YES),
        outcome=Outcome.REJECTED,
        exit_code=ExitCode.REJECTED,
        kind="rejected",
        message="the gateway rejected it, and it was billed: {code} {description}",
        hint="Do not send it again: the recipient would be billed twice. Ask LINK Support.",
    ),
    _Row(
        holds=_known(lambda code: code.final),
        outcome=Outcome.REJECTED,
        exit_code=ExitCode.REJECTED,
        kind="rejected",
        message="the gateway rejected it: {code} {description}",
    ),
    # Something answered over HTTP, but not as the gateway does.
    _Row(
        holds=_status(401, 403),
        outcome=Outcome.REJECTED,
        exit_code=ExitCode.CREDENTIALS,
        kind="credentials",
        message="HTTP {status} instead of an answer: access was refused",
        hint="Nothing was sent. Check the credentials and the base URL: linksms config show.",
        stops_the_rest=True,
    ),
    _Row(
        holds=_status(*_REDIRECT),
        outcome=Outcome.NOT_SENT,
        exit_code=ExitCode.CONFIGURATION,
        kind="redirect",
        message="HTTP {status}: a redirect, not followed because the password would go along",
        hint="Nothing was sent. Check the base URL: linksms config show.",
        stops_the_rest=True,
    ),
    _Row(
        holds=_status(404),
        outcome=Outcome.NOT_SENT,
        exit_code=ExitCode.CONFIGURATION,
        kind="not_a_gateway",
        message="HTTP 404: there is no gateway at the base URL",
        hint="Nothing was sent. Check the base URL: linksms config show.",
        stops_the_rest=True,
    ),
    _Row(
        holds=_status(407),
        outcome=Outcome.NOT_SENT,
        exit_code=ExitCode.CONFIGURATION,
        kind="proxy",
        message="HTTP 407: the proxy asks for credentials of its own",
        hint="Nothing was sent. Put them into the proxy's URL: http://USER:PASSWORD@HOST:PORT.",
        stops_the_rest=True,
    ),
    _Row(
        holds=_status(429),
        outcome=Outcome.NOT_SENT,
        exit_code=ExitCode.NOT_SENT,
        kind="throttled",
        message="HTTP 429: too many requests",
        hint=_RESEND,
        may_retry=True,
    ),
    _Row(
        holds=_status(*(status for status in _REFUSAL if status != 408)),
        outcome=Outcome.REJECTED,
        exit_code=ExitCode.REJECTED,
        kind="http_status",
        message="HTTP {status} instead of an answer: the request was refused",
        hint="Nothing was sent. The same request would be refused again.",
    ),
    _Row(
        holds=lambda exchange: exchange.may_have_answered and exchange.fault is None,
        outcome=Outcome.UNKNOWN,
        exit_code=ExitCode.UNKNOWN,
        kind="no_answer",
        message="HTTP {status}, and an answer that may have been cut off: it may have been sent",
        hint=_DO_NOT_RESEND,
    ),
    _Row(
        holds=lambda exchange: exchange.status is not None and exchange.fault is None,
        outcome=Outcome.UNKNOWN,
        exit_code=ExitCode.UNKNOWN,
        kind="no_answer",
        message="HTTP {status} without a readable answer: it may have been sent",
        hint=_DO_NOT_RESEND,
    ),
    # Nothing went out.
    _Row(
        holds=_unsent(Fault.NAME),
        outcome=Outcome.NOT_SENT,
        exit_code=ExitCode.NOT_SENT,
        kind="name",
        message="{detail}",
        hint=f"{_RESEND} Check the base URL and the network.",
        may_retry=True,
    ),
    _Row(
        holds=_unsent(Fault.TLS),
        outcome=Outcome.NOT_SENT,
        exit_code=ExitCode.NOT_SENT,
        kind="tls",
        message="no secure connection: {detail}",
        hint="Nothing was sent. Run `linksms config check` to find out why.",
    ),
    _Row(
        holds=_unsent(Fault.PROXY),
        outcome=Outcome.NOT_SENT,
        exit_code=ExitCode.NOT_SENT,
        kind="proxy",
        message="{detail}",
        hint=f"{_RESEND} Check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.",
        may_retry=True,
    ),
    _Row(
        holds=_unsent(Fault.INTERRUPTED),
        outcome=Outcome.NOT_SENT,
        exit_code=ExitCode.NOT_SENT,
        kind="interrupted",
        message="interrupted before anything went out",
        hint=_RESEND,
    ),
    _Row(
        holds=_unsent(Fault.RESOURCES),
        outcome=Outcome.NOT_SENT,
        exit_code=ExitCode.NOT_SENT,
        kind="resources",
        message="this machine is at its limits: {detail}",
        hint=f"{_RESEND} Free memory or raise the limit on processes (ulimit -u) first.",
        may_retry=True,
    ),
    _Row(
        holds=lambda exchange: not exchange.sent,
        outcome=Outcome.NOT_SENT,
        exit_code=ExitCode.NOT_SENT,
        kind="connection",
        message="no connection: {detail}",
        hint=f"{_RESEND} Check the base URL and the network.",
        may_retry=True,
    ),
    # The request may have gone out, and nobody knows.
    _Row(
        holds=_sent(Fault.TIMEOUT),
        outcome=Outcome.UNKNOWN,
        exit_code=ExitCode.UNKNOWN,
        kind="timeout",
        message="no answer in time: {detail}",
        hint=_DO_NOT_RESEND,
    ),
    _Row(
        holds=_sent(Fault.INTERRUPTED),
        outcome=Outcome.UNKNOWN,
        exit_code=ExitCode.UNKNOWN,
        kind="interrupted",
        message="interrupted while waiting for the answer",
        hint=_DO_NOT_RESEND,
    ),
    _Row(
        holds=lambda exchange: exchange.sent,
        outcome=Outcome.UNKNOWN,
        exit_code=ExitCode.UNKNOWN,
        kind="no_answer",
        message="no readable answer: {detail}",
        hint=_DO_NOT_RESEND,
    ),
)

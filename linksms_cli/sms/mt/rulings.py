"""What decides the outcome of an attempt: one table, by what can be proved.

A well-formed answer decides, whatever the HTTP status. Without one the status does, unless an
answer may have been cut off; without a status, whether the request can have left. The first ruling
that holds is the verdict.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from linksms_cli.errors import ExitCode
from linksms_cli.sms.codes import Certainty, ResultCode, explain
from linksms_cli.sms.mt.exchange import Exchange, Fault
from linksms_cli.sms.outcome import Outcome

_RESEND = "It had no effect and is safe to send again."
_DO_NOT_RESEND = "Do not send it again blindly: it may have been sent and billed."


class Ruling(NamedTuple):
    """When it holds, what it decides, and what it says; without a `kind` it says nothing."""

    holds: Callable[[Exchange], bool]
    outcome: Outcome
    exit_code: ExitCode
    kind: str | None = None
    message: str = ""
    hint: str | None = None
    may_retry: bool = False
    stops_the_rest: bool = False


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


def _no_effect(
    holds: Callable[[Exchange], bool], kind: str, message: str, advice: str, *, may_retry: bool
) -> Ruling:
    hint = f"{_RESEND} {advice}".rstrip()
    exit_code = ExitCode.NOT_SENT
    return Ruling(holds, Outcome.NOT_SENT, exit_code, kind, message, hint, may_retry=may_retry)


def _elsewhere(status: Iterable[int], kind: str, message: str, advice: str) -> Ruling:
    """Return the ruling on what answers in the gateway's place, and would for the rest too."""
    hint = f"Nothing was sent. {advice}"
    outcome, exit_code = Outcome.NOT_SENT, ExitCode.CONFIGURATION
    return Ruling(_status(*status), outcome, exit_code, kind, message, hint, stops_the_rest=True)


def _refused(holds: Callable[[Exchange], bool], message: str, advice: str) -> Ruling:
    """Return the ruling on refused credentials, which would be refused for the rest too."""
    hint = f"Nothing was sent. {advice}"
    outcome, exit_code = Outcome.REJECTED, ExitCode.CREDENTIALS
    return Ruling(holds, outcome, exit_code, "credentials", message, hint, stops_the_rest=True)


def _rejected(
    holds: Callable[[Exchange], bool], kind: str, message: str, hint: str | None = None
) -> Ruling:
    return Ruling(holds, Outcome.REJECTED, ExitCode.REJECTED, kind, message, hint)


def _unknown(holds: Callable[[Exchange], bool], kind: str, message: str) -> Ruling:
    return Ruling(holds, Outcome.UNKNOWN, ExitCode.UNKNOWN, kind, message, _DO_NOT_RESEND)


RULINGS = (
    # The gateway answered.
    _no_effect(
        _code(1, 3),
        "temporary",
        "the gateway could not accept it now: {code} {description}",
        "",
        may_retry=True,
    ),
    _refused(
        _code(100, 101, 102, 103),
        "the gateway refused the credentials: {code} {description}",
        "Check the service id, user name and password: linksms config show.",
    ),
    Ruling(_known(lambda code: code.known and not code.final), Outcome.ACCEPTED, ExitCode.DONE),
    Ruling(_code(1001), Outcome.DELIVERED, ExitCode.DONE),
    _unknown(
        _known(lambda code: not code.known),
        "unknown_code",
        "the gateway answered with an unknown code: {code} {description}",
    ),
    _unknown(
        _known(lambda code: Certainty.UNKNOWN in (code.delivered, code.billed)),
        "unknown_outcome",
        "the gateway does not know what became of it: {code} {description}",
    ),
    _rejected(
        _known(lambda code: code.billed is Certainty.YES),
        "rejected",
        "the gateway rejected it, and it was billed: {code} {description}",
        "Do not send it again: the recipient would be billed twice. Ask LINK Support.",
    ),
    _rejected(
        _known(lambda code: code.final), "rejected", "the gateway rejected it: {code} {description}"
    ),
    # Something answered over HTTP, but not as the gateway does.
    _refused(
        _status(401, 403),
        "HTTP {status} instead of an answer: access was refused",
        "Check the credentials and the base URL: linksms config show.",
    ),
    _elsewhere(
        range(300, 400),
        "redirect",
        "HTTP {status}: a redirect, not followed because the password would go along",
        "Check the base URL: linksms config show.",
    ),
    _elsewhere(
        [404],
        "not_a_gateway",
        "HTTP 404: there is no gateway at the base URL",
        "Check the base URL: linksms config show.",
    ),
    _elsewhere(
        [407],
        "proxy",
        "HTTP 407: the proxy asks for credentials of its own",
        "Put them into the proxy's URL: http://USER:PASSWORD@HOST:PORT.",
    ),
    # Only what stands between a network and the world says so (RFC 6585, 6), and lets nothing pass.
    _elsewhere(
        [511],
        "network_login",
        "HTTP 511: this network wants you to log in before it lets anything through",
        "Log in, usually in a browser, then send it again.",
    ),
    _no_effect(_status(429), "throttled", "HTTP 429: too many requests", "", may_retry=True),
    _rejected(
        _status(*(status for status in range(400, 500) if status != 408)),
        "http_status",
        "HTTP {status} instead of an answer: the request was refused",
        "Nothing was sent. The same request would be refused again.",
    ),
    _unknown(
        lambda exchange: exchange.may_have_answered and exchange.fault is None,
        "no_answer",
        "HTTP {status} and an answer that may have been cut off: it may have been sent",
    ),
    _unknown(
        lambda exchange: exchange.status is not None and exchange.fault is None,
        "no_answer",
        "HTTP {status} without a readable answer: it may have been sent",
    ),
    # Nothing left this machine.
    _no_effect(
        _unsent(Fault.NAME),
        "name",
        "{detail}",
        "Check the base URL and the network.",
        may_retry=True,
    ),
    _no_effect(
        _unsent(Fault.TLS),
        "tls",
        "no secure connection: {detail}",
        "Run `linksms config check` to find out why.",
        may_retry=False,
    ),
    _no_effect(
        _unsent(Fault.PROXY),
        "proxy",
        "{detail}",
        "Check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.",
        may_retry=True,
    ),
    _no_effect(
        _unsent(Fault.INTERRUPTED),
        "interrupted",
        "interrupted before anything was sent",
        "",
        may_retry=False,
    ),
    _no_effect(
        _unsent(Fault.RESOURCES),
        "resources",
        "this machine is at its limits: {detail}",
        "Free memory first, or raise the limit on processes (ulimit -u).",
        may_retry=True,
    ),
    _no_effect(
        lambda exchange: not exchange.sent,
        "connection",
        "no connection: {detail}",
        "Check the base URL and the network.",
        may_retry=True,
    ),
    # The request may have left, and nobody knows.
    _unknown(_sent(Fault.TIMEOUT), "timeout", "no answer in time: {detail}"),
    _unknown(_sent(Fault.INTERRUPTED), "interrupted", "interrupted while waiting for the answer"),
    _unknown(lambda exchange: exchange.sent, "no_answer", "no readable answer: {detail}"),
)

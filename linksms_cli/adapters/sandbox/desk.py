"""Where messages are handed in: each is judged, remembered, answered and reported."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from linksms_cli.adapters.sandbox import answers, numbers, reports, request, rules
from linksms_cli.adapters.sandbox.chance import Chance
from linksms_cli.adapters.sandbox.courier import Courier
from linksms_cli.adapters.sandbox.exchange import Request, Response
from linksms_cli.adapters.sandbox.faults import FaultTable
from linksms_cli.adapters.sandbox.ledger import MessageLog
from linksms_cli.adapters.sandbox.numbers import Plan, Tale
from linksms_cli.adapters.sandbox.request import Query
from linksms_cli.adapters.sandbox.throttle import Throttle
from linksms_cli.sms import codes
from linksms_cli.sms.sandbox.message import SandboxMessage, SeenRequest
from linksms_cli.sms.sandbox.settings import Latency, SandboxSettings
from linksms_cli.sms.text import segments


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """What becomes of a message, and how long its answer takes."""

    plan: Plan
    latency: Latency
    description: str


class Desk:
    """Takes messages one by one, and blocks for nothing.

    `observe` is called for each before its answer leaves. `courier` delivers reports, None if they
    have nowhere to go.
    """

    def __init__(
        self,
        settings: SandboxSettings,
        *,
        log: MessageLog,
        faults: FaultTable,
        chance: Chance,
        observe: Callable[[SandboxMessage], None],
        courier: Courier | None,
    ) -> None:
        self._settings = settings
        self._log = log
        self._faults = faults
        self._chance = chance
        self._observe = observe
        self._courier = courier
        self._throttle = None if settings.rate is None else Throttle(settings.rate)

    def clear(self) -> None:
        """Forget how many messages have come of late."""
        if self._throttle is not None:
            self._throttle.clear()

    def submit(self, asked: Request) -> Response:
        """Take a message, and return its answer."""
        query = request.parse(asked.query)
        verdict = self._judge(asked, query)
        received = self._remember(asked, query, verdict)
        self._observe(received)
        report = self._reporting(verdict.plan, received)
        is_first = verdict.plan.tale is Tale.BEFORE_ANSWER
        return Response(
            reply=_reply(verdict.plan, verdict.description, received.message_id),
            seconds=self._chance.seconds(received.serial, verdict.latency),
            before=report if is_first else None,
            afterwards=None if is_first else report,
        )

    def _judge(self, asked: Request, query: Query) -> _Verdict:
        refusal = self._refuse(asked, query)
        latency = self._settings.latency
        if refusal is not None:
            plan = Plan(code=refusal.code, taken=False, reason=refusal.reason)
            return _Verdict(plan=plan, latency=latency, description=_describe(plan))
        destination = query.values["Destination"]
        plan = numbers.plan_for(destination)
        fault = self._faults.take(destination)
        if fault is not None:
            plan = plan if fault.plan is None else fault.plan
            latency = fault.latency or latency
        return _Verdict(plan=plan, latency=latency, description=_describe(plan))

    def _refuse(self, asked: Request, query: Query) -> rules.RuleRefusal | None:
        refusal = rules.refuse_credentials(query, self._settings.credentials)
        if refusal is not None and asked.body and not asked.query:
            # By far the most frequent misreading of the guide; the code alone would not tell.
            return replace(refusal, reason="the parameters stand in the query, not in the body")
        if refusal is not None:
            return refusal
        if self._throttle is not None and not self._throttle.admits():
            return rules.RuleRefusal(code=3, reason=f"more than {self._throttle.rate} a second")
        return rules.refuse_message(query)

    def _remember(self, asked: Request, query: Query, verdict: _Verdict) -> SandboxMessage:
        remarks = [*query.remarks, *rules.remarks_on(query)]
        if asked.method != "POST":
            remarks.append(f"{asked.method} is not in the guide: it says POST")
        if asked.body:
            remarks.append("the body is not read: the guide has the parameters in the query")
        text = query.values.get("Userdata")
        measured = None if text is None else segments.measure(text)
        plan = verdict.plan
        return self._log.add(
            lambda serial: SandboxMessage(
                serial=serial,
                received_at=self._chance.moment(serial),
                parameters=query.shown(),
                encoding=None if measured is None else measured.encoding,
                parts=None if measured is None else measured.parts,
                result_code=plan.code,
                description=None if plan.code is None else verdict.description,
                message_id=self._chance.message_id(serial) if plan.taken else None,
                effect=plan.effect,
                remarks=tuple(remarks),
                request=_seen(asked, query),
            )
        )

    def _reporting(
        self, plan: Plan, received: SandboxMessage
    ) -> Callable[[], threading.Event] | None:
        """Return what sends the reports of a message, or None if there are none to send."""
        target = self._settings.dlr
        if self._courier is None or target is None or not plan.taken:
            return None
        delay = 0.0 if plan.tale is Tale.BEFORE_ANSWER else target.delay
        told = reports.tell(plan, received, delay)
        if not told:
            return None
        place = self._log.reserve(received.serial, len(told))
        parcel = self._courier.pack(received.serial, place, told)
        return partial(self._courier.send, parcel, delay)


def _seen(asked: Request, query: Query) -> SeenRequest:
    shown = request.masked(asked.query)
    return SeenRequest(
        method=asked.method,
        target=f"{asked.path}?{shown}" if shown else asked.path,
        headers=request.without_secrets(asked.headers, query, asked.query),
        body_length=len(asked.body),
    )


def _describe(plan: Plan) -> str:
    code = numbers.ACCEPTED if plan.code is None else plan.code
    description = codes.explain(code).description or "A code that nobody knows"
    if plan.description is not None:
        description = plan.description
    return f"{description}: {plan.reason}" if plan.reason else description


def _reply(plan: Plan, description: str, message_id: str | None) -> answers.Reply:
    if plan.status is not None:
        return answers.plain(plan.status)
    if plan.trick is not None:
        return answers.tricked(plan.trick, description, message_id or "")
    return answers.answer(plan.code or 0, description, message_id)

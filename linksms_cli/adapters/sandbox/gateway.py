"""A gateway of our own: takes messages as the guide says, answers them, and remembers them."""

import json
import secrets
import threading
import time
from base64 import b64encode
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Self

from linksms_cli.adapters.sandbox import answers, numbers, reports, request, rules
from linksms_cli.adapters.sandbox.connection import Request, Response
from linksms_cli.adapters.sandbox.courier import TIMEOUT, Courier
from linksms_cli.adapters.sandbox.ledger import MessageLog
from linksms_cli.adapters.sandbox.numbers import Plan, Tale
from linksms_cli.adapters.sandbox.request import Query
from linksms_cli.adapters.sandbox.server import SandboxServer
from linksms_cli.sms import codes
from linksms_cli.sms.sandbox import Credentials, ReportAttempt, ReportTarget, SandboxMessage
from linksms_cli.sms.text import segments

BASE_PATH = "/smscsimplehttp"
_WELCOME = b"""\
This is linksms sandbox: a gateway for trying things out, which sends no SMS.
POST a message here as the guide says; GET /messages lists what came in.
"""


class Sandbox:
    """A running gateway, from its making (or `with`) until `close`.

    `rate` is how many messages a second it takes before it answers code 3, `latency` how many
    seconds it lets a sender wait. With `strict` it refuses GET. Reports go to `dlr`; without it
    none are sent. `observe` is called for each message before its answer leaves and for each
    attempt to deliver a report, in the thread that does it.

    Raises ConfigurationError where the address cannot be had.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        credentials: Credentials | None = None,
        latency: float = 0.0,
        rate: int | None = None,
        strict: bool = False,
        dlr: ReportTarget | None = None,
        observe: Callable[[SandboxMessage | ReportAttempt], None] = lambda _event: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._credentials = credentials
        self._latency = latency
        self._strict = strict
        self._observe = observe
        self._clock = clock
        self._throttle = None if rate is None else Throttle(rate)
        self._ledger = MessageLog()
        self._dlr = dlr
        self._server = SandboxServer(host, port, self._respond)
        self._courier = None if dlr is None else Courier(dlr, self._note, clock)
        self._server.start()

    @property
    def url(self) -> str:
        """The base URL, as a profile holds it."""
        return self._server.url + BASE_PATH

    @property
    def messages(self) -> tuple[SandboxMessage, ...]:
        """The latest messages, in the order in which they came."""
        return self._ledger.messages()

    def close(self) -> None:
        """End at once, whoever is still connected and whatever is still to be reported."""
        if self._courier is not None:
            self._courier.close()
        self._server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _respond(self, asked: Request) -> Response:
        path = asked.path.rstrip("/").removeprefix(BASE_PATH)
        if path == "/messages":
            return Response(
                reply=self._list() if asked.method == "GET" else answers.not_allowed(["GET"])
            )
        if path:
            return Response(reply=answers.plain(404))
        allowed = {"POST"} if self._strict else {"GET", "HEAD", "POST"}
        if asked.method not in allowed:
            return Response(reply=answers.not_allowed(sorted(allowed)))
        if asked.method == "HEAD" or (asked.method == "GET" and not asked.query):
            return Response(reply=answers.Reply(body=_WELCOME))
        return self._submit(asked)

    def _list(self) -> answers.Reply:
        # In ASCII, so that what came from outside cannot act on the terminal that curl prints to.
        lines = ",\n ".join(json.dumps(record) for record in self._ledger.records())
        return answers.Reply(body=f"[{lines}]\n".encode(), content_type="application/json")

    def _submit(self, asked: Request) -> Response:
        query = request.parse(asked.query)
        plan = self._decide(asked, query)
        description = _describe(plan)
        received = self._remember(asked, query, plan, description)
        self._observe(received)
        if self._latency:
            self._server.closing.wait(self._latency)
        report = self._reporting(plan, received)
        if report is not None and plan.tale is Tale.BEFORE_ANSWER:
            report().wait(2 * TIMEOUT)
            report = None
        return Response(reply=_reply(plan, description, received.message_id), afterwards=report)

    def _decide(self, asked: Request, query: Query) -> Plan:
        refusal = rules.refuse_credentials(query, self._credentials)
        if refusal is not None and asked.body_length and not asked.query:
            # By far the most frequent misreading of the guide; the code alone would not tell.
            refusal = replace(refusal, reason="the parameters stand in the query, not in the body")
        if refusal is None and self._throttle is not None and not self._throttle.admits():
            refusal = rules.RuleRefusal(code=3, reason=f"more than {self._throttle.rate} a second")
        if refusal is None:
            refusal = rules.refuse_message(query)
        if refusal is not None:
            return Plan(code=refusal.code, taken=False, reason=refusal.reason)
        return numbers.plan_for(query.values["Destination"])

    def _remember(
        self, asked: Request, query: Query, plan: Plan, description: str
    ) -> SandboxMessage:
        remarks = [*query.remarks, *rules.remarks_on(query)]
        if asked.method != "POST":
            remarks.append(f"{asked.method} is not in the guide: it says POST")
        if asked.body_length:
            remarks.append("the body is not read: the guide has the parameters in the query")
        text = query.values.get("Userdata")
        measured = None if text is None else segments.measure(text)
        return self._ledger.add(
            lambda serial: SandboxMessage(
                serial=serial,
                received_at=self._clock(),
                parameters=query.shown(),
                encoding=None if measured is None else measured.encoding,
                parts=None if measured is None else measured.parts,
                result_code=plan.code,
                description=None if plan.code is None else description,
                message_id=new_message_id() if plan.taken else None,
                effect=plan.effect,
                remarks=tuple(remarks),
            )
        )

    def _reporting(
        self, plan: Plan, received: SandboxMessage
    ) -> Callable[[], threading.Event] | None:
        """Return what sends the reports of a message, or None where there are none to send."""
        if self._courier is None or self._dlr is None or not plan.taken:
            return None
        delay = 0.0 if plan.tale is Tale.BEFORE_ANSWER else self._dlr.delay
        told = reports.tell(plan, received, delay)
        return partial(self._courier.send, received.serial, told, delay) if told else None

    def _note(self, reported: ReportAttempt) -> None:
        self._ledger.note(reported)
        self._observe(reported)


class Throttle:
    """Admits so many a second, counted over the second that has just passed."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._lock = threading.Lock()
        self._admitted: deque[float] = deque(maxlen=rate)

    def admits(self) -> bool:
        """Say whether one more may pass now, and count it if so."""
        now = time.monotonic()
        with self._lock:
            if len(self._admitted) == self.rate and now - self._admitted[0] < 1.0:
                return False
            self._admitted.append(now)
            return True


def new_message_id() -> str:
    """Return an id like LINK's: base64, so that `+`, `/` and `=` occur in it."""
    return b64encode(secrets.token_bytes(16 + secrets.randbelow(3))).decode()


def _describe(plan: Plan) -> str:
    code = numbers.ACCEPTED if plan.code is None else plan.code
    description = codes.explain(code).description or "A code that nobody knows"
    return f"{description}: {plan.reason}" if plan.reason else description


def _reply(plan: Plan, description: str, message_id: str | None) -> answers.Reply:
    if plan.status is not None:
        return answers.plain(plan.status)
    if plan.trick is not None:
        return answers.tricked(plan.trick, description, message_id or "")
    return answers.answer(plan.code or 0, description, message_id)

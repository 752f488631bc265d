"""A gateway of our own: takes messages as the guide says, answers them, and remembers them."""

import json
import secrets
import threading
import time
from base64 import b64encode
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from linksms_cli.adapters.sandbox import answers, numbers, request, rules
from linksms_cli.adapters.sandbox.connection import Request, Response
from linksms_cli.adapters.sandbox.numbers import Plan
from linksms_cli.adapters.sandbox.request import Query
from linksms_cli.adapters.sandbox.server import Server
from linksms_cli.sms import codes, segments
from linksms_cli.sms.sandbox import Credentials, Received

BASE_PATH = "/smscsimplehttp"
# How many messages are kept to be asked for.
KEPT = 10_000
_WELCOME = b"""\
This is linksms sandbox: a gateway for trying things out, which sends no SMS.
POST a message here as the guide says; GET /messages lists what came in.
"""


class Sandbox:
    """A running gateway, from its making (or `with`) until `close`.

    `rate` is how many messages a second it takes before it answers code 3, `latency` how many
    seconds it lets a sender wait. With `strict` it refuses GET. `observe` is called for each
    message before its answer leaves, in the thread of its connection.

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
        observe: Callable[[Received], None] = lambda _received: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._credentials = credentials
        self._latency = latency
        self._strict = strict
        self._observe = observe
        self._clock = clock
        self._lock = threading.Lock()
        self._received: deque[Received] = deque(maxlen=KEPT)
        self._count = 0
        self._rate = rate
        self._taken: deque[float] = deque(maxlen=rate)
        self._server = Server(host, port, self._respond)

    @property
    def url(self) -> str:
        """The base URL, as a profile holds it."""
        return self._server.url + BASE_PATH

    @property
    def messages(self) -> tuple[Received, ...]:
        """The latest messages, in the order in which they came."""
        with self._lock:
            return tuple(self._received)

    def close(self) -> None:
        """End at once, whoever is still connected."""
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
        if asked.method != "POST" and not asked.query:
            return Response(reply=answers.Reply(body=_WELCOME))
        return self._submit(asked)

    def _list(self) -> answers.Reply:
        body = json.dumps([message.record() for message in self.messages], ensure_ascii=False)
        # A lone surrogate cannot come in: what is not UTF-8 is refused, and not kept.
        return answers.Reply(body=body.encode(), content_type="application/json")

    def _submit(self, asked: Request) -> Response:
        query = request.parse(asked.query)
        plan = self._decide(query)
        message_id = new_message_id() if plan.taken else None
        description = _describe(plan)
        received = self._remember(asked, query, plan, description, message_id)
        self._observe(received)
        if self._latency:
            self._server.closing.wait(self._latency)
        if plan.status is not None:
            return Response(reply=answers.plain(plan.status))
        if plan.trick is not None:
            return Response(reply=answers.tricked(plan.trick, description, message_id or ""))
        return Response(reply=answers.answer(plan.code or 0, description, message_id))

    def _decide(self, query: Query) -> Plan:
        refusal = rules.refuse_credentials(query, self._credentials)
        if refusal is None and self._is_throttled():
            refusal = rules.Refusal(code=3, reason=f"more than {self._rate} a second")
        if refusal is None:
            refusal = rules.refuse_message(query)
        if refusal is not None:
            return Plan(code=refusal.code, taken=False, reason=refusal.reason)
        return numbers.plan_for(query.values["Destination"])

    def _is_throttled(self) -> bool:
        if self._rate is None:
            return False
        now = time.monotonic()
        with self._lock:
            if len(self._taken) == self._rate and now - self._taken[0] < 1.0:
                return True
            self._taken.append(now)
            return False

    def _remember(
        self,
        asked: Request,
        query: Query,
        plan: Plan,
        description: str,
        message_id: str | None,
    ) -> Received:
        remarks = [*query.remarks, *rules.remarks_on(query)]
        if asked.method != "POST":
            remarks.append(f"{asked.method} is not in the guide: it says POST")
        if asked.body_length:
            remarks.append("the body was not read: the parameters stand in the query string")
        text = query.values.get("Userdata")
        measured = None if text is None else segments.measure(text)
        with self._lock:
            self._count += 1
            received = Received(
                number=self._count,
                received_at=self._clock(),
                parameters=query.shown(),
                encoding=None if measured is None else measured.encoding,
                parts=None if measured is None else measured.parts,
                result_code=plan.code,
                description=None if plan.code is None else description,
                message_id=message_id,
                effect=plan.effect,
                remarks=tuple(remarks),
            )
            self._received.append(received)
        return received


def new_message_id() -> str:
    """Return an id like LINK's: base64, so that `+`, `/` and `=` occur in it."""
    return b64encode(secrets.token_bytes(16 + secrets.randbelow(3))).decode()


def _describe(plan: Plan) -> str:
    code = numbers.ACCEPTED if plan.code is None else plan.code
    description = codes.explain(code).description or "A code that nobody knows"
    return f"{description}: {plan.reason}" if plan.reason else description

"""A gateway of our own, put together: its desk, its memory, its courier, its admin interface."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self

from linksms_cli.adapters.sandbox import answers, inbox, reports
from linksms_cli.adapters.sandbox.admin import Admin
from linksms_cli.adapters.sandbox.answers import AdminRefusalError
from linksms_cli.adapters.sandbox.chance import Chance
from linksms_cli.adapters.sandbox.courier import Courier
from linksms_cli.adapters.sandbox.desk import Desk
from linksms_cli.adapters.sandbox.exchange import Request, Response
from linksms_cli.adapters.sandbox.faults import FaultTable
from linksms_cli.adapters.sandbox.hosting import SandboxHost
from linksms_cli.adapters.sandbox.ledger import MessageLog
from linksms_cli.adapters.sandbox.reports import SimulatedReport
from linksms_cli.sms.sandbox.message import ReportAttempt, SandboxMessage
from linksms_cli.sms.sandbox.settings import BASE_PATH, SandboxSettings

if TYPE_CHECKING:
    import ssl

_WELCOME = b"""\
This is linksms sandbox: a gateway for trying things out, which sends no SMS.
POST a message here as the guide says; open / in a browser to see what came in.
"""


class Sandbox:
    """A running gateway, from its making (or `with`) until `close`.

    `observe` is called for each message before its answer leaves and for each attempt to deliver a
    report, in the thread that does it. `tls_context` verifies an https URL that reports go to.

    Raises ConfigurationError if the address cannot be had.
    """

    def __init__(
        self,
        settings: SandboxSettings | None = None,
        *,
        observe: Callable[[SandboxMessage | ReportAttempt], None] = lambda _event: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        tls_context: "ssl.SSLContext | None" = None,
    ) -> None:
        self._settings = settings or SandboxSettings()
        self._observe = observe
        self._chance = Chance(self._settings.seed, clock)
        self._log = MessageLog()
        self._faults = FaultTable()
        with ExitStack() as undo:
            self._server = undo.enter_context(
                closing(SandboxHost(self._settings.host, self._settings.port))
            )
            self._courier = None
            if target := self._settings.dlr:
                self._courier = undo.enter_context(
                    closing(Courier(target, self._note, self._chance.now, tls_context))
                )
            self._desk = Desk(
                self._settings,
                log=self._log,
                faults=self._faults,
                chance=self._chance,
                observe=observe,
                courier=self._courier,
            )
            self._admin = Admin(
                access=self._settings.access,
                log=self._log,
                faults=self._faults,
                send_reports=self._report_now,
                reset=self._reset,
            )
            self._server.start(self._answer_at_once, self._answer_in_time)
            undo.pop_all()

    @property
    def url(self) -> str:
        """The base URL, as a profile holds it."""
        return self._server.url + BASE_PATH

    def close(self) -> None:
        """End at once, whoever is still connected and whatever is still to be reported."""
        self._log.close()
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

    def _answer_at_once(self, asked: Request) -> Response | None:
        """Answer a message, or a file of the inbox; None for the admin interface."""
        bare = asked.path.rstrip("/")
        if asked.method in {"GET", "HEAD"} and not asked.query and (file := inbox.file_at(bare)):
            return Response(reply=self._admin.page(asked, file))
        if bare.removeprefix(BASE_PATH):
            return None
        allowed = {"POST"} if self._settings.strict else {"GET", "HEAD", "POST"}
        if asked.method not in allowed:
            return Response(reply=answers.not_allowed(sorted(allowed)))
        if asked.method == "HEAD" or (asked.method == "GET" and not asked.query):
            return Response(reply=answers.Reply(body=_WELCOME))
        return self._desk.submit(asked)

    def _answer_in_time(self, asked: Request) -> Response:
        """Answer for the admin interface, which may have to wait."""
        path = asked.path.rstrip("/").removeprefix(BASE_PATH)
        return Response(reply=self._admin.reply(path, asked) or answers.plain(404))

    def _report_now(
        self, message: SandboxMessage, code: int, part: int | None, after: float
    ) -> Sequence[SimulatedReport]:
        if self._courier is None:
            why = "reports have nowhere to go"
            raise AdminRefusalError(409, "conflict", why, "Start the sandbox with --dlr-url.")
        if message.message_id is None:
            why = "the message was not accepted: it has no id that a report could name"
            raise AdminRefusalError(409, "conflict", why, None)
        stamp = self._chance.now(message.received_at) + timedelta(seconds=after)
        told = reports.now(message, code, part, stamp)
        place = self._log.reserve(message.serial, len(told))
        self._courier.send(self._courier.pack(message.serial, place, told), after)
        return told

    def _reset(self) -> dict[str, int]:
        """Be as at the start, and return how much was forgotten of each kind."""
        reports = 0 if self._courier is None else self._courier.clear()
        self._desk.clear()
        return {
            "messages": self._log.clear(count_anew=True),
            "faults": self._faults.clear(),
            "reports": reports,
        }

    def _note(self, reported: ReportAttempt) -> None:
        self._log.note(reported)
        self._observe(reported)

"""The admin interface: what tests ask the sandbox, and what they make it do. All of it is JSON."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from linksms_cli.adapters.sandbox import fields
from linksms_cli.adapters.sandbox.access import Doorkeeper
from linksms_cli.adapters.sandbox.answers import AdminRefusalError, Reply, as_json, not_allowed
from linksms_cli.adapters.sandbox.exchange import Request
from linksms_cli.adapters.sandbox.faults import FIELDS, FaultTable, RequestedFault
from linksms_cli.adapters.sandbox.ledger import Choice, MessageLog
from linksms_cli.adapters.sandbox.reports import SimulatedReport
from linksms_cli.errors import UsageError
from linksms_cli.sms import duration, timestamp
from linksms_cli.sms.sandbox.message import SandboxMessage
from linksms_cli.sms.sandbox.settings import Access

# Seconds that a request may ask to wait: a client that wants longer asks again.
_LONGEST_WAIT = 300.0
_MOST_LISTED = 10_000
_ONE_DAY = 86_400.0

# Sends reports of a message now: with a code, for one part or all (None), so many seconds later.
SendReports = Callable[[SandboxMessage, int, int | None, float], Sequence[SimulatedReport]]


class Admin:
    """Answers requests to the admin interface; `reset` forgets everything that has happened."""

    def __init__(
        self,
        *,
        access: Access,
        log: MessageLog,
        faults: FaultTable,
        send_reports: SendReports,
        reset: Callable[[], dict[str, int]],
    ) -> None:
        self._door = Doorkeeper(access)
        self._log = log
        self._faults = faults
        self._send_reports = send_reports
        self._reset = reset
        self._routes: tuple[tuple[re.Pattern[str], dict[str, _Action]], ...] = (
            (re.compile("/messages"), {"GET": self._list, "DELETE": self._forget}),
            (re.compile("/messages/(.+)/reports"), {"POST": self._report}),
            (re.compile("/messages/(.+)"), {"GET": self._show}),
            (re.compile("/changes"), {"GET": self._changes}),
            (
                re.compile("/faults"),
                {"GET": self._list_faults, "POST": self._lay, "DELETE": self._take_away},
            ),
            (re.compile("/faults/([0-9]{1,9})"), {"DELETE": self._take_one_away}),
            (re.compile("/reset"), {"POST": self._start_anew}),
        )

    @property
    def calls(self) -> list[str]:
        """Everything that can be asked for: `METHOD /path`, with `*` in place of a name."""
        return [
            f"{method} {re.sub('[(].*?[)]', '*', pattern.pattern)}"
            for pattern, methods in self._routes
            for method in methods
        ]

    def reply(self, path: str, asked: Request) -> Reply | None:
        """Answer a request; None if the path is not one of the admin interface."""
        for pattern, methods in self._routes:
            if found := pattern.fullmatch(path):
                action = methods.get("GET" if asked.method == "HEAD" else asked.method)
                if action is None:
                    return not_allowed(methods)
                return self._carry_out(action, asked, found.groups())
        return None

    def page(self, asked: Request, file: Reply) -> Reply:
        """Return a file of the inbox, if the request is admitted."""
        try:
            self._door.check_page(asked)
        except AdminRefusalError as refusal:
            return refusal.reply
        return file

    def _carry_out(self, action: "_Action", asked: Request, names: Sequence[str]) -> Reply:
        try:
            self._door.check(asked)
            return action(asked, *names)
        except AdminRefusalError as refusal:
            return refusal.reply
        except UsageError as wrong:
            return AdminRefusalError(400, "usage", wrong.message, wrong.hint).reply

    def _list(self, asked: Request) -> Reply:
        query = fields.read_query(asked.query, ("to", "since", "limit", "wait"))
        choice = Choice(
            # An unencoded '+' in a query is a space, and no number begins with one.
            to=re.sub("^ ", "+", query.get("to", "")),
            since=_since(query.get("since")),
            limit=fields.whole(query, "limit", 1, _MOST_LISTED),
        )
        return as_json(self._log.records(choice, fields.seconds(query, "wait", _LONGEST_WAIT)))

    def _show(self, _asked: Request, name: str) -> Reply:
        record = self._log.record(unquote(name))
        if record is None:
            raise _not_found("there is no such message", "GET /messages lists them.")
        return as_json(record)

    def _forget(self, _asked: Request) -> Reply:
        return as_json({"messages": self._log.clear()})

    def _changes(self, asked: Request) -> Reply:
        query = fields.read_query(asked.query, ("after", "limit", "wait"))
        limit = fields.whole(query, "limit", 1, _MOST_LISTED) or _MOST_LISTED
        wait = fields.seconds(query, "wait", _LONGEST_WAIT)
        return as_json(self._log.changes(query.get("after", ""), limit, wait))

    def _report(self, asked: Request, name: str) -> Reply:
        given = fields.read_object(asked.body, ("code", "part", "after"))
        code = fields.whole(given, "code", 0, 9999)
        message = self._log.find(unquote(name))
        if message is None:
            raise _not_found("there is no such message", "GET /messages lists them.")
        parts = message.parts or 1
        part = fields.whole(given, "part", 0, parts - 1)
        after = fields.seconds(given, "after", _ONE_DAY)
        sent = self._send_reports(message, 1001 if code is None else code, part, after)
        reports = [{"id": one.report_id, "result_code": one.result_code} for one in sent]
        return as_json({"reports": reports, "after": after}, 202)

    def _list_faults(self, _asked: Request) -> Reply:
        return as_json(self._faults.records())

    def _lay(self, asked: Request) -> Reply:
        fault = RequestedFault.parse(fields.read_object(asked.body, FIELDS))
        return as_json(self._faults.add(fault), 201)

    def _take_away(self, _asked: Request) -> Reply:
        return as_json({"faults": self._faults.clear()})

    def _take_one_away(self, _asked: Request, number: str) -> Reply:
        if not self._faults.remove(int(number)):
            raise _not_found(f"no fault {number} is set", "GET /faults lists them.")
        return as_json({"faults": 1})

    def _start_anew(self, _asked: Request) -> Reply:
        return as_json(self._reset())


_Action = Callable[..., Reply]


def _since(typed: str | None) -> datetime | int | None:
    """Read a serial number, a time, or a duration back from now. Raises UsageError."""
    if not typed:
        return None
    if re.fullmatch("[0-9]{1,9}", typed):
        return int(typed)
    # An unencoded '+' in a query is a space: that of an offset, +01:00.
    if moment := timestamp.in_utc(re.sub("(?<=[0-9]) (?=[0-9]{2}:[0-9]{2}$)", "+", typed)):
        return datetime.fromisoformat(moment)
    if re.search("[smhd]$", typed):
        return datetime.now(UTC) - timedelta(seconds=duration.seconds(typed, "since"))
    raise UsageError(
        "since is not a serial number, a time or a duration",
        "Write it like 7, 2026-11-26T09:00:00Z or 5m.",
    )


def _not_found(message: str, hint: str) -> AdminRefusalError:
    return AdminRefusalError(404, "not_found", message, hint)

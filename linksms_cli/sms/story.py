"""The story of a message: what the store knows of it, from the submission to the last report."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from linksms_cli.errors import ExitCode
from linksms_cli.sms import timestamp
from linksms_cli.sms.codes import Certainty, Retry, explain
from linksms_cli.sms.dlr.delivery import Delivery
from linksms_cli.sms.dlr.report import Report
from linksms_cli.sms.forward.due import ForwardState
from linksms_cli.sms.mt.submission import Submission
from linksms_cli.sms.outcome import Outcome

_EXIT_CODES = {
    Outcome.DELIVERED: ExitCode.DONE,
    Outcome.PENDING: ExitCode.PENDING,
    Outcome.UNKNOWN: ExitCode.UNKNOWN,
    Outcome.NOT_SENT: ExitCode.NOT_SENT,
}


def exit_code_of(outcome: Outcome) -> ExitCode:
    """Return what `status` ends with for a message of that outcome."""
    return _EXIT_CODES.get(outcome, ExitCode.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How much was deleted of what was last heard of before `before`, RFC 3339 in UTC.

    `erased` says whether nothing of it is left in the store's files: somebody who reads the store
    meanwhile keeps what he sees there. None if nothing was to be deleted yet.
    """

    before: str
    messages: int
    reports: int
    erased: bool | None


class Chore(Enum):
    """Work on a store that one process does for all."""

    FORGETTING = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryReport:
    """A report with the time at which it was received, and what became of it at each target."""

    report: Report
    received_at: str
    forwards: tuple[ForwardState, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What is known of one message. A message that others sent has reports alone.

    Where there are reports they decide; before that, what the gateway answered. A final answer is
    not taken back by reports that only say that it is on its way. `number` is the store's own of
    its submission.
    """

    submission: Submission | None
    delivery: Delivery | None
    reports: tuple[StoryReport, ...]
    number: int | None = None

    @property
    def message_id(self) -> str | None:
        """The gateway's id; None where it never gave one."""
        if self.submission:
            return self.submission.message_id
        return self.reports[0].report.message_id

    @property
    def handle(self) -> str | None:
        """What to call it by: the gateway's id, else the store's number; None if it has neither."""
        return self.message_id or (f"#{self.number}" if self.number is not None else None)

    @property
    def to(self) -> str | None:
        """The recipient; None if nobody said: a pasted answer does not."""
        sent_to = self.submission.to if self.submission else None
        return sent_to or (self.reports[0].report.destination if self.reports else None)

    @property
    def source(self) -> str | None:
        """The sender; None if nobody said."""
        sent_from = self.submission.source if self.submission else None
        return sent_from or (self.reports[0].report.source if self.reports else None)

    @property
    def answer(self) -> str | None:
        """What the gateway answered, code and words; None if nobody knows or nothing was sent here.

        A `send --wait` writes what it has seen last in its place: then that it accepted is known.
        """
        sent = self.submission
        if sent is None or sent.result_code is None:
            return None
        reported = {seen.report.result_code for seen in self.reports}
        if sent.outcome in {Outcome.FAILED, Outcome.PENDING} or sent.result_code in reported:
            return "accepted"
        return f"{sent.result_code} {sent.description or ''}".rstrip()

    @property
    def operator(self) -> str | None:
        """The recipient's operator, by the last report that names one."""
        named = [seen.report.operator for seen in self.reports if seen.report.operator]
        return named[-1] if named else None

    @property
    def reference(self) -> str | None:
        """The reference that a report mirrors."""
        named = [seen.report.ref_id for seen in self.reports if seen.report.ref_id]
        return named[-1] if named else None

    @property
    def outcome(self) -> Outcome:
        """What became of it so far: an accepted message is pending until a report says more."""
        outcome = self._decisive.outcome
        return Outcome.PENDING if outcome is Outcome.ACCEPTED else outcome

    @property
    def exit_code(self) -> ExitCode:
        """What `status` ends with."""
        return exit_code_of(self.outcome)

    @property
    def result_code(self) -> int | None:
        """The code that decides the outcome."""
        return self._decisive.result_code

    @property
    def description(self) -> str | None:
        """The words for that code: the table's for a report's, the gateway's for its answer's."""
        decisive = self._decisive
        if isinstance(decisive, Submission):
            return decisive.description
        code = decisive.result_code
        return explain(code).description if code is not None else None

    @property
    def final(self) -> bool:
        """Whether nothing more is to come."""
        return self._decisive.final

    @property
    def delivered(self) -> Certainty:
        """Whether it was delivered, every part of it."""
        return self._decisive.delivered

    @property
    def billed(self) -> Certainty:
        """Whether any of it was billed."""
        return self._decisive.billed

    @property
    def retry(self) -> Retry:
        """Whether to send it again."""
        return self._decisive.retry

    @property
    def parts_expected(self) -> int | None:
        """How many parts there are; None where nobody knows."""
        return self.delivery.parts_expected if self.delivery else self._submitted.parts

    @property
    def parts_reported(self) -> int:
        """How many parts have a report."""
        return self.delivery.parts_reported if self.delivery else 0

    @property
    def sent_at(self) -> str | None:
        """When its request left; else when the gateway says that it went to the operator."""
        left_at = self.submission.sent_at if self.submission else None
        return left_at or (self.reports[0].report.sent_timestamp if self.reports else None)

    @property
    def updated_at(self) -> str:
        """When the store last learnt of it."""
        last = [seen.received_at for seen in self.reports]
        return max([*last, self.submission.updated_at] if self.submission else last)

    @property
    def _decisive(self) -> Delivery | Submission:
        reported = self.delivery
        answered = self.submission is not None and self.submission.final
        if reported and (reported.outcome is not Outcome.PENDING or not answered):
            return reported
        return self._submitted

    @property
    def _submitted(self) -> Submission:
        if self.submission is None:
            raise AssertionError("a story has a submission or reports")
        return self.submission

    def is_overdue(self, now: datetime, after: float) -> bool:
        """Return whether it is pending though the gateway has given up by now, if `after` is right.

        The guide does not say how long the gateway tries: `after`, in seconds, is an assumption.
        """
        sent = self.submission.created_at if self.submission else self.reports[0].received_at
        utc = timestamp.in_utc(sent)
        if utc is None:  # a damaged row: nobody knows how old it is
            return False
        age = now - datetime.fromisoformat(utc)
        return self.outcome is Outcome.PENDING and age.total_seconds() > after

"""The result of a recipient, made from the way its turn ended."""

from typing import TYPE_CHECKING

from linksms_cli.errors import ExitCode, StoreError
from linksms_cli.sms.codes import Certainty, Retry
from linksms_cli.sms.mt.order import Order
from linksms_cli.sms.mt.result import Problem, Result
from linksms_cli.sms.mt.submission import Submission
from linksms_cli.sms.mt.verdict import Verdict
from linksms_cli.sms.outcome import Outcome, in_words

if TYPE_CHECKING:
    from linksms_cli.sms.dlr.delivery import Delivery

_REPEAT = "duplicate"
# The kind of a row that was rejected in an earlier run of its batch.
REJECTED_BEFORE = "batch_rejected"


class ResultOf:
    """Makes the results of one order's recipients; `profile` is the name they carry."""

    def __init__(self, *, order: Order, profile: str | None) -> None:
        self._order = order
        self._profile = profile

    def decided(
        self, recipient: str, verdict: Verdict, sent_at: str | None, elapsed: float
    ) -> Result:
        """Return the result of an attempt. `elapsed` is in seconds."""
        return self._bare(recipient, verdict.outcome, verdict.exit_code, verdict.problem)._replace(
            result_code=verdict.result_code,
            description=verdict.description,
            message_id=verdict.message_id,
            final=verdict.final,
            delivered=verdict.delivered,
            billed=verdict.billed,
            retry=verdict.retry,
            sent_at=sent_at,
            elapsed_ms=round(elapsed * 1000),
        )

    def planned(self, recipient: str) -> Result:
        """Return the result of a dry run that nothing stands against."""
        return self._bare(recipient, Outcome.PLANNED, ExitCode.DONE, None)._replace(
            final=False, retry=None
        )

    def skipped(self, recipient: str, earlier: Submission, reported: "Delivery | None") -> Result:
        """Return the result of a recipient that an earlier run under the same key has dealt with.

        It says what is known now, by what has been `reported` since. Its exit code is 0, but where
        the earlier run did not do what was asked for: that of a message whose outcome is unknown,
        or that was rejected and yet billed, is said again.
        """
        from linksms_cli.sms.story import Story

        story = Story(submission=earlier, delivery=reported, reports=())
        hint: str | None = None
        match story.outcome:
            case Outcome.UNKNOWN:
                code, kind, what = ExitCode.UNKNOWN, "once_unknown", "may have been sent"
                hint = "Find out first; to send it anyway, add --resend-unknown."
            case Outcome.REJECTED:
                code, kind, what = ExitCode.REJECTED, "once_billed", "was rejected and yet billed"
                hint = "Ask LINK Support; under a new key it would be billed again."
            case _:
                code, kind, what = ExitCode.DONE, "once", "was sent"
        message = f"it {what} under this key on {earlier.created_at}"
        if reported and story.final and code is ExitCode.DONE:
            message += f", and is {in_words(story.outcome)}"
        problem = Problem(kind=kind, message=message, hint=hint)
        return self.as_row(
            recipient,
            as_stored(earlier)._replace(
                outcome=Outcome.SKIPPED,
                exit_code=code,
                result_code=story.result_code,
                description=story.description,
                final=story.final,
                delivered=story.delivered,
                billed=story.billed,
                retry=story.retry,
                error=problem,
            ),
        )

    def as_row(self, recipient: str, known: Result) -> Result:
        """Return what is known of a row of a batch from before, with what the row says now."""
        # The store may have forgotten both numbers.
        return known._replace(to=recipient, source=self._order.draft.source, key=self._order.key)

    def refused(self, recipient: str, problem: Problem) -> Result:
        """Return the result of a recipient that a guard of our own refused."""
        return self._bare(recipient, Outcome.REFUSED, ExitCode.REFUSED, problem)

    def unknown(self, recipient: str, problem: Problem) -> Result:
        """Return the result of a recipient that another process may be sending to."""
        return self._bare(recipient, Outcome.UNKNOWN, ExitCode.UNKNOWN, problem)._replace(
            final=False,
            delivered=Certainty.UNKNOWN,
            billed=Certainty.UNKNOWN,
            retry=Retry.NEVER,
        )

    def interrupted(self, recipient: str) -> Result:
        """Return the result of a recipient whose turn never came."""
        problem = Problem(
            kind="interrupted",
            message="interrupted before its turn",
            hint="It was not sent, and is safe to send again.",
        )
        return self._not_sent(recipient, ExitCode.NOT_SENT, problem)

    def stopped(self, recipient: str, by: Result) -> Result:
        """Return the result of a recipient behind one whose failure every other would share."""
        why = by.error.message if by.error else by.outcome
        return self.held_back(recipient, f"not tried after {by.to}: {why}", by.exit_code)

    def held_back(
        self, recipient: str, why: str, exit_code: ExitCode = ExitCode.NOT_SENT
    ) -> Result:
        """Return the result of a recipient that was not tried any more."""
        problem = Problem(
            kind="stopped",
            message=why,
            hint="It was not sent: fix that first, then send it again.",
        )
        return self._not_sent(recipient, exit_code, problem)

    def not_stored(self, recipient: str, failure: StoreError) -> Result:
        """Return the result of a recipient whose intent could not be stored."""
        problem = Problem(
            kind=failure.kind, message=f"{failure.message}: not sent", hint=failure.hint
        )
        return self._not_sent(recipient, failure.exit_code, problem)

    def _not_sent(self, recipient: str, exit_code: ExitCode, problem: Problem) -> Result:
        return self._bare(recipient, Outcome.NOT_SENT, exit_code, problem)._replace(
            retry=Retry.SAFE
        )

    def _bare(
        self, recipient: str, outcome: Outcome, exit_code: ExitCode, problem: Problem | None
    ) -> Result:
        """Make a result of something that had no effect."""
        figures = self._order.figures
        return Result(
            to=recipient,
            source=self._order.draft.source,
            outcome=outcome,
            exit_code=exit_code,
            final=True,
            delivered=Certainty.NO,
            billed=Certainty.NO,
            retry=Retry.POINTLESS,
            encoding=figures.encoding if figures else None,
            parts=self._order.parts,
            profile=self._profile,
            key=self._order.key,
            error=problem,
        )


def as_stored(sent: Submission) -> Result:
    """Return the result of a submission that was accepted, as the store knows it."""
    return Result(
        to=sent.to,
        source=sent.source,
        outcome=sent.outcome,
        exit_code=ExitCode.DONE,
        final=sent.final,
        delivered=sent.delivered,
        billed=sent.billed,
        retry=sent.retry,
        encoding=sent.encoding,
        parts=sent.parts,
        profile=sent.profile,
        result_code=sent.result_code,
        description=sent.description,
        message_id=sent.message_id,
        sent_at=sent.sent_at,
        elapsed_ms=sent.elapsed_ms,
    )


def sent_before(earlier: Submission, *, kind: str, by: str) -> Result:
    """Return the result of a row that `by`, like "this batch", has dealt with before.

    It counts as what it came to then: its exit code is that of the stored outcome.
    """
    hint: str | None = None
    code, what = ExitCode.DONE, "was sent"
    match earlier.outcome:
        case Outcome.UNKNOWN:
            code, what, kind = ExitCode.UNKNOWN, "may have been sent", f"{kind}_unknown"
            hint = "Find out before sending again; --resend-unknown sends it."
        case Outcome.REJECTED | Outcome.FAILED:
            code, what = ExitCode.REJECTED, f"was sent, and {in_words(earlier.outcome)},"
            kind = f"{kind}_{earlier.outcome}"
    message = f"it {what} by {by} on {earlier.created_at}"
    problem = Problem(kind=kind, message=message, hint=hint)
    return as_stored(earlier)._replace(outcome=Outcome.SKIPPED, exit_code=code, error=problem)


def repeat(first: Result) -> Result:
    """Return the result of a recipient that is given again, after its first result."""
    problem = Problem(
        kind=_REPEAT,
        message=f"given more than once, and handled only once: {first.outcome.replace('_', ' ')}",
        hint="To send one message for each time it is given, add --allow-duplicates.",
    )
    return first._replace(outcome=Outcome.SKIPPED, error=problem)


def is_repeat(result: Result) -> bool:
    """Return whether `repeat` made this result."""
    return result.error is not None and result.error.kind == _REPEAT

"""What the rows of a batch came to, counted as they come, and checked before it is said."""

from collections import Counter
from typing import Any

from linksms_cli.errors import ExitCode
from linksms_cli.sms.mt.result import Result, combined
from linksms_cli.sms.outcome import Outcome

# The outcomes that are counted one by one; what the others cannot be is a failure of ours.
COUNTED = (
    Outcome.ACCEPTED,
    Outcome.DELIVERED,
    Outcome.FAILED,
    Outcome.PENDING,
    Outcome.REJECTED,
    Outcome.NOT_SENT,
    Outcome.UNKNOWN,
    Outcome.REFUSED,
    Outcome.SKIPPED,
)
# Outcomes of messages that the gateway took.
_TAKEN = {Outcome.ACCEPTED, Outcome.DELIVERED, Outcome.PENDING, Outcome.FAILED}
_LEFT = {*_TAKEN, Outcome.REJECTED, Outcome.UNKNOWN}
# What rows without a result of their own add to the exit code. Those that are skipped add nothing:
# an exit code that says more is not lost by a batch that is cut short.
_CODES = {Outcome.NOT_SENT: ExitCode.NOT_SENT, Outcome.PENDING: ExitCode.PENDING}


class Summary:
    """Counts results; `parts` are those of messages that the gateway took."""

    def __init__(self) -> None:
        self.counts: Counter[Outcome] = Counter()
        self.codes: set[ExitCode] = set()
        self.parts = 0

    def add(self, result: Result) -> None:
        """Count the result of one row."""
        self.counts[result.outcome] += 1
        self.codes.add(result.exit_code)
        if result.outcome in _TAKEN:
            self.parts += result.parts or 0

    def add_untold(self, outcome: Outcome, count: int) -> None:
        """Count rows whose results are not told one by one, because the batch was cut short."""
        self.counts[outcome] += count
        if outcome in _CODES:
            self.codes.add(_CODES[outcome])

    @property
    def rows(self) -> int:
        """How many rows have a result."""
        return sum(self.counts[outcome] for outcome in COUNTED)

    @property
    def sent(self) -> int:
        """How many rows were tried in this run."""
        return self.rows - self.counts[Outcome.SKIPPED] - self.counts[Outcome.REFUSED]

    @property
    def has_sent(self) -> bool:
        """Whether a request has left in this run."""
        return any(self.counts[outcome] for outcome in _LEFT)

    @property
    def has_unknown(self) -> bool:
        """Whether a row may have gone out, in this run or an earlier one."""
        return ExitCode.UNKNOWN in self.codes

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of all rows together."""
        return combined(self.codes)

    @property
    def is_whole(self) -> bool:
        """Whether every row that was counted has an outcome that a row can have."""
        return self.rows == self.counts.total()

    def record(self, *, batch: int | None, finished: bool, elapsed_ms: int) -> dict[str, Any]:
        """Return the summary as JSON has it."""
        return {
            "event": "summary",
            "rows": self.rows,
            **{outcome.value: self.counts[outcome] for outcome in COUNTED},
            "parts": self.parts,
            "elapsed_ms": elapsed_ms,
            "batch": batch,
            "finished": finished,
        }

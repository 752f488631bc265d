"""When a batch stops by itself: what every row to come would meet too."""

from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.outcome import Outcome

# "Quota Exceeded" (guide, "Result Codes"): every other message would exceed it too.
_QUOTA = 106


# The longest that a gateway is left alone because it asks for that, in seconds.
LONGEST_PAUSE = 3600.0


class Stops:
    """Looks at each result, and says when the rest is to be held back.

    `max_failures` is so many rejected rows in a row, None for any number. Without a connection for
    `lost` rows in a row, each after all its tries, the network is taken to be lost.
    """

    def __init__(self, *, max_failures: int | None, lost: int) -> None:
        self._max_failures = max_failures
        self._lost = lost
        self._rejected = 0
        self._not_sent = 0
        self.why: str | None = None

    def note(self, result: Result) -> None:
        """Look at the result of a row that was tried; `why` says from then on if the rest stops."""
        self._rejected = self._rejected + 1 if result.outcome is Outcome.REJECTED else 0
        self._not_sent = self._not_sent + 1 if result.outcome is Outcome.NOT_SENT else 0
        if result.result_code == _QUOTA:
            self.why = f"not tried after {result.to}: the quota is used up"
        elif self._max_failures is not None and self._rejected >= self._max_failures:
            rejected = f"{self._rejected} rows in a row were" if self._rejected > 1 else "a row was"
            self.why = f"not tried after {rejected} rejected"
        elif self._not_sent >= self._lost:
            last = f": {result.error.message}" if result.error else ""
            self.why = f"not tried after {self._not_sent} rows in a row could not be sent{last}"

    def hear(self, asked: float | None) -> None:
        """Take note of the pause that the gateway asks for, in seconds; None if it names none."""
        if asked is not None and asked > LONGEST_PAUSE:
            self.why = f"not tried: the gateway asks to be left alone for {asked / 3600:.3g} h"

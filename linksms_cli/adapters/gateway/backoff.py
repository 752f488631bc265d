"""How long to pause before the same attempt is made again."""

from urllib3.util.retry import RequestHistory, Retry

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0


class Backoff:
    """Exponential pauses with jitter, so that many senders do not come back at the same moment."""

    def __init__(self) -> None:
        # urllib3 makes its first retry at once; a gateway that has just said "too many" is given
        # time, so the policy starts as if one error had gone before.
        self._retry = Retry(
            total=None,
            backoff_factor=FIRST_PAUSE / 2,
            backoff_max=LONGEST_PAUSE,
            backoff_jitter=FIRST_PAUSE / 2,
            history=(RequestHistory("POST", None, None, None, None),),
        )

    def pause(self, asked: float | None) -> float:
        """Return the seconds to wait before the next attempt; `asked` is the server's own wish."""
        self._retry = self._retry.increment("POST")
        return max(asked or 0.0, self._retry.get_backoff_time())

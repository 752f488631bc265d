"""A limit on how many messages a second the sandbox takes."""

import threading
import time
from collections import deque


class Throttle:
    """Admits so many a second, counted over the second that has just passed."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._lock = threading.Lock()
        self._admitted: deque[float] = deque(maxlen=rate)

    def admits(self) -> bool:
        """Return whether one more may pass now, and count it if so."""
        now = time.monotonic()
        with self._lock:
            if len(self._admitted) == self.rate and now - self._admitted[0] < 1.0:
                return False
            self._admitted.append(now)
            return True

    def clear(self) -> None:
        """Forget those that were admitted."""
        with self._lock:
            self._admitted.clear()

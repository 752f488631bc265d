"""How long to pause before the next attempt: twice as long each time, with some chance in it."""

from typing import NamedTuple

# Twice as long so many times is longer than any pause that is allowed.
_DOUBLINGS = 60


class Backoff(NamedTuple):
    """Pauses from the `first` to the `longest`, in seconds."""

    first: float
    longest: float

    def pause(self, failures: int, chance: float = 0.0, asked: float | None = None) -> float:
        """Return the seconds to wait after so many failures, at least one.

        `chance`, from 0 to 1, adds up to half of the first pause, so that many that failed together
        do not come back at the same moment. `asked` is the server's own wish: it is granted,
        however long.
        """
        doubled = self.first * 2.0 ** min(failures - 1, _DOUBLINGS)
        return max(asked or 0.0, min(doubled + chance * self.first / 2, self.longest))

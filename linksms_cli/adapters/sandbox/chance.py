"""What a message gets that nobody chose: its id, its moment, how long its answer takes."""

import random
import secrets
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from linksms_cli.sms.sandbox.settings import Latency

# With a seed the first message comes a second after this, the second one another second later.
SEEDED_START = datetime(2026, 1, 1, tzinfo=UTC)


class Chance:
    """Gives ids, moments and latencies: new ones in every run, or the same with a `seed`.

    With a seed they depend on the message's serial number alone, so that messages that come at the
    same time cannot take one another's.
    """

    def __init__(self, seed: int | None, clock: Callable[[], datetime]) -> None:
        self._seed = seed
        self._clock = clock

    def message_id(self, serial: int) -> str:
        """Return an id like LINK's: base64, so that `+`, `/` and `=` occur in it."""
        if self._seed is None:
            return b64encode(secrets.token_bytes(16 + secrets.randbelow(3))).decode()
        known = self._source("id", serial)
        return b64encode(known.randbytes(16 + known.randrange(3))).decode()

    def moment(self, serial: int) -> datetime:
        """Return when a message was received."""
        if self._seed is None:
            return self._clock()
        return SEEDED_START + timedelta(seconds=serial)

    def now(self, otherwise: datetime) -> datetime:
        """Return the present; with a seed, what is given as what it should be."""
        return self._clock() if self._seed is None else otherwise

    def seconds(self, serial: int, latency: Latency) -> float:
        """Return how long the answer to a message takes."""
        if latency.least == latency.most:
            return latency.most
        return self._source("latency", serial).uniform(latency.least, latency.most)

    def _source(self, what: str, serial: int) -> random.Random:
        seed = None if self._seed is None else f"{self._seed} {what} {serial}"
        return random.Random(seed)  # noqa: S311 - test data, not keys

"""The world of a simulated batch: files, what the gateway has taken, and what the store says."""

from collections import Counter
from collections.abc import Sequence

from linksms_cli.sms.outcome import Outcome
from tests.simulation.acting import World
from tests.simulation.places import Place


class BatchWorld(World):
    """Files of numbers, and the store as it is on disk at any moment."""

    def __init__(self, place: Place, files: Sequence[Sequence[str]]) -> None:
        super().__init__(place)
        self.files = files
        self.paths = [place.folder / f"{number}.txt" for number in range(len(files))]
        for path, rows in zip(self.paths, files, strict=True):
            path.write_text("".join(f"{row}\n" for row in rows))
        self.taken_of: Counter[tuple[str, str]] = Counter()

    def take(self, sender: str, recipient: str) -> None:
        """Have the gateway take a message."""
        self.taken[recipient] += 1
        self.taken_of[sender, recipient] += 1
        assert self.taken[recipient] <= 1, f"sent twice: {self.taken}"

    def outcomes(self, recipient: str) -> list[str | None]:
        """Return what the store says of each submission to a recipient; None of an intent alone."""
        query = "SELECT outcome FROM submission WHERE destination = ? ORDER BY id"
        return [outcome for (outcome,) in self.place.ask(query, recipient)]

    def intents(self) -> int:
        """Return how many submissions have no outcome."""
        query = "SELECT count(*) FROM submission WHERE outcome IS NULL"
        return int(self.place.ask(query)[0][0])

    def is_settled(self, recipient: str) -> bool:
        """Return whether somebody was sent the message, or that is said to be unknown."""
        unknown = {None, Outcome.UNKNOWN} & set(self.outcomes(recipient))
        return self.taken[recipient] == 1 or bool(unknown)

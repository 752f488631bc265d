"""Whether processes keep what they have: descriptors and memory, seen from outside."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

# What a process may have more in the last quarter of a life than in the second: descriptors of
# connections come and go, and memory is given back in pieces.
_MORE_FILES = 8
_MORE_MEMORY = 8 * 1024
# KiB that the last 10,000 messages take, which the sandbox keeps.
_KEPT = {"gateway": 28 * 1024}
_TIMES_MEMORY = 1.1
# Seconds that a process needs to have all that it works with, and samples that a median needs.
_SETTLED = 30.0
_SAMPLES = 40


class Sample(NamedTuple):
    """What a process had: so many seconds after its start, descriptors, and KiB of memory."""

    party: str
    life: int
    age: float
    files: int
    memory: int


class Growth(NamedTuple):
    """Medians of the second quarter of a life and of its last: descriptors, and KiB of memory."""

    party: str
    age: float
    files: tuple[float, float]
    memory: tuple[float, float]

    @property
    def is_flat(self) -> bool:
        (files, files_later), (memory, memory_later) = self.files, self.memory
        return (
            files_later <= files + _MORE_FILES
            and memory_later <= memory * _TIMES_MEMORY + _KEPT.get(self.party, _MORE_MEMORY)
        )


def sample(party: str, life: int, process: int, age: float) -> Sample | None:
    """Look at a process; None if it has ended."""
    place = Path(f"/proc/{process}")
    try:
        files = sum(1 for _ in (place / "fd").iterdir())
        fields = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines())
        return Sample(party, life, age, files, int(fields["VmRSS"].split()[0]))
    except (OSError, KeyError):
        return None


def growths(samples: Sequence[Sample]) -> Iterator[Growth]:
    """Yield how the longest life of each party went, if one was long enough to tell."""
    for party in sorted({one.party for one in samples}):
        lives: dict[int, list[Sample]] = {}
        for one in samples:
            if one.party == party and one.age >= _SETTLED:
                lives.setdefault(one.life, []).append(one)
        longest = max(lives.values(), key=len, default=[])
        if len(longest) < _SAMPLES:
            continue
        quarter = len(longest) // 4
        second, last = longest[quarter : 2 * quarter], longest[-quarter:]
        yield Growth(
            party,
            longest[-1].age,
            (median(one.files for one in second), median(one.files for one in last)),
            (median(one.memory for one in second), median(one.memory for one in last)),
        )

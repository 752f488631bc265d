"""Whatever comes in by any door ends well: a small share of what `python tests/fuzz` tries."""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz import changes, oracle
from tests.fuzz.doors import DOORS, Enter
from tests.program import judge_text

# The slow ones run commands that load and store much.
EXAMPLES = {"store": 25, "profiles": 40, "answer": 60, "command-line": 80}


@pytest.fixture(params=sorted(DOORS), scope="module")
def door(request: pytest.FixtureRequest) -> Iterator[tuple[str, Enter]]:
    # In memory, where there is a place for that: it is not the disk that is tested here.
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with (
        tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder,
        DOORS[request.param].opened(Path(folder)) as enter,
    ):
        yield request.param, enter


def test_every_seed_enters(door: tuple[str, Enter]) -> None:
    name, enter = door
    for seed in DOORS[name].seeds:
        oracle.checked(enter, seed)


def test_every_changed_seed_enters(door: tuple[str, Enter]) -> None:
    name, enter = door

    @settings(
        derandomize=True,  # chance is for the fuzzer
        max_examples=EXAMPLES.get(name, 150) // (3 if sys.gettrace() else 1),
        # To look for a smaller example takes minutes; the one that is found says enough.
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(changes.from_seeds(DOORS[name].seeds))
    def check(octets: bytes) -> None:
        oracle.checked(enter, octets)

    check()


def slow(octets: bytes) -> None:
    until = time.process_time() + (0 if octets.isascii() else 1.2 * oracle.limit())
    while time.process_time() < until:
        pass


@pytest.mark.parametrize(
    ("enter", "failure"),
    [
        pytest.param(lambda octets: octets.decode(), UnicodeDecodeError, id="exception"),
        pytest.param(slow, oracle.TooSlowError, id="time"),
        pytest.param(lambda octets: bytearray(octets[0] << 20), MemoryError, id="memory"),
        pytest.param(lambda octets: judge_text(octets.decode("latin-1")), AssertionError, id="c1"),
    ],
)
def test_the_oracle_finds_a_planted_fault(
    enter: Enter, failure: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oracle, "MOST_SECONDS", 0.3)  # there is no need to be slow for long
    oracle.checked(enter, b"A")
    with pytest.raises(failure):
        oracle.checked(enter, b"\x9b")


@given(st.binary(max_size=50), changes.CHANGES)
def test_changes_may_lie_beyond_the_end(seed: bytes, some: list[changes.Change]) -> None:
    assert len(changes.changed(seed, some)) <= len(seed) + sum(len(one.octets) for one in some)

"""A store whose bytes were damaged: a once-key never sends again, and nothing ends in a traceback.

Each damage is one of what disks, copies and clean-up jobs do: a bit, a block, the end of a file.
`LINKSMS_TEST_DAMAGES` says how many to try.
"""

import os
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Linksms, account
from tests.loopback import Recorder

DAMAGES = int(os.environ.get("LINKSMS_TEST_DAMAGES", "60"))
KEYS = [f"key-{number}" for number in range(6)]
DATABASE, LOG = "linksms.db", "linksms.db-wal"


def words(key: str) -> tuple[str, ...]:
    return ("send", "-t", "+99955501234", "-f", "LINK", "--once", key, "--timeout", "2", key)


def flip(raw: bytearray, place: int, chance: random.Random) -> None:
    raw[place] ^= 1 << chance.randrange(8)


def blank(raw: bytearray, place: int, chance: random.Random) -> None:
    end = min(place + chance.choice([64, 512, 4096]), len(raw))
    raw[place:end] = bytes(end - place)


def cut(raw: bytearray, place: int, chance: random.Random) -> None:  # noqa: ARG001 - one shape
    del raw[place:]


KINDS: list[Callable[[bytearray, int, random.Random], None]] = [flip, blank, cut]


@pytest.fixture
def snapshots(
    call: Linksms, gateway: Recorder, environment: dict[str, str], tmp_path: Path
) -> dict[str, Path]:
    """The store as a kill leaves it, with its commits in the log, and as a good end does."""
    state = Path(environment["LINKSMS_STATE"])
    call(*words("first"), env=account(gateway.url))
    kept = {name: tmp_path / name for name in (LOG, DATABASE)}
    with closing(sqlite3.connect(state / DATABASE)) as reader:
        # Who reads keeps the last to leave from moving the log into the database.
        reader.execute("SELECT count(*) FROM submission").fetchall()
        for key in KEYS:
            call(*words(key), env=account(gateway.url))
        shutil.copytree(state, kept[LOG])
    with closing(sqlite3.connect(state / DATABASE)) as writer:
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(state, kept[DATABASE])
    return kept


def damaged(kept: Path, state: Path, name: str, chance: random.Random) -> None:
    shutil.rmtree(state)
    shutil.copytree(kept, state)
    (state / "linksms.db-shm").unlink(missing_ok=True)
    raw = bytearray((state / name).read_bytes())
    chance.choice(KINDS)(raw, chance.randrange(len(raw)), chance)
    (state / name).write_bytes(raw)


@pytest.mark.parametrize("name", [DATABASE, LOG])
def test_no_damage_makes_a_key_send_again(
    call: Linksms,
    gateway: Recorder,
    environment: dict[str, str],
    snapshots: dict[str, Path],
    name: str,
) -> None:
    state = Path(environment["LINKSMS_STATE"])
    chance = random.Random(2309)  # noqa: S311 - repeats
    before = len(gateway.requests)
    codes: Counter[int] = Counter()
    for _ in range(DAMAGES):
        damaged(snapshots[name], state, name, chance)
        for key in (KEYS[-1], KEYS[-2], KEYS[0]):
            done = call(*words(key), env=account(gateway.url))
            assert len(gateway.requests) == before, f"{key} was sent again"
            codes[done.code] += 1
    # 0: it is still known. 3: the damage was seen. 7: the intent is known, its outcome lost.
    # 10: what the key stands for is damaged.
    assert set(codes) <= {0, 3, 7, 10}
    assert codes[0]
    assert codes[3]


@pytest.mark.parametrize("name", [DATABASE, LOG])
def test_whoever_looks_into_a_damaged_store_gets_an_answer_or_one_line(
    call: Linksms,
    environment: dict[str, str],
    snapshots: dict[str, Path],
    name: str,
) -> None:
    state = Path(environment["LINKSMS_STATE"])
    chance = random.Random(418)  # noqa: S311 - repeats
    for _ in range(DAMAGES):
        damaged(snapshots[name], state, name, chance)
        for looking in (("status",), ("status", "abc123"), ("listen", "--replay")):
            done = call(*looking)
            assert done.code in {0, 1, 3, 8}
            assert done.code != 3 or done.stderr.startswith("error: the store ")


def test_a_log_that_was_removed_is_noticed(
    call: Linksms, gateway: Recorder, environment: dict[str, str], snapshots: dict[str, Path]
) -> None:
    state = Path(environment["LINKSMS_STATE"])
    shutil.rmtree(state)
    shutil.copytree(snapshots[LOG], state)
    for name in (LOG, "linksms.db-shm"):
        (state / name).unlink()
    before = len(gateway.requests)
    refused = call(*words(KEYS[0]), env=account(gateway.url))
    assert (refused.code, len(gateway.requests)) == (3, before)
    assert "has lost what it knew of 6 of 7 messages" in refused.stderr
    # What needs no key goes out, and the remedy works.
    assert call(*words(KEYS[0])[:5], "x", env=account(gateway.url)).code == 0
    (state / "once.count").unlink()
    assert call(*words("new"), env=account(gateway.url)).code == 0
    assert len(gateway.requests) == before + 2

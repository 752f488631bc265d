"""What a live process holds, a key or a receiver's place, ends with it, however it ends."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from linksms_cli.adapters.store import store_in
from linksms_cli.errors import StoreError
from linksms_cli.sms.mt.submission import OnceKey


def test_a_receiver_is_seen_while_it_lives(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    assert not store.has_receiver()
    with store.receiving():
        assert store.has_receiver()
        with store.receiving():
            assert store.has_receiver()
        assert store.has_receiver()
    assert not store.has_receiver()


def test_a_killed_receiver_is_seen_no_more(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib, time; from linksms_cli.adapters.store import store_in\n"
        "with store_in(pathlib.Path(sys.argv[1])).receiving():\n"
        "    print('held', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert store_in(tmp_path).has_receiver()
        holder.kill()
        holder.wait()
        assert not store_in(tmp_path).has_receiver()


def test_two_keys_are_held_apart(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    with (
        store.hold(OnceKey("u", 1, "a")) as first,
        store.hold(OnceKey("u", 1, "b")) as second,
    ):
        assert (first, second) == (True, True)


def held_elsewhere(folder: Path, key: str) -> bool:
    """Say whether another process finds the key held."""
    script = (
        "import sys, pathlib; from linksms_cli.adapters.store import store_in\n"
        "from linksms_cli.sms.mt.submission import OnceKey\n"
        "with store_in(pathlib.Path(sys.argv[1])).hold(OnceKey('u', 1, sys.argv[2])) as held:\n"
        "    print(held)"
    )
    command = [sys.executable, "-c", script, str(folder), key]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout == "False\n"


def test_a_key_stays_held_when_another_one_is_let_go(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    with store.hold(OnceKey("u", 1, "a")):
        with store.hold(OnceKey("u", 1, "b")):
            assert held_elsewhere(tmp_path, "b")
        assert held_elsewhere(tmp_path, "a")
        assert not held_elsewhere(tmp_path, "b")
    assert not held_elsewhere(tmp_path, "a")


def test_a_key_is_held_against_the_same_process_too(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    with store.hold(OnceKey("u", 1, "a")) as first:
        with store.hold(OnceKey("u", 1, "a")) as second:
            assert (first, second) == (True, False)
        assert held_elsewhere(tmp_path, "a")


@pytest.mark.parametrize("name", ["once.lock", "listen.lock"])
def test_a_lock_that_cannot_be_opened_is_an_error_of_the_store(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    store = store_in(tmp_path)
    locking = store.receiving() if name == "listen.lock" else store.hold(OnceKey("u", 1, "a"))
    with ExitStack() as stack, pytest.raises(StoreError, match=f"{name} cannot be used"):
        stack.enter_context(locking)
    if name == "listen.lock":
        with pytest.raises(StoreError, match="Is a directory"):
            store.has_receiver()

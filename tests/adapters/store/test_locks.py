"""What a live process holds, a key or a receiver's place, ends with it, however it ends."""

import subprocess
import sys
from pathlib import Path

from linksms_cli.adapters.store import store_in
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

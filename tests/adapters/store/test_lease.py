"""Whether anybody listens: true while a receiver lives, however it ends."""

import subprocess
import sys
from pathlib import Path

from linksms_cli.adapters.store import lease


def test_a_lease_is_seen_while_it_is_held(tmp_path: Path) -> None:
    assert not lease.is_held(tmp_path)
    with lease.hold(tmp_path):
        assert lease.is_held(tmp_path)
        with lease.hold(tmp_path):
            assert lease.is_held(tmp_path)
        assert lease.is_held(tmp_path)
    assert not lease.is_held(tmp_path)


def test_a_killed_holder_holds_no_more(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib, time; from linksms_cli.adapters.store import lease\n"
        "with lease.hold(pathlib.Path(sys.argv[1])):\n"
        "    print('held', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert lease.is_held(tmp_path)
        holder.kill()
        holder.wait()
        assert not lease.is_held(tmp_path)

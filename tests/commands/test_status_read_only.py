"""`linksms status` on a store that lies on a read-only mount: a backup, a rescue system."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Linksms, account
from tests.loopback import Recorder

SEND = ("send", "-t", "+99955501234", "-f", "LINK", "x")


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "mount"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(place)], check=False).returncode:
        if os.environ.get("LINKSMS_TEST_NO_SKIP"):
            pytest.fail("CI must be able to mount")
        pytest.skip("mounting needs root")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("left", ["a good end", "a kill"])
def test_a_store_on_a_read_only_mount_is_read(
    call: Linksms, gateway: Recorder, environment: dict[str, str], mount: Path, left: str
) -> None:
    state = Path(environment["LINKSMS_STATE"])
    with closing(sqlite3.connect(":memory:")) as reader:
        call(*SEND, env=account(gateway.url))
        if left == "a kill":
            reader.execute("ATTACH ? AS store", (str(state / "linksms.db"),))
            reader.execute("SELECT count(*) FROM store.submission").fetchall()
            call(*SEND, env=account(gateway.url))
        shutil.copytree(state, mount / "state")
    (mount / "state" / "linksms.db-shm").unlink(missing_ok=True)
    subprocess.run(["mount", "-o", "remount,ro", str(mount)], check=True)
    done = call("status", "--json", env={"LINKSMS_STATE": str(mount / "state")})
    assert done.code == 0
    assert len(done.records) == (2 if left == "a kill" else 1)
    waited = call("status", "abc123", "--wait", "1", env={"LINKSMS_STATE": str(mount / "state")})
    assert waited.code == 8
    sent = call(*SEND, env=account(gateway.url, LINKSMS_STATE=str(mount / "state")))
    assert sent.code == 3
    assert "Read-only file system" in sent.stderr

"""A receiver of this machine that works for another store is named to whoever waits in vain."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from linksms_cli.adapters.store import find_store, store_in
from tests.conftest import Linksms, account
from tests.loopback import Recorder
from tests.reporting import report, request
from tests.server import running

SEND = ("send", "-t", "+99955501234", "-f", "LINK", "x")


@pytest.fixture
def runtime(environment: dict[str, str]) -> Path:
    """Where receivers leave their notes."""
    return Path(environment["XDG_RUNTIME_DIR"]) / "linksms"


def note(runtime: Path) -> dict[str, object]:
    (path,) = runtime.glob("*.receiver")
    said: dict[str, object] = json.loads(path.read_text())
    return said


def test_who_waits_is_told_where_the_receiver_keeps_its_store(
    call: Linksms, environment: dict[str, str], gateway: Recorder, tmp_path: Path, runtime: Path
) -> None:
    theirs = tmp_path / "theirs"
    with running(environment | {"LINKSMS_STATE": str(theirs)}, "listen") as receiver:
        env = account(gateway.url)
        sent = call(*SEND, "--wait", "0.1", "--json", env=env)
        status = call("status", sent.record["message_id"], "--json")
        waited = call("status", sent.record["message_id"], "--wait", "0.1", "--json")
        unknown = call("status", "nobody-knows", "--json")
        info = call("store", "info", "--json")
        told = [json.loads(done.stderr.splitlines()[0]) for done in (sent, status, waited)]
        told += [json.loads(unknown.stderr), json.loads(info.stderr)]
        for one in told:
            assert f"keeps its store in {theirs}, and this command looks into" in one["warning"]
            assert "set LINKSMS_STATE to the same store for both" in one["warning"]
        receiver.end()
    assert list(runtime.iterdir()) == []
    assert "start `linksms listen`" in call(*SEND, "--wait", "0.1", env=env).stderr
    assert call("status", sent.record["message_id"], "--json").stderr == ""


def test_who_shares_its_store_is_not_warned(
    call: Linksms, environment: dict[str, str], gateway: Recorder, tmp_path: Path
) -> None:
    """Nor beside another receiver, nor if the store is named by another path."""
    (tmp_path / "state").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "state")
    linked = environment | {"LINKSMS_STATE": str(tmp_path / "link")}
    with (
        running(environment | {"LINKSMS_STATE": str(tmp_path / "other")}, "listen") as other,
        running(linked, "listen") as receiver,
    ):
        sent = call(*SEND, "--json", env=account(gateway.url)).record
        assert call("status", sent["message_id"], "--json").stderr == ""
        assert request(receiver.url, report(id=sent["message_id"])).status == 200
        assert call("status", sent["message_id"], "--wait", "30s").stderr == ""
        receiver.end()
        other.end()


def test_a_message_that_is_final_is_no_reason_to_warn(
    call: Linksms, environment: dict[str, str], tmp_path: Path
) -> None:
    with running(environment, "listen") as receiver:
        assert request(receiver.url, report(id="m")).status == 200
        receiver.end()
    with running(environment | {"LINKSMS_STATE": str(tmp_path / "other")}, "listen") as other:
        assert call("status", "m", "--json").stderr == ""
        other.end()


def test_a_receiver_that_was_killed_says_nothing(
    call: Linksms, environment: dict[str, str], tmp_path: Path, runtime: Path
) -> None:
    with running(environment | {"LINKSMS_STATE": str(tmp_path / "theirs")}, "listen") as receiver:
        receiver.process.kill()
        receiver.process.wait()
    assert note(runtime)
    assert call("store", "info", "--json").stderr == ""


def test_notes_of_killed_receivers_hide_no_live_one(
    call: Linksms, environment: dict[str, str], tmp_path: Path, runtime: Path
) -> None:
    """However many there are: the next receiver clears them away, and leaves live ones."""
    runtime.mkdir(mode=0o700)
    _leave_own(runtime, tmp_path / "ours")
    for number in range(100, 200):
        said = {"place": "/x", "pid": os.getpid(), "started": 1}
        (runtime / f"{number}.receiver").write_text(json.dumps(said))
    with running(environment | {"LINKSMS_STATE": str(tmp_path / "theirs")}, "listen") as receiver:
        own = f"{receiver.process.pid}.receiver"
        assert sorted(path.name for path in runtime.iterdir()) == sorted(["1.receiver", own])
        (runtime / "1.receiver").unlink()
        assert "keeps its store in" in call("store", "info", "--json").stderr
        receiver.end()


def _by_nobody(runtime: Path) -> None:
    """Its process has another start than the note says."""
    said = {"place": "/x", "pid": os.getpid(), "started": 1}
    (runtime / "1.receiver").write_text(json.dumps(said))


def _no_json(runtime: Path) -> None:
    (runtime / "1.receiver").write_bytes(b"\xff" * 100_000)


def _a_pipe(runtime: Path) -> None:
    """Whoever opened it to read would wait for ever."""
    os.mkfifo(runtime / "1.receiver")


def _a_link(runtime: Path) -> None:
    (runtime / "1.receiver").symlink_to("/dev/zero")


@pytest.mark.parametrize("left", [_by_nobody, _no_json, _a_pipe, _a_link])
def test_what_is_no_note_is_passed_over(
    call: Linksms, runtime: Path, left: Callable[[Path], None]
) -> None:
    runtime.mkdir(mode=0o700)
    left(runtime)
    done = call("store", "info", "--json")
    assert (done.code, done.stderr) == (0, "")


def test_a_folder_that_others_can_write_to_is_not_believed(
    call: Linksms, environment: dict[str, str], tmp_path: Path, runtime: Path
) -> None:
    runtime.mkdir()
    runtime.chmod(0o777)
    with running(environment | {"LINKSMS_STATE": str(tmp_path / "theirs")}, "listen") as receiver:
        assert list(runtime.iterdir()) == []
        _leave_own(runtime, tmp_path / "theirs")
        assert call("store", "info", "--json").stderr == ""
        runtime.chmod(0o700)
        assert "keeps its store in" in call("store", "info", "--json").stderr
        receiver.end()


def _leave_own(runtime: Path, place: Path) -> None:
    started = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    said = {"place": str(place), "pid": os.getpid(), "started": started}
    (runtime / "1.receiver").write_text(json.dumps(said))


def test_a_hostile_place_is_shown_harmless(call: Linksms, runtime: Path) -> None:
    runtime.mkdir(mode=0o700)
    _leave_own(runtime, Path("/x\x1b[2J\n"))
    stderr = call("store", "info").stderr
    assert "\\x1b[2J\\n" in stderr.replace("\\x0a", "\\n")
    assert "\x1b" not in stderr


def test_a_store_that_was_not_found_by_the_environment_says_nothing(
    environment: dict[str, str], tmp_path: Path, runtime: Path
) -> None:
    """The store of a sandbox ends with its command: nobody can share it."""
    sandbox, found = store_in(tmp_path / "sandbox"), find_store(environment)
    for store in (sandbox, found):
        store.inbox().close()
    with sandbox.receiving():
        assert not runtime.exists()
    with found.receiving():
        assert note(runtime)["place"] == environment["LINKSMS_STATE"]

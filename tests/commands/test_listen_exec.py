"""The command that `linksms listen --exec` runs for each report."""

import json
import signal
from pathlib import Path

import pytest

from tests.conftest import until
from tests.reporting import report, request
from tests.server import running

NASTY = "$(touch owned); `touch owned`; '\"\n\\ -x"


def test_it_gets_each_report_on_its_stdin_in_order(
    environment: dict[str, str], tmp_path: Path
) -> None:
    came = tmp_path / "came"
    environment["LINKSMS_LISTEN_PASSWORD"] = "SECRET"
    command = f"cat >> {came}; env >> {tmp_path / 'env'}; test -e {tmp_path / 'owned'}"
    with running(environment, "listen", "--exec", command, "--auth", "link") as server:
        login = {"Authorization": "Basic bGluazpTRUNSRVQ="}
        for number in range(5):
            changes = {"id": f"m{number}", "operator": NASTY}
            assert request(server.url, report(**changes), login).status == 200
        until(lambda: came.exists() and came.read_text().count("\n") == 5)
        events = [server.event() for _ in range(5)]
    lines = [json.loads(line) for line in came.read_text().splitlines()]
    assert lines == events
    assert lines[0]["operator"] == NASTY
    assert "SECRET" not in (tmp_path / "env").read_text()
    assert not list(tmp_path.rglob("owned"))


def test_a_failure_is_told_and_ends_nothing(environment: dict[str, str]) -> None:
    command = 'read line; case "$line" in *bad*) echo why it failed >&2; exit 3;; esac'
    with running(environment, "listen", "--exec", command) as server:
        for identity in ("bad", "good"):
            assert request(server.url, report(id=identity)).status == 200
        assert "ended with 3: why it failed (report bad)" in server.warning()
        assert [server.event()["id"] for _ in range(2)] == ["bad", "good"]
        assert server.end().code == 0


def test_a_folder_of_temporary_files_that_is_removed_ends_nothing(
    environment: dict[str, str], tmp_path: Path
) -> None:
    folder, ran = tmp_path / "temporary", tmp_path / "ran"
    folder.mkdir()
    environment["TMPDIR"] = str(folder)
    with running(environment, "listen", "--exec", f"touch {ran}") as server:
        assert request(server.url, report(id="one")).status == 200
        until(ran.exists)
        folder.rmdir()
        assert request(server.url, report(id="two")).status == 200
        assert "cannot be run: No such file or directory (report two)" in server.warning()
        assert [server.event()["id"] for _ in range(2)] == ["one", "two"]
        assert server.end().code == 0


def test_one_that_stands_still_holds_up_no_report_and_no_end(
    environment: dict[str, str], tmp_path: Path
) -> None:
    began = tmp_path / "began"
    with running(environment, "listen", "--exec", f"echo $$ > {began}; sleep 1000") as server:
        for number in range(3):
            assert request(server.url, report(id=f"m{number}")).status == 200
        until(lambda: began.exists() and began.read_text())
        assert request(server.url, report(id="last")).status == 200
        ended = server.end()
        assert ended.code == 0
        assert ended.stdout == ""  # an event is printed once its command has run
        assert "all from report m0 on" in ended.stderr
        until(lambda: not Path(f"/proc/{began.read_text().strip()}").exists())


def test_nothing_more_comes_in_once_it_is_to_end(
    environment: dict[str, str], tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    # It ends by itself, should the test not come to its end.
    leave = f"test -e {tmp_path}/go$(wc -l < {ran}) && break"
    command = f"cat >> {ran}; for _ in $(seq 600); do {leave}; sleep 0.1; done"

    def runs(count: int) -> bool:
        return ran.exists() and ran.read_text().count("\n") == count

    with running(environment, "listen", "--exec", command) as server:
        assert request(server.url, report(id="m0")).status == 200
        until(lambda: runs(1))
        for identity in ("m1", "m2"):
            assert request(server.url, report(id=identity)).status == 200
        (tmp_path / "go1").touch()
        until(lambda: runs(2))
        server.process.send_signal(signal.SIGTERM)
        (tmp_path / "go2").touch()
        until(lambda: runs(3))
        with pytest.raises(ConnectionRefusedError):
            request(server.url, report(id="late"))
        (tmp_path / "go3").touch()
        assert server.ended().code == 0

"""However a batch ends, the outcomes that it sums up are those of the rows that it read."""

import fcntl
import json
import signal
import subprocess
import sys
import termios
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from linksms_cli.commands.send import batch_shown
from tests.commands.test_send_batch import wait_for_signal
from tests.conftest import Linksms, account, until
from tests.counting import ACCEPTED, BUSY, CUT_AFTER, CountingGateway

COUNTED = (
    *("accepted", "delivered", "failed", "pending", "rejected"),
    *("not_sent", "unknown", "refused", "skipped"),
)


# Bytes that the smallest pipe holds, pipe(7).
SMALL = 4096
# The program, which waits for a reader no longer than for a moment once a signal has come.
IMPATIENT = """
from linksms_cli import output
from linksms_cli.__main__ import run
from linksms_cli.adapters import signals
output._PATIENCE, signals._TICK = 0.1, 0.1
run()
"""


def numbers(count: int) -> list[str]:
    return [f"+99955{number:07}" for number in range(count)]


def listed(folder: Path, rows: int) -> str:
    file = folder / "numbers.txt"
    file.write_text("\n".join(numbers(rows)))
    return str(file)


def added_up(lines: str, rows: int) -> dict[str, Any]:
    """Return the summary, whose outcomes add up to so many rows, as do the results above it."""
    records = [json.loads(line) for line in lines.splitlines()]
    told = Counter(record["outcome"] for record in records if "row" in record)
    summary: dict[str, Any] = records[-1]
    assert summary["event"] == "summary"
    assert (summary["rows"], sum(summary[name] for name in COUNTED)) == (rows, rows)
    assert {name: summary[name] for name in COUNTED} == {name: told[name] for name in COUNTED}
    return summary


class Running:
    """A batch under way, and what it has said so far."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.said = ""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.said += line

    def end(self, *signals: signal.Signals) -> tuple[int, str]:
        """Send it signals, and return its exit code and what it printed."""
        for one in signals:
            self.process.send_signal(one)
        assert self.process.stdout
        out = self.process.stdout.read()
        code = self.process.wait(60)
        self._reader.join()
        return code, out


@contextmanager
def running(environment: dict[str, str], *words: str) -> Iterator[Running]:
    command = [sys.executable, "-m", "linksms_cli", "send", "-f", "LINK", *words]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield Running(process)


def test_a_pause_that_is_asked_for_is_said_and_a_signal_ends_it(
    environment: dict[str, str], tmp_path: Path
) -> None:
    file = listed(tmp_path, 30)
    busy = {"yes": True}

    def decide(_number: str, _nth: int) -> int:
        return BUSY if busy["yes"] and len(gateway.times) > 10 else ACCEPTED

    with CountingGateway(decide=decide, retry_after=3600) as gateway:
        env = environment | account(gateway.url)
        words = ("--batch", file, "--json", "x")
        with running(env, *words) as first:
            until(lambda: "asks for a pause" in first.said)
            code, out = first.end(signal.SIGTERM)
        stopped = added_up(out, 30)
        busy["yes"] = False
        with running(env, *words) as second:
            again, out = second.end()
        ended = added_up(out, 30)
    said = json.loads(first.said)["warning"]
    assert said.startswith("the gateway asks for a pause: nothing goes out for 1 h 0 min, until 20")
    assert (code, stopped["accepted"], stopped["not_sent"]) == (143, 10, 20)
    assert (stopped["finished"], ended["finished"], again) == (False, True, 0)
    assert (ended["accepted"], ended["skipped"]) == (20, 10)
    assert gateway.taken == dict.fromkeys(numbers(30), 1)


@pytest.mark.parametrize(("answer", "code"), [(ACCEPTED, 9), (CUT_AFTER, 7)])
def test_what_has_gone_out_decides_the_exit_code_if_the_file_proves_wrong_then(
    call: Linksms, tmp_path: Path, answer: int, code: int
) -> None:
    file = listed(tmp_path, 3)

    def decide(_number: str, _nth: int) -> int:
        with Path(file).open("a", encoding="utf-8") as rows:
            rows.write("\n+999559999999")
        return answer

    with CountingGateway(decide=decide) as gateway:
        done = call(
            *("send", "-f", "LINK", "--batch", file, "--json", "x"), env=account(gateway.url)
        )
    assert added_up(done.stdout, 3)["finished"] is False
    error = json.loads(done.stderr.splitlines()[-1])["error"]
    assert error["message"] == f"{file} was changed while it was read"
    assert (done.code, error["exit_code"], len(gateway.taken)) == (code, code, 3)


def test_a_signal_ends_a_batch_whose_results_nobody_reads(
    environment: dict[str, str], call: Linksms, tmp_path: Path
) -> None:
    file = listed(tmp_path, 40)
    words = ("send", "-f", "LINK", "--batch", file, "--json", "x")
    with CountingGateway() as gateway:
        env = environment | account(gateway.url)
        with subprocess.Popen(
            [sys.executable, "-c", IMPATIENT, *words],
            env=env,
            stdout=subprocess.PIPE,
            text=True,
            pipesize=SMALL,
        ) as process:
            assert process.stdout
            # All of it is more than the pipe holds, so some of it will wait for a reader.
            until(lambda: waits_in(process.stdout) > 0)
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 143
            process.stdout.close()
        ended = added_up(call(*words, env=account(gateway.url)).stdout, 40)
    assert (ended["finished"], ended["accepted"] + ended["skipped"]) == (True, 40)
    assert gateway.taken == dict.fromkeys(numbers(40), 1)


def waits_in(pipe: Any) -> int:
    """Return how many bytes of a pipe nobody has read yet."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


def test_a_gateway_that_wants_to_be_left_alone_for_long_ends_the_batch(
    linksms: Linksms, tmp_path: Path
) -> None:
    file = listed(tmp_path, 30)

    def decide(_number: str, _nth: int) -> int:
        return BUSY if len(gateway.times) > 10 else ACCEPTED

    with CountingGateway(decide=decide, retry_after=7200) as gateway:
        done = linksms(
            "send", "-f", "LINK", "--batch", file, "--json", "x", env=account(gateway.url)
        )
    summary = added_up(done.stdout, 30)
    assert (done.code, summary["accepted"], summary["not_sent"]) == (9, 10, 20)
    assert "the gateway asks to be left alone for 2 h" in done.stdout


def test_short_pauses_a_rate_and_a_signal_together_lose_no_row(
    environment: dict[str, str], tmp_path: Path
) -> None:
    file = listed(tmp_path, 60)

    def decide(_number: str, nth: int) -> int:
        return (
            (BUSY, 3)[len(gateway.times) % 2]
            if nth == 1 and len(gateway.times) % 9 == 0
            else ACCEPTED
        )

    with CountingGateway(decide=decide, latency=0.05) as gateway:
        env = environment | account(gateway.url)
        words = ("--batch", file, "--json", "--rate", "40", "x")
        sent = []
        for limit in (15, 35):
            with running(env, *words) as batch:
                until(lambda: gateway.taken.total() >= limit)  # noqa: B023 - called before the next
                code, out = batch.end(signal.SIGINT)
            sent.append(added_up(out, 60))
            assert (code, sent[-1]["finished"]) == (130, False)
        with running(env, *words) as batch:
            code, out = batch.end()
        sent.append(added_up(out, 60))
    assert (code, sent[-1]["finished"]) == (0, True)
    assert sum(one["accepted"] for one in sent) == 60
    assert gateway.taken == dict.fromkeys(numbers(60), 1)


def test_rows_that_there_is_no_time_to_tell_are_counted(
    environment: dict[str, str], tmp_path: Path
) -> None:
    rows = 50_000
    file = listed(tmp_path, rows)
    with CountingGateway(latency=30) as gateway:
        env = environment | account(gateway.url)
        with running(env, "--batch", file, "--json", "x") as batch:
            until(lambda: len(gateway.came) == 8)
            batch.process.send_signal(signal.SIGINT)
            wait_for_signal(batch.process)
            code, out = batch.end(signal.SIGINT)
    records = [json.loads(line) for line in out.splitlines()]
    assert (code, len(records) < rows) == (130, True)
    summary = records[-1]
    assert sum(summary[name] for name in COUNTED) == summary["rows"] == rows
    assert (summary["unknown"], summary["not_sent"]) == (8, rows - 8)


@pytest.mark.parametrize("words", [("--json",), ()])
def test_a_signal_while_rows_are_judged_counts_those_that_were_read(
    environment: dict[str, str], tmp_path: Path, words: tuple[str, ...]
) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("to,text\n1,x\n" + "".join(f"{one},x\n" for one in numbers(200_000)))
    with CountingGateway() as gateway:
        env = environment | account(gateway.url)
        with running(env, "--batch", str(table), *words) as batch:
            assert batch.process.stdout
            batch.process.stdout.readline()  # the first row is refused
            code, out = batch.end(signal.SIGINT)
    assert (code, gateway.taken) == (130, {})
    if words:
        summary = json.loads(out.splitlines()[-1])
        assert summary["rows"] == sum(summary[name] for name in COUNTED) < 200_001
        assert (summary["refused"], summary["finished"]) == (1, False)
    else:
        assert "1 refused" in batch.said.splitlines()[-3]


def test_a_log_gets_its_lines_while_nothing_happens(
    call: Linksms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_shown, "_LOGGED_EVERY", 0.2)
    with CountingGateway(latency=1.0) as gateway:
        file = listed(tmp_path, 2)
        done = call("send", "-f", "LINK", "--batch", file, "x", env=account(gateway.url))
    assert done.code == 0
    assert done.stderr.count("0 accepted, 0 failed, 0 unknown; 0 a second, 2 left\n") >= 2
    with CountingGateway(decide=busy_once) as gateway:
        file = listed(tmp_path, 3)
        done = call("send", "-f", "LINK", "--batch", file, "y", env=account(gateway.url))
    assert done.code == 0
    assert "unknown; the gateway asks for a pause (" in done.stderr


def busy_once(number: str, nth: int) -> int:
    return BUSY if number.endswith("0") and nth == 1 else ACCEPTED


def test_how_to_go_on_with_a_batch_that_is_sent_again_does_not_send_all_of_it_a_third_time(
    environment: dict[str, str], tmp_path: Path
) -> None:
    file = listed(tmp_path, 30)
    with CountingGateway(latency=0.05) as gateway:
        env = environment | account(gateway.url)
        words = ("--batch", file, "--concurrency", "1", "x")
        with running(env, "--again", *words) as batch:
            until(lambda: gateway.taken.total() > 2)
            code, _ = batch.end(signal.SIGINT)
        assert (code, "To go on" in batch.said, "--again" in batch.said) == (130, True, False)
        with running(env, *words) as rest:
            assert rest.end()[0] == 0
    assert gateway.taken == dict.fromkeys(numbers(30), 1)

"""`linksms status`: the story of a message, read from a store with submissions and reports."""

import json
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from linksms_cli.adapters.store import find_store, store_in
from linksms_cli.adapters.store.sqlite import database
from tests.conftest import Linksms, account, on_every_store
from tests.loopback import Recorder, http
from tests.reporting import keep
from tests.stored import query
from tests.terminal import PROGRAM, Terminal

SEND = ("send", "-t", "+99955501234", "-f", "LINK", "-q")


@pytest.fixture
def folder(environment: dict[str, str]) -> Path:
    return Path(environment["LINKSMS_STATE"])


def report(state: str | Path, report_id: str, code: int, **more: Any) -> None:
    """Store a report."""
    fields = {
        "refId": None,
        "id": report_id,
        "operator": "no.telenor",
        "sentTimestamp": "2026-11-22T18:00:00Z",
        "timestamp": "2026-11-22T18:00:01Z",
        "resultCode": code,
        "operatorResultCode": "2",
        "segments": 1,
        "customParameters": {"source": "LINK", "destination": "+99955501234"},
        **more,
    }
    keep(find_store({"LINKSMS_STATE": str(state)}), json.dumps(fields).encode())


def sent(call: Linksms, message_id: str, text: str = "x") -> None:
    with Recorder(http(f"1005;Queued;{message_id}".encode())) as gateway:
        assert call(*SEND, text, env=account(gateway.url)).code == 0


def test_before_the_first_report_it_is_pending(call: Linksms) -> None:
    sent(call, "abc123")
    done = call("status", "abc123", "--json")
    record = done.record
    assert record.pop("sent_at") <= record.pop("updated_at")
    assert (done.code, record) == (
        8,
        {
            "message_id": "abc123",
            "to": "+99955501234",
            "from": "LINK",
            "outcome": "pending",
            "result_code": 1005,
            "description": "Queued",
            "final": False,
            "delivered": "no",
            "billed": "no",
            "retry": "wait",
            "parts_expected": 1,
            "parts_reported": 0,
            "handle": "abc123",
            "reports": [],
        },
    )


@pytest.mark.parametrize(
    ("code", "outcome", "exit_code"),
    [
        (1001, "delivered", 0),
        (2104, "failed", 5),
        (4, "unknown", 7),
        (1000, "pending", 8),
        (9999, "pending", 8),
    ],
)
def test_a_report_decides(
    call: Linksms, folder: Path, code: int, outcome: str, exit_code: int
) -> None:
    sent(call, "abc123")
    report(folder, "abc123", code)
    done = call("status", "abc", "--json")
    assert (done.code, done.record["outcome"]) == (exit_code, outcome)
    assert done.record["result_code"] == code
    assert [r["result_code"] for r in done.record["reports"]] == [code]
    assert done.record["parts_reported"] == 1


def test_the_story_for_a_person(call: Linksms, folder: Path) -> None:
    sent(call, "abc123", "x" * 161)
    report(folder, "abc123$0", 1001, segments=2)
    report(folder, "abc123$1", 2104, segments=2, operatorResultCode="E\x1b[1m")
    done = call("status", "abc123", env={"TZ": "Asia/Tokyo"})
    lines = done.stdout.splitlines()
    assert done.code == 5
    assert lines[:4] == [
        "abc123",
        "to +99955501234 from LINK",
        ("failed: not delivered, billed if it has a charge, final, 2 of 2 parts reported"),
        "",
    ]
    assert lines[4].endswith("sent         1005 Queued")
    assert lines[5:11] == [
        "  2026-11-23 03:00:01+09:00  part 1 of 2  1001 Billed and delivered",
        "                                          operator no.telenor, its own code 2",
        "  2026-11-23 03:00:01+09:00  part 2 of 2  2104 Unknown subscriber",
        "                                          operator no.telenor, its own code",
        "                                          E\\x1b[1m",
        "",
    ]
    assert "  Resend   Not blindly: other parts of it may have been delivered or billed" in lines
    assert "  Support  linksms status abc123 --ticket prints what to write." in lines
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("segments", "said"),
    [
        (2, "Final so far: 1 of 2 parts. The rest is to come."),
        (None, "Final so far: 1 of an unknown number of parts. The rest is to come."),
    ],
)
def test_what_one_part_came_to_is_not_said_of_the_message(
    call: Linksms, folder: Path, segments: int | None, said: str
) -> None:
    report(folder, "abc$0", 1001, segments=segments)
    done = call("status", "abc")
    page = " ".join(done.stdout.split())
    assert done.code == 8
    assert f"Meaning {said} Next Wait for the other reports" in page
    assert "delivered and" not in page.replace("1001 Billed and delivered", "")
    assert "Nothing is left to do" not in page


def test_what_has_failed_is_not_said_to_be_on_its_way(call: Linksms, folder: Path) -> None:
    report(folder, "abc$1", 2104, segments=3, customParameters={})
    page = " ".join(call("status", "abc").stdout.split())
    assert "failed: not delivered, not billed, not final, 1 of 3 parts reported" in page
    assert "Resend Not yet: other parts of it are still on their way." in page
    assert "linksms status abc --ticket prints what to write." in page


def test_no_report_can_forge_a_line(call: Linksms, folder: Path) -> None:
    told = {"source": "LINK\nfailed: not", "destination": "+999\n\x1b[2J" + "5" * 100}
    report(folder, "abc", 1001, customParameters=told, operator="a\nb", timestamp="1\n2" * 20)
    for width in ("60", "80"):
        page = call("status", "abc", env={"COLUMNS": width}).stdout
        lines = page.splitlines()
        assert "LINK\\x0afailed: not" in " ".join(lines)
        assert not any(line.startswith("failed") for line in lines)
        assert "\x1b" not in page
        assert max(map(len, lines)) <= int(width)
    head, row = call("status").stdout.splitlines()
    assert row[head.index("OUTCOME") :].startswith("delivered")


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("code", [1001, 2104, 1010, 7777])
def test_a_story_is_as_wide_as_the_terminal(
    call: Linksms, folder: Path, code: int, width: int
) -> None:
    sent(call, "abc123", "x" * 1300)
    report(folder, "abc123$10", code, segments=14)
    lines = call("status", "abc123", env={"COLUMNS": str(width)}).stdout.splitlines()
    assert max(map(len, lines)) <= width


def test_times_are_those_of_the_place_for_a_person_and_utc_for_a_program(
    call: Linksms, folder: Path
) -> None:
    report(folder, "abc123", 1001)
    shown = {
        zone: call("status", env={"TZ": zone}).stdout.splitlines()
        for zone in ("UTC", "Asia/Kolkata", "Europe/Stockholm")
    }
    assert [lines[0].split("  ")[0] for lines in shown.values()] == [
        "WHEN (UTC)",
        "WHEN (+05:30)",
        "WHEN (+01:00)",
    ]
    assert [lines[1][:16] for lines in shown.values()] == [
        "2026-11-22 18:00",
        "2026-11-22 23:30",
        "2026-11-22 19:00",
    ]
    story = call("status", "abc123", env={"TZ": "Asia/Kolkata"}).stdout
    assert "2026-11-22 23:30:01+05:30  reported" in story
    record = call("status", "abc123", "--json", env={"TZ": "Asia/Kolkata"}).record
    assert record["sent_at"] == "2026-11-22T18:00:00Z"


def test_a_wait_in_vain_is_warned_of(call: Linksms, folder: Path) -> None:
    sent(call, "abc123")
    done = call("status", "abc123", "--wait", "0.1")
    assert done.stderr == (
        f"warning: nothing receives delivery reports for the store in {folder}: "
        "start `linksms listen`, or nothing will end the wait\n"
    )
    with store_in(folder).receiving():
        assert call("status", "abc123", "--wait", "0.1").stderr == ""
    report(folder, "abc123", 1001)
    assert call("status", "abc123", "--wait", "0.1").stderr == ""


def test_a_message_that_others_sent(call: Linksms, folder: Path) -> None:
    report(folder, "theirs", 1001)
    done = call("status", "theirs", "--json")
    assert (done.code, done.record["to"], done.record["from"]) == (0, "+99955501234", "LINK")
    assert done.record["sent_at"] == "2026-11-22T18:00:00Z"
    note = "not sent from this store: only its reports are known here"
    assert call("status", "theirs").stdout.splitlines()[2] == note
    sent(call, "ours")
    assert note not in call("status", "ours").stdout


def test_a_report_that_only_another_version_could_read_counts_in_the_state(
    call: Linksms, folder: Path
) -> None:
    sent(call, "abc123", "x" * 161)
    report(folder, "abc123$0", 1001, segments=2)
    report(folder, "abc123$1", 2104, segments=2)
    with closing(database.connect(folder)) as store:
        store.execute("UPDATE callback SET body = x'68' WHERE part = 1")
    done = call("status", "abc123", "--json")
    assert (done.code, done.record["outcome"], done.record["parts_reported"]) == (5, "failed", 2)
    assert [(report["part"], report["result_code"]) for report in done.record["reports"]] == [
        (0, 1001),
        (1, 2104),
    ]
    assert call("status", "--json").records == [done.record]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE callback SET body = x'68' WHERE part = 1",
        "UPDATE callback SET body = '' WHERE part = 1",
        "UPDATE callback SET headers = '[' WHERE part = 1",
    ],
)
def test_a_report_that_cannot_be_read_again_takes_no_list_away(
    call: Linksms, folder: Path, damage: str
) -> None:
    report(folder, "whole", 1001)
    report(folder, "damaged$1", 2104)
    with closing(database.connect(folder)) as store:
        store.execute(damage)
    records = call("status", "--json").records
    assert [record["message_id"] for record in records] == ["damaged", "whole"]
    assert (records[0]["outcome"], records[0]["reports"][0]["result_code"]) == ("failed", 2104)
    assert "2104" in call("status", "damaged").stdout
    assert call("status").code == 0


def test_of_submissions_under_one_id_the_longest_has_to_be_reported(
    call: Linksms, folder: Path
) -> None:
    sent(call, "abc123", "x" * 161)
    sent(call, "abc123", "x")
    report(folder, "abc123$0", 1001, segments=None)
    done = call("status", "abc123", "--json")
    assert (done.code, done.record["parts_expected"]) == (8, 2)


def test_a_final_answer_stands_until_a_final_report(call: Linksms, folder: Path) -> None:
    with Recorder(http(b"1001;Billed and delivered;abc123")) as gateway:
        assert call(*SEND, "x", env=account(gateway.url)).code == 0
    assert call("status", "abc123", "--wait", "1h").code == 0
    report(folder, "abc123", 1000)
    assert call("status", "abc123").code == 0
    report(folder, "abc123", 2104, timestamp="2026-11-22T18:00:02Z")
    assert call("status", "abc123").code == 5


def test_the_id_of_a_part_means_the_message(call: Linksms, folder: Path) -> None:
    report(folder, "abc$0", 1001, segments=2)
    report(folder, "abcdef$0", 1001, segments=2)
    assert call("status", "abc$0", "--json").record["message_id"] == "abc"
    assert call("status", "abc$1", "--json").record["message_id"] == "abc"
    assert call("status", "abcd$1", "--json").code == 1


def test_a_store_that_cannot_be_used_is_no_empty_one(call: Linksms, folder: Path) -> None:
    folder.write_text("")
    for words in ((), ("abc",), ("--forget-before", "1h")):
        done = call("status", *words)
        assert (done.code, done.stdout) == (3, "")
        assert done.stderr == (
            f"error: the store {folder}/linksms.db cannot be used: Not a directory. "
            "Name another folder in LINKSMS_STATE.\n"
        )


def test_what_is_not_in_the_store(call: Linksms) -> None:
    before = call("status", "nosuch", "--json")
    sent(call, "abc123")
    after = call("status", "nosuch", "--json")
    both = call("status", "nosuch", "abc123")
    assert (before.code, after.code, both.code) == (1, 1, 9)
    assert before.record == after.record
    assert (after.record["message_id"], after.record["outcome"]) == ("nosuch", None)
    assert both.stdout.startswith("nosuch is not in the store\n")


def test_an_ambiguous_beginning_lists_the_ids(call: Linksms) -> None:
    for message_id in ("abc1", "abc2", "abc"):
        sent(call, message_id)
    done = call("status", "ab")
    assert done.code == 2
    assert done.stderr == (
        "error: several message ids begin with 'ab': abc, abc1, abc2. "
        "Type more of the one you mean.\n"
    )
    assert call("status", "abc").code == 8
    assert call("status", "abc1").code == 8


@pytest.mark.parametrize("last", ["\ud7ff", "\ue000", "\uffff", "\U0010ffff", "\U0010ffff" * 2])
@pytest.mark.parametrize("before", ["", "a"])
def test_an_id_may_begin_with_any_character(
    call: Linksms, folder: Path, before: str, last: str
) -> None:
    prefix = before + last
    assert call("status", prefix, "--json").code == 1
    for message_id in (f"{prefix}1", f"{before}Az", "b1"):
        report(folder, message_id, 1001)
    assert call("status", prefix, "--json").record["message_id"] == f"{prefix}1"
    report(folder, f"{prefix}2", 1001)
    ambiguous = call("status", prefix)
    assert (ambiguous.code, ambiguous.stdout) == (2, "")
    assert "several message ids begin with" in ambiguous.stderr


def test_an_id_that_is_not_utf8_is_refused(linksms: Linksms) -> None:
    done = linksms("status", b"abc\xff")
    assert (done.code, done.stdout) == (2, "")
    assert "is not UTF-8" in done.stderr


def test_the_latest_messages(call: Linksms, folder: Path) -> None:
    assert call("status").stderr == "nothing has been sent or reported yet\n"
    for message_id in ("one", "two", "three"):
        sent(call, message_id)
    report(folder, "theirs", 2104)
    listed = call("status", "--json", "--limit", "3")
    assert [record["message_id"] for record in listed.records] == ["theirs", "three", "two"]
    assert listed.code == 0
    shown = call("status")
    assert len(shown.stdout.splitlines()) == 5
    assert shown.stderr == "4 messages\n"
    few = call("status", "--limit", "2")
    assert (len(few.stdout.splitlines()), few.stderr) == (
        3,
        "2 of 4 messages; --limit 0 shows all\n",
    )
    assert call("status", "--limit", "0").stdout == shown.stdout


@on_every_store
def test_wait_ends_with_the_report(call: Linksms, state: str) -> None:
    sent(call, "abc123")
    timer = threading.Timer(0.5, report, (state, "abc123", 1001))
    timer.start()
    done = call("status", "abc123", "--wait", "20s", "--json")
    timer.join()
    assert (done.code, done.record["outcome"]) == (0, "delivered")


@on_every_store
def test_wait_comes_to_an_end(call: Linksms) -> None:
    sent(call, "abc123")
    assert call("status", "abc123", "--wait", "0.2", "--json").code == 8


@on_every_store
def test_wait_may_begin_before_there_is_a_store(linksms: Linksms, state: str) -> None:
    timer = threading.Timer(1.0, report, (state, "abc123", 2104))
    timer.start()
    done = linksms("status", "abc123", "--wait", "20s", "--json")
    timer.join()
    assert (done.code, done.record["outcome"]) == (5, "failed")


@on_every_store
def test_an_interrupted_wait_tells_what_is_known(
    call: Linksms, environment: dict[str, str]
) -> None:
    sent(call, "abc123")
    command = [sys.executable, "-m", "linksms_cli", "status", "abc123", "--wait", "1h", "--json"]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr
    assert "nothing will end the wait" in process.stderr.readline()  # the wait begins
    process.terminate()
    stdout, _ = process.communicate(timeout=20)
    assert (process.returncode, json.loads(stdout)["outcome"]) == (143, "pending")


@on_every_store
def test_send_waits_for_delivery(call: Linksms, state: str) -> None:
    with Recorder(http(b"1005;Queued;abc123")) as gateway:
        timer = threading.Timer(0.5, report, (state, "abc123", 2104))
        timer.start()
        words = ("send", "-t", "+99955501234", "-f", "LINK", "x", "--wait", "20s")
        done = call(*words, "--json", env=account(gateway.url))
        timer.join()
        stored = call("status", "abc123", "--json")
        late = call(*words[:-1], "0.2", env=account(gateway.url))
    record = done.record
    assert (done.code, record["outcome"], record["result_code"]) == (5, "failed", 2104)
    assert (record["final"], record["delivered"], record["retry"]) == (True, "no", "pointless")
    assert record["error"]["kind"] == "failed"
    assert record["error"]["message"] == "finally not delivered: 2104 Unknown subscriber"
    accepted = {"accepted": {"to": "+99955501234", "message_id": "abc123"}}
    assert json.loads(done.stderr.splitlines()[-1]) == accepted
    assert (stored.code, stored.record["outcome"]) == (5, "failed")
    # The second message has the id of the first, whose report is there already.
    assert late.code == 5
    assert "accepted   +99955501234  id abc123" in late.stderr


@on_every_store
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize(
    ("reported", "said"),
    [
        (None, "interrupted while waiting for the report"),
        (1000, "interrupted while waiting: 1 of 1 parts reported, 1000 Sent (to operator)"),
    ],
)
def test_a_wait_that_is_interrupted_says_so(
    environment: dict[str, str],
    state: str,
    number: signal.Signals,
    code: int,
    reported: int | None,
    said: str,
) -> None:
    if reported is not None:
        report(state, "abc123", reported)
    with Recorder(http(b"1005;Queued;abc123")) as gateway:
        words = ["send", "-t", "+99955501234", "-f", "LINK", "x", "--wait", "1h"]
        with subprocess.Popen(
            [sys.executable, "-m", "linksms_cli", *words],
            env=environment | account(gateway.url),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stderr
            while not process.stderr.readline().startswith("accepted"):
                pass
            process.send_signal(number)
            stdout, stderr = process.communicate(timeout=30)
    assert (process.returncode, stderr) == (code, "")
    assert " ".join(stdout.split()).startswith(f"pending +99955501234 {said} id abc123")
    kept = query(state, "SELECT outcome, error_kind FROM submission")
    assert kept == [("pending", "interrupted")]


@on_every_store
def test_send_waits_in_vain(call: Linksms) -> None:
    with Recorder(http(b"1005;Queued;abc123")) as gateway:
        words = ("send", "-t", "+99955501234", "-f", "LINK", "x", "--wait", "0.2", "--json")
        done = call(*words, env=account(gateway.url))
        skipped = call(*words, "--no-store", env=account(gateway.url))
    assert (done.code, done.record["outcome"]) == (8, "pending")
    assert done.record["error"] == {
        "kind": "pending",
        "message": "accepted, but no report came within 0.2 s",
        "hint": "It may still be delivered: do not send it again.",
    }
    assert skipped.code == 2


def test_a_wait_for_a_message_without_an_id_leads_to_its_page(call: Linksms) -> None:
    with Recorder(http(b"1005;Queued;")) as gateway:
        words = ("send", "-t", "+99955501234", "-f", "LINK", "x", "--wait", "0.2")
        done = call(*words, env=account(gateway.url))
    assert done.code == 8
    assert done.stdout == (
        "pending    +99955501234  accepted, but without an id to follow it by\n"
        "           It may still be delivered: do not send it again.\n"
    )
    assert "linksms status '#1' says what was seen, and what to do now.\n" in done.stderr
    page = call("status", "#1").stdout
    assert "No id    The gateway accepted it without giving it an id." in page
    assert "linksms status --to +99955501234 --since 20" in page


def test_forgetting_keeps_what_keys_have_sent(
    call: Linksms, folder: Path, environment: dict[str, str]
) -> None:
    with Recorder(http(b"1005;Queued;abc123")) as gateway:
        keyed = ("send", "-t", "+99955501234", "-f", "LINK", "--once", "k", "x", "--json")
        call(*keyed, env=account(gateway.url))
        call(*SEND, "y", env=account(gateway.url))
        report(folder, "abc123", 1001)
        kept = call("status", "--forget-before", "1h", "--json")
        gone = call("status", "--forget-before", "0", "--json")
        again = call(*keyed, env=account(gateway.url))
        requests = len(gateway.requests)
    assert (kept.record["messages"], kept.record["reports"]) == (0, 0)
    assert (gone.record["messages"], gone.record["reports"]) == (2, 1)
    assert call("status").stdout == ""
    assert (again.code, again.record["outcome"], again.record["to"]) == (
        0,
        "skipped",
        "+99955501234",
    )
    assert requests == 2
    raw = b"".join(path.read_bytes() for path in Path(environment["LINKSMS_STATE"]).iterdir())
    assert b"99955501234" not in raw


def test_forgetting_needs_a_unit(call: Linksms) -> None:
    sent(call, "abc123")
    done = call("status", "--forget-before", "90")
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr == (
        "error: --forget-before '90' has no unit. Write 90d for days, 90h for hours, 90m or s.\n"
    )
    assert call("status", "abc123").code == 8


def test_forgetting_may_be_tried_first(call: Linksms, folder: Path) -> None:
    sent(call, "abc123")
    for number in range(2):
        report(folder, f"theirs{number}", 1001)
    tried = call("status", "--forget-before", "0s", "--dry-run")
    assert tried.stdout.startswith("would delete 1 message and 2 reports from before 20")
    assert call("status", "abc123").code == 8
    record = call("status", "--forget-before", "0s", "--dry-run", "--json").record
    assert (record["messages"], record["reports"]) == (1, 2)
    assert (record["erased"], record["dry_run"]) == (None, True)
    done = call("status", "--forget-before", "0s")
    assert done.stdout.startswith("deleted 1 message and 2 reports from before 20")


def test_forgetting_asks_on_a_terminal(call: Linksms, environment: dict[str, str]) -> None:
    sent(call, "abc123")
    words = (*PROGRAM, "status", "--forget-before", "0s")
    with Terminal(*words, env=environment) as terminal:
        terminal.answer("Delete 1 message and 0 reports from before", "n")
        assert terminal.end() == 1
        assert "Nothing was deleted." in terminal.seen
    assert call("status", "abc123").code == 8
    with Terminal(*words, "--yes", env=environment) as terminal:
        assert terminal.end() == 0
        assert "deleted 1 message and 0 reports" in terminal.seen
        assert "Delete 1 message" not in terminal.seen
    assert call("status", "abc123").code == 1


def test_what_another_process_still_reads_is_not_called_gone(
    call: Linksms, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linksms_cli.adapters.store.sqlite.forgetting._PATIENCE", 0.0)
    sent(call, "abc123")
    with closing(database.connect(folder, read_only=True)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM submission").fetchone()
        done = call("status", "--forget-before", "0s", "--json")
    assert (done.code, done.record["messages"], done.record["erased"]) == (1, 1, False)
    assert "its files still hold what was deleted" in json.loads(done.stderr)["warning"]
    again = call("status", "--forget-before", "0s", "--json")
    assert (again.code, again.record["messages"], again.record["erased"]) == (0, 0, True)


def test_a_number_finds_its_messages(call: Linksms) -> None:
    for message_id in ("first", "second"):
        sent(call, message_id)
    with Recorder(http(b"1005;Queued;other")) as gateway:
        words = ("send", "-t", "+99955505678", "-f", "LINK", "x")
        assert call(*words, env=account(gateway.url)).code == 0
    done = call("status", "+999 555 012 34", "--json")
    assert [record["message_id"] for record in done.records] == ["second", "first"]
    none = call("status", "+99955500000", "--json")
    assert (none.code, none.record["outcome"]) == (1, None)


def test_a_million_old_reports_are_no_burden(call: Linksms, folder: Path) -> None:
    sent(call, "abc123")
    with closing(sqlite3.connect(folder / database.FILE)) as store:
        store.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) "
            "INSERT INTO callback (received_at, remote, method, query, headers, body, message_id, "
            "part, result_code) SELECT '2020-01-01T00:00:00.000Z', '', 'POST', '', '{}', "
            """CAST('{"id": "old' || i || '", "resultCode": 1001}' AS BLOB), 'old' || i, NULL, """
            "1001 FROM n"
        )
        store.execute(
            "INSERT INTO message (id, at, outcome) "
            "SELECT -id, 1577836800000 + id, 'delivered' FROM callback"
        )
        store.execute("UPDATE indexed SET callback = (SELECT max(id) FROM callback)")
        store.commit()
    assert call("status", "abc123").code == 8
    assert call("status", "old777777").code == 0
    listed = call("status", "--limit", "3", "--json").records
    assert [record["message_id"] for record in listed] == ["abc123", "old1000000", "old999999"]

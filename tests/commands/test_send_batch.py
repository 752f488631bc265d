"""`linksms send --batch`: each row is sent once and has one result, and the sum is right."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.commands.batches import batch, numbers, outcomes, rows_of, summary_of, write
from tests.conftest import Finished, Linksms, account, on_every_store, until
from tests.counting import ACCEPTED, CUT_AFTER, CountingGateway
from tests.loopback import Recorder, http

pytestmark = on_every_store


def test_a_list_of_numbers_gets_one_text(call: Linksms, gateway: Recorder, tmp_path: Path) -> None:
    file = write(tmp_path / "numbers.txt", "+99955500001\r\n\r\n  +999 555 00002 \r\n")
    done = call(*batch(file, "--json", "Closed tomorrow"), env=account(gateway.url))
    assert done.code == 0
    assert outcomes(done) == {1: "accepted", 2: "accepted"}
    assert {record["row"]: record["to"] for record in rows_of(done)} == {
        1: "+99955500001",
        2: "+99955500002",
    }
    assert all("Userdata=Closed%20tomorrow" in line for line in gateway.request_lines)
    assert summary_of(done) | {"elapsed_ms": 0} == {
        "event": "summary",
        "rows": 2,
        **dict.fromkeys(("delivered", "failed", "pending", "rejected", "not_sent"), 0),
        **dict.fromkeys(("unknown", "refused", "skipped"), 0),
        "accepted": 2,
        "parts": 2,
        "elapsed_ms": 0,
        "batch": 1,
        "finished": True,
    }


TABLE = 'to;name;text\n+99955500001;Änne;"Hej;\npå dig"\n\'+99955500002;Bo;Hi\n;;\n'


def test_a_table_as_excel_writes_it(call: Linksms, gateway: Recorder, tmp_path: Path) -> None:
    file = write(tmp_path / "guests.csv", b"\xef\xbb\xbf" + TABLE.replace("'", "").encode())
    done = call(*batch(file, "--json"), env=account(gateway.url))
    assert outcomes(done) == {1: "accepted", 2: "accepted"}
    assert any("Userdata=Hej%3B%0Ap%C3%A5%20dig" in line for line in gateway.request_lines)


def test_a_template_is_filled_from_the_columns_that_are_named(
    call: Linksms, gateway: Recorder, tmp_path: Path
) -> None:
    table = "mobil,namn\n+99955500001, Änne \n+99955500002,\n"
    file = write(tmp_path / "guests.csv", table)
    words = ("--column", "to=mobil", "--json", "Hej {namn} {{5}}")
    done = call(*batch(file, *words), env=account(gateway.url))
    assert outcomes(done) == {1: "accepted", 2: "refused"}
    (refused,) = [record for record in rows_of(done) if record["outcome"] == "refused"]
    assert refused["error"] == {
        "kind": "row",
        "message": "the template needs 'namn', and the row has none",
        "hint": "Fill the cell.",
    }
    assert "Userdata=Hej%20%C3%84nne%20%7B5%7D" in gateway.request_lines[0]


def test_json_lines_say_what_each_row_wants(
    call: Linksms, gateway: Recorder, tmp_path: Path
) -> None:
    lines = [
        {"to": "+99955500001", "text": "a", "from": "72401"},
        {"to": "+99955500002", "text": "b", "tariff": "SEK0", "reference_id": "r-1"},
        {"to": 99955500003, "text": "c"},
        {"to": "+99955500004"},
    ]
    half = '{"to": "+99955500005", "text": "a\\ud800"}'
    text = "\n".join([*map(json.dumps, lines), "[]", "{broken", half, ""])
    file = write(tmp_path / "rows.jsonl", text)
    done = call(*batch(file, "--json"), env=account(gateway.url))
    assert list(outcomes(done).values()).count("accepted") == 2
    wrong = {r["row"]: r["error"]["message"] for r in done.records if r.get("outcome") == "refused"}
    assert wrong[3] == "the value of 'to' is a number"
    assert wrong[4] == "the text is empty"
    assert wrong[5] == "the line is not a JSON object"
    assert wrong[6].startswith("the line is not JSON")
    assert wrong[7] == "the cell 'text' holds half of a character: U+D800"
    sent = " ".join(gateway.request_lines)
    assert "Source=72401" in sent
    assert "ReferenceId=r-1&Tariff=SEK0" in sent
    assert done.code == 9


@pytest.mark.parametrize(
    ("content", "words", "says"),
    [
        ("", (), "is empty"),
        ("\n\r\n", (), "holds nothing but blank lines"),
        (
            "to,text\n+99955500001,x\n".encode("utf-16-le"),
            (),
            "is in UTF-16LE without a byte order",
        ),
        (
            "to,text\n+99955500001,x\n".encode("utf-16-be"),
            (),
            "is in UTF-16BE without a byte order",
        ),
        ("to,text\nå".encode("utf-16")[:-1], (), "ends in the middle of a character"),
        ("to,to,text\n+99955500001,1,x\n", (), "the column 'to' is in the header twice"),
        ("number,text\n+99955500001,x\n", (), "no column is called 'to'"),
        ("+99955500001,x\n+99955500002,y\n", (), "the first row is '+99955500001', 'x'"),
        ("to,name\n+99955500001,x\n", (), "there is no text for the messages"),
        ("to,name\n+99955500001,x\n", ("Hi {nmae}",), "needs a column 'nmae'"),
        ("to,name\n+99955500001,x\n", ("Hi {name",), "has a '{' at position 3"),
        ("to\n+99955500001\n", ("--column", "to=tel", "x"), "there is no column 'tel'"),
        ("to\n+99955500001\n", ("--column", "phone=tel", "x"), "does not say which column"),
        ('to,text\n+99955500001,"never closed\n', (), "line 2: a quote is not closed"),
        ("to,text\n+99955500001,x\n", ("--delimiter", "ab"), "is not one character"),
    ],
)
def test_what_is_wrong_with_the_whole_file_is_said_before_anything_is_sent(
    call: Linksms,
    gateway: Recorder,
    tmp_path: Path,
    content: str | bytes,
    words: tuple[str, ...],
    says: str,
) -> None:
    file = write(tmp_path / "rows", content)
    done = call(*batch(file, *words), env=account(gateway.url))
    assert (done.code, done.stdout, gateway.requests) == (2, "", [])
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_row_that_is_wrong_stops_no_other(
    call: Linksms, gateway: Recorder, tmp_path: Path
) -> None:
    rows = [
        b"to,text,",
        b"+99955500001,fine,",
        b"'+99955500002,quoted,",
        b"070-123 45 67,national,",
        b"4.67E+10,spoilt,",
        b"46701740605.0,float,",
        b"+99955500003,sm\xf6rg\xe5s,",
        b"+99955500004,too,many",
        b'+99955500005,a "quote",',
        b'+99955500006,"a" b,',
        b"+99955500007,,,,",
        b",,",
        "+999555\u00a00008,NBSP".encode(),
    ]
    file = write(tmp_path / "rows.csv", b"\r\n".join(rows) + b"\r\n,,\r\n\r\n")
    done = call(*batch(file, "--json"), env=account(gateway.url))
    refused = {
        record["row"]: record["error"]["message"]
        for record in done.records
        if record.get("outcome") == "refused"
    }
    accepted = {row for row, outcome in outcomes(done).items() if outcome == "accepted"}
    assert accepted == {1, 2, 8, 11}
    assert set(refused) == {3, 4, 5, 6, 7, 9, 10}
    assert "scientific notation" in refused[4]
    assert refused[6] == "the cell 'text' is not UTF-8: byte 0xf6"
    assert refused[7] == "a cell stands in a column without a name"
    assert refused[9] == "a quote stands inside of a cell"
    assert refused[10] == "the text is empty"
    assert summary_of(done)["finished"] is True


def test_rows_to_be_mended_come_back_in_their_own_shape_and_are_sent_alone(
    call: Linksms, tmp_path: Path
) -> None:
    good = [f"{number};x {number}" for number in numbers(20)]
    table = ["to;text", *good[:10], "4,67E+10;y", *good[10:], "+99955900000;gone"]
    file = write(tmp_path / "rows.csv", "\n".join(table))
    rejected = tmp_path / "mend.csv"

    def decide(number: str, _nth: int) -> int:
        return 2104 if number == "+99955900000" else ACCEPTED

    with CountingGateway(decide=decide) as gateway:
        env = account(gateway.url)
        first = call(*batch(file, "--json", "--rejected", str(rejected)), env=env)
        mended = rejected.read_text().replace("4,67E+10", "+99955900001")
        again = call(*batch(write(rejected, mended.replace("900000", "900002")), "--json"), env=env)
        whole = "\n".join(table).replace("4,67E+10", "+99955900001").replace("900000", "900002")
        third = call(*batch(write(tmp_path / "mended.csv", whole), "--json"), env=env)
    assert summary_of(first)["accepted"] == 20
    assert rejected.stat().st_mode & 0o777 == 0o600
    assert mended.splitlines()[0] == "to;text;error"
    assert summary_of(again)["accepted"] == 2
    # The whole list, mended, sends nobody anything that they have.
    assert summary_of(third)["skipped"] == 22
    assert set(gateway.taken.values()) == {1}


def test_the_same_batch_goes_on_and_a_finished_one_is_refused(
    call: Linksms, tmp_path: Path
) -> None:
    file = write(tmp_path / "numbers.txt", "\n".join(numbers(30)))
    down = {"yes": True}

    def decide(_number: str, _nth: int) -> int:
        return 1 if down["yes"] else ACCEPTED

    with CountingGateway(decide=decide) as gateway:
        env = account(gateway.url)
        words = batch(file, "--json", "--retry", "0", "x")
        lost = call(*words, env=env)
        down["yes"] = False
        mended = call(*words, env=env)
        finished = call(*words, env=env)
        person = call(*(word for word in words if word != "--json"), env=env | {"TZ": "Asia/Tokyo"})
        again = call(*words, "--again", env=env)
    assert lost.code == 6
    assert summary_of(lost)["finished"] is False
    assert (mended.code, summary_of(mended)["accepted"]) == (0, 30)
    assert (finished.code, finished.stdout) == (10, "")
    assert '"kind": "batch_refused"' in finished.stderr
    assert re.search(r"this batch was finished on 20[-0-9]+T[0-9:.]+Z:", finished.stderr)
    assert re.search(r"this batch was finished on 20[-0-9]+ [0-9:]+\+09:00:", person.stderr)
    assert summary_of(again)["accepted"] == 30
    assert set(gateway.taken.values()) == {2}


@pytest.mark.parametrize("rows", [3, 40])
def test_a_refused_password_costs_no_row_its_message(
    call: Linksms, tmp_path: Path, rows: int
) -> None:
    file = write(tmp_path / "numbers.txt", "\n".join(numbers(rows)))
    refused = {"yes": True}

    def decide(_number: str, _nth: int) -> int:
        return 103 if refused["yes"] else ACCEPTED

    with CountingGateway(decide=decide) as gateway:
        words, env = batch(file, "--json", "x"), account(gateway.url)
        first = call(*words, env=env)
        refused["yes"] = False
        second = call(*words, env=env)
    assert (first.code, summary_of(first)["finished"]) == (4, False)
    assert (second.code, summary_of(second)["finished"]) == (0, True)
    assert gateway.taken == dict.fromkeys(numbers(rows), 1)


@pytest.mark.parametrize("wait", [(), ("--wait", "0s")])
def test_what_was_accepted_is_not_refused_by_a_limit_set_later(
    call: Linksms, tmp_path: Path, wait: tuple[str, ...]
) -> None:
    long = "x" * 200
    table = f"to,text\n+99955500001,{long}\n+99955500002,y\n+99955500003,{long}\n"
    file = write(tmp_path / "rows.csv", table)

    def decide(number: str, nth: int) -> int:
        return 1 if number.endswith("3") and nth == 1 else ACCEPTED

    with CountingGateway(decide=decide) as gateway:
        env = account(gateway.url)
        first = call(*batch(file, "--json", "--retry", "0"), env=env)
        assert outcomes(first) == {1: "accepted", 2: "accepted", 3: "not_sent"}
        stricter = env | {"LINKSMS_ALLOWED_DESTINATIONS": "+99955500003"}
        second = call(*batch(file, "--json", "--max-parts", "1", *wait), env=stricter)
    known = "pending" if wait else "skipped"
    assert outcomes(second) == {1: known, 2: known, 3: "refused"}
    assert summary_of(second)["finished"] is True


def test_an_unknown_row_is_left_alone_until_it_is_asked_for(call: Linksms, tmp_path: Path) -> None:
    file = write(tmp_path / "numbers.txt", "\n".join(numbers(3)))

    def decide(number: str, nth: int) -> int:
        return CUT_AFTER if number.endswith("1") and nth == 1 else ACCEPTED

    with CountingGateway(decide=decide) as gateway:
        env = account(gateway.url)
        words = batch(file, "--json", "x")
        first = call(*words, env=env)
        other = write(tmp_path / "other.txt", "\n".join([*numbers(3), ""]))
        second = call(*batch(other, "--json", "x"), env=env)
        third = call(*batch(other, "--json", "x", "--resend-unknown", "--again"), env=env)
    assert (first.code, outcomes(first)[2]) == (7, "unknown")
    assert (second.code, outcomes(second)) == (7, dict.fromkeys((1, 2, 3), "skipped"))
    kinds = {record["row"]: record["error"]["kind"] for record in rows_of(second)}
    assert kinds == {1: "twin", 2: "twin_unknown", 3: "twin"}
    assert third.code == 0
    assert gateway.came["+999550000001"] == 2


def test_a_person_is_told_how_to_find_the_rows_that_are_unknown(
    call: Linksms, tmp_path: Path
) -> None:
    file = write(tmp_path / "numbers.txt", "\n".join(numbers(2)))
    with CountingGateway(decide=lambda _number, _nth: CUT_AFTER) as gateway:
        done = call(*batch(file, "x"), env=account(gateway.url))
    command = "linksms status --batch 1 --outcome unknown"
    assert done.stderr.endswith(f"Unknown rows may have been sent: {command}\n")
    found = call(*command.split()[1:], "--json")
    assert {record["to"] for record in found.records} == set(numbers(2))


def test_equal_rows_go_out_once_unless_both_are_wanted(
    call: Linksms, gateway: Recorder, tmp_path: Path
) -> None:
    file = write(tmp_path / "rows.csv", "to,text\n+99955500001,x\n+99955500001,x\n+99955500001,y\n")
    env = account(gateway.url)
    done = call(*batch(file, "--json"), env=env)
    assert outcomes(done) == {1: "accepted", 2: "skipped", 3: "accepted"}
    both = call(*batch(file, "--json", "--allow-duplicates", "--again"), env=env)
    assert outcomes(both) == {1: "accepted", 2: "accepted", 3: "accepted"}


def test_a_key_names_a_row_whatever_stands_in_it(
    call: Linksms, gateway: Recorder, tmp_path: Path
) -> None:
    env = account(gateway.url)
    first = write(tmp_path / "a.csv", "to,text,key\n+99955500001,Order 7,o-7\n")
    second = write(tmp_path / "b.csv", "to,text,key\n+99955500001,Order 7!,o-7\n")
    assert call(*batch(first, "--json"), env=env).records[0]["key"] == "o-7"
    done = call(*batch(second, "--json"), env=env)
    assert (done.code, outcomes(done), len(gateway.requests)) == (0, {1: "skipped"}, 1)


def test_a_key_that_stands_in_a_file_twice_sends_once_whatever_is_wanted(
    call: Linksms, gateway: Recorder, tmp_path: Path
) -> None:
    file = write(tmp_path / "rows.csv", "to,text,key\n+99955500001,x,k\n+99955500002,y,k\n")
    done = call(*batch(file, "--json", "--allow-duplicates"), env=account(gateway.url))
    assert (outcomes(done), len(gateway.requests)) == ({1: "accepted", 2: "skipped"}, 1)
    assert rows_of(done)[0]["error"] == {
        "kind": "duplicate",
        "message": "row 1 has the same key, which sends once",
        "hint": "If this is another message, give it a key of its own.",
    }


@pytest.mark.parametrize(
    ("code", "ends", "first"), [(103, 4, "rejected"), (106, 9, "rejected"), (2104, 9, "rejected")]
)
def test_a_failure_that_all_would_share_stops_the_rest(
    call: Linksms, tmp_path: Path, code: int, ends: int, first: str
) -> None:
    file = write(tmp_path / "numbers.txt", "\n".join(numbers(40)))
    words = ("--json", "--concurrency", "2", "--max-failures", "3", "x")
    with CountingGateway(decide=lambda _number, _nth: code) as gateway:
        done = call(*batch(file, *words), env=account(gateway.url))
    counted = Counter(outcomes(done).values())
    assert done.code == ends
    assert set(counted) == {first, "not_sent"}
    assert counted[first] <= 5
    assert summary_of(done)["finished"] is False


def test_a_network_that_is_lost_stops_the_batch(call: Linksms, tmp_path: Path) -> None:
    file = write(tmp_path / "numbers.txt", "\n".join(numbers(100)))
    env = account("http://127.0.0.1:9/smscsimplehttp")
    done = call(*batch(file, "--json", "--retry", "0", "x"), env=env)
    assert (done.code, set(outcomes(done).values())) == (6, {"not_sent"})
    tried = [record for record in rows_of(done) if record["sent_at"] or record["elapsed_ms"]]
    assert len(tried) < 40


def test_the_plan_passes_every_guard_and_sends_nothing(
    call: Linksms, gateway: Recorder, environment: dict[str, str], tmp_path: Path
) -> None:
    long = "x" * 200
    table = (
        f"to,text\n+99955500001,Hi\n+99955500002,{long}\n+99955500003,ąę\n1,x\n+99955500001,Hi\n"
    )
    file = write(tmp_path / "rows.csv", table)
    env = account(gateway.url)
    done = call(*batch(file, "--dry-run", "--json", "--rate", "2"), env=env)
    assert done.code == 9
    assert done.records[-1] == {
        "rows": 5,
        "sendable": 3,
        "refused": 1,
        "duplicates": 1,
        "already_sent": 0,
        "parts": 4,
        "by_encoding": {"GSM-7": 2, "UCS-2": 1},
        "by_parts": {"1": 2, "2": 1},
        "longest": {"row": 2, "parts": 2},
        "charge_total": None,
        "seconds_at_rate": 1.5,
    }
    assert [(record["row"], record["outcome"]) for record in done.records[:-1]] == [(4, "refused")]
    person = call(*batch(file, "--dry-run", "--max-parts", "1"), env=env)
    assert "  Rows     5 in all\n           2 would be sent\n" in person.stdout
    assert gateway.requests == []
    assert not Path(environment["LINKSMS_STATE"]).exists()


def test_a_charge_is_confirmed_for_the_whole_batch(
    call: Linksms, gateway: Recorder, tmp_path: Path
) -> None:
    file = write(tmp_path / "rows.csv", "to,text,tariff\n+99955500001,x,SEK500\n+99955500002,x,\n")
    env = account(gateway.url)
    words = batch(file, "--json", "--tariff", "SEK1000")
    planned = call(*words, "--dry-run", env=env)
    assert planned.record["charge_total"] == "SEK1500"
    for said in ((), ("--confirm-charge", "SEK1000")):
        refused = call(*words, *said, env=env)
        assert (refused.code, gateway.requests) == (10, [])
        assert "add --confirm-charge SEK1500" in refused.stderr
    assert call(*words, "--confirm-charge", "SEK1500", env=env).code == 0
    assert len(gateway.requests) == 2


def test_no_more_are_out_at_once_than_allowed(call: Linksms, tmp_path: Path) -> None:
    file = write(tmp_path / "numbers.txt", "\n".join(numbers(60)))
    with CountingGateway(latency=0.02) as gateway:
        done = call(*batch(file, "--concurrency", "5", "-q", "x"), env=account(gateway.url))
    assert done.code == 0
    assert len(done.stdout.splitlines()) == 60
    assert gateway.most_out == 5


def test_a_gateway_that_throttles_is_obeyed_and_every_row_gets_there(
    call: Linksms, tmp_path: Path
) -> None:
    file = write(tmp_path / "numbers.txt", "\n".join(numbers(40)))

    def decide(_number: str, nth: int) -> int:
        return 3 if nth == 1 and len(gateway.times) % 8 == 0 else ACCEPTED

    with CountingGateway(decide=decide) as gateway:
        done = call(*batch(file, "--json", "x"), env=account(gateway.url))
    assert (done.code, set(outcomes(done).values())) == (0, {"accepted"})
    assert set(gateway.taken.values()) == {1}


@pytest.mark.parametrize("presses", [1, 2])
def test_ctrl_c_ends_in_order_and_the_same_command_goes_on(
    linksms: Linksms, environment: dict[str, str], tmp_path: Path, presses: int
) -> None:
    file = write(tmp_path / "numbers.txt", "\n".join(numbers(60)))
    command = [sys.executable, "-m", "linksms_cli", *batch(file, "--json", "x")]
    # What is out at the second one must not be answered, however busy the machine is.
    with CountingGateway(latency=0.2 if presses == 1 else 60) as gateway:
        env = environment | account(gateway.url)
        with subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            until(lambda: len(gateway.came) >= 8)
            for _ in range(presses):
                process.send_signal(signal.SIGINT)
                if presses == 2:
                    wait_for_signal(process)
                    time.sleep(0.5)  # until Python has counted it
            out, _ = process.communicate(timeout=60)
        assert process.returncode == 130
        done = Finished(code=130, stdout=out, stderr="")
        assert (summary_of(done)["rows"], summary_of(done)["finished"]) == (60, False)
        under_way, out_then = ("accepted" if presses == 1 else "unknown"), len(gateway.came)
        told = Counter(outcomes(done).values())
        assert told == {under_way: out_then, "not_sent": 60 - out_then}
    with CountingGateway() as second:
        gone_on = linksms(*batch(file, "--json", "x"), env=account(second.url))
    # Another gateway is another account's batch; the first one's rows are not its own.
    assert summary_of(gone_on)["accepted"] == 60


def wait_for_signal(process: "subprocess.Popen[str]") -> None:
    """Wait until a signal has been taken, so that the next one is another."""
    status = Path(f"/proc/{process.pid}/status")
    pending = ("SigPnd", "ShdPnd")
    until(
        lambda: all(
            int(line.split()[1], 16) == 0
            for line in status.read_text().splitlines()
            if line.startswith(pending)
        )
    )


def test_a_pipe_is_read_and_known_again(linksms: Linksms, tmp_path: Path) -> None:
    table = b"to,text\n" + b"".join(f"{number},x\n".encode() for number in numbers(20))
    with CountingGateway() as gateway:
        env = account(gateway.url)
        first = linksms(*batch("-", "--json"), stdin=table, env=env)
        second = linksms(*batch("-", "--json"), stdin=table, env=env)
        file = linksms(*batch(write(tmp_path / "same.csv", table), "--json"), env=env)
    assert summary_of(first)["accepted"] == 20
    assert (second.code, file.code) == (10, 10)


def test_options_that_make_no_sense_beside_a_batch_are_refused(
    call: Linksms, gateway: Recorder, tmp_path: Path
) -> None:
    file = write(tmp_path / "numbers.txt", "+99955500001")
    for words in (("-t", "+99955500002"), ("--udh", "050003010201"), ("--once", "k")):
        done = call(*batch(file, *words, "x"), env=account(gateway.url))
        assert done.code == 2
        assert "cannot be combined" in done.stderr
    assert call(*batch(file, "--no-store", "x"), env=account(gateway.url)).code == 2
    alone = call("send", "-t", "+99955500001", "--rate", "1", "x", env=account(gateway.url))
    assert alone.code == 2
    assert "--rate has no effect without --batch" in alone.stderr
    lost = call(*batch(file, "--rejected", file, "x"), env=account(gateway.url))
    assert lost.code == 2
    assert Path(file).read_text() == "+99955500001"


def test_a_batch_without_an_account_needs_none(linksms: Linksms, tmp_path: Path) -> None:
    table = "to\n+99955501234\n+99910002104\n+99920000002\n"
    file = write(tmp_path / "rows.csv", table)
    done = linksms(*batch(file, "--json", "--sandbox", "x"))
    assert outcomes(done) == {1: "accepted", 2: "rejected", 3: "unknown"}
    assert done.code == 7


def test_a_batch_waits_for_all_of_its_rows(linksms: Linksms, tmp_path: Path) -> None:
    file = write(tmp_path / "rows.csv", "to\n+99955501234\n+99900002104\n+99930000008\n")
    done = linksms(*batch(file, "--json", "--sandbox", "--wait", "4s", "x"))
    assert outcomes(done) == {1: "delivered", 2: "failed", 3: "pending"}
    assert done.code == 9


def test_a_pipe_with_a_name_is_read(call: Linksms, gateway: Recorder) -> None:
    reader, writer = os.pipe()
    os.write(writer, b"to,text\n+99955500001,x\n")
    os.close(writer)
    done = call(*batch(f"/dev/fd/{reader}", "--json"), env=account(gateway.url))
    os.close(reader)
    assert outcomes(done) == {1: "accepted"}


def test_a_rejection_is_counted_and_said(call: Linksms, tmp_path: Path) -> None:
    file = write(tmp_path / "numbers.txt", "+99955500001\n")
    with Recorder(http(b"2104;Unknown subscriber;")) as gateway:
        done = call(*batch(file, "x"), env=account(gateway.url))
    assert done.code == 5
    assert "row 1  rejected" in done.stdout
    assert "1 row in " in done.stderr
    assert ": 1 rejected" in done.stderr


def test_ctrl_c_while_all_rows_are_judged_sends_nothing(
    environment: dict[str, str], gateway: Recorder, tmp_path: Path
) -> None:
    bad = "".join(f"{number},x\n" for number in range(200_000))
    file = write(tmp_path / "rows.csv", f"to,text\n{bad}")
    command = [sys.executable, "-m", "linksms_cli", *batch(file, "--json")]
    env = environment | account(gateway.url)
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        lines = process.stdout.read().splitlines()
    assert (process.returncode, gateway.requests) == (130, [])
    assert json.loads(lines[-1])["finished"] is False
    assert len(lines) < 200_000


def test_a_file_of_rows_to_be_mended_that_fails_stops_no_batch(
    call: Linksms, gateway: Recorder, tmp_path: Path
) -> None:
    lines = [json.dumps({"to": to, "text": "x"}) for to in ("1", "+99955500001", "2")]
    file = write(tmp_path / "rows.jsonl", "\n".join(lines))
    done = call(*batch(file, "--json", "--rejected", "/dev/full"), env=account(gateway.url))
    assert outcomes(done) == {1: "refused", 2: "accepted", 3: "refused"}
    assert done.stderr.count("it does not hold every row") == 1
    table = write(tmp_path / "rows.csv", "to,text\n1,x\n")
    never = call(*batch(table, "--rejected", "/dev/full"), env=account(gateway.url))
    assert (never.code, never.stdout) == (2, "")

"""`linksms status` finds messages: by number, time, outcome and more; counts, follows, asks."""

import csv
import io
import json
import sqlite3
import subprocess
import time
from collections.abc import Generator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from linksms_cli.actions.status import Feedback, follow
from linksms_cli.adapters.store.sqlite import database
from linksms_cli.sms.search import Search
from tests.conftest import Linksms, account, until
from tests.loopback import Recorder, http, silence
from tests.reporting import report, request
from tests.server import running
from tests.terminal import PROGRAM, Terminal

NUMBERS = {"a": "+99955500001", "b": "+99955500002", "c": "+99955512345"}


@pytest.fixture
def folder(environment: dict[str, str]) -> Path:
    return Path(environment["LINKSMS_STATE"])


def send(call: Linksms, message_id: str, to: str, *more: str, **variables: str) -> None:
    with Recorder(http(f"1005;Queued;{message_id}".encode())) as gateway:
        words = ("send", "-t", to, "-f", "LINK", "x", "-q", *more)
        assert call(*words, env=account(gateway.url) | variables).code == 0


def reported(environment: dict[str, str], *reports: bytes) -> None:
    """Let a receiver store reports."""
    with running(environment, "listen") as receiver:
        for one in reports:
            assert request(receiver.url, one).status == 200
        receiver.end()


def sent_at(folder: Path, message_id: str, at: datetime) -> None:
    """Make a message as old as that."""
    written = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    with closing(database.connect(folder)) as store:
        store.execute(
            "UPDATE submission SET created_at = ?, sent_at = ? WHERE message_id = ?",
            (written, written, message_id),
        )
        store.execute(
            "UPDATE message SET at = ? WHERE id = (SELECT id FROM submission WHERE message_id = ?)",
            (round(at.timestamp() * 1000), message_id),
        )


def ids(call: Linksms, *words: str) -> list[str]:
    done = call("status", *words, "--json")
    assert done.code == 0, done.stderr
    return [record["message_id"] or record["handle"] for record in done.records]


@pytest.fixture
def three(call: Linksms, environment: dict[str, str]) -> None:
    """a is delivered, b failed at another operator, c is pending; theirs was sent elsewhere."""
    for name, number in NUMBERS.items():
        send(call, name, number)
    custom = {"source": "2333", "destination": "+99955500002"}
    reported(
        environment,
        report(id="a", resultCode=1001),
        report(id="b", resultCode=2104, operator="se.tele2", refId="ref-1"),
        report(id="theirs", resultCode=1001, customParameters=custom),
    )


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", ["theirs", "c", "b", "a"]),
        ("--to +99955500002", ["theirs", "b"]),
        ("--to +999555", ["theirs", "c", "b", "a"]),
        ("--to *0002", ["theirs", "b"]),
        ("--to *500002", ["theirs", "b"]),
        ("--to *512345", ["c"]),
        ("--from LINK", ["c", "b", "a"]),
        ("--from 2333", ["theirs"]),
        ("--outcome delivered", ["theirs", "a"]),
        ("--outcome failed", ["b"]),
        ("--outcome pending", ["c"]),
        ("--code 1001", ["theirs", "a"]),
        ("--code 2104", ["b"]),
        ("--operator se.tele2", ["b"]),
        ("--operator no.telenor", ["theirs", "a"]),
        ("--reference-id ref-1", ["b"]),
        ("--since 1h", ["theirs", "c", "b", "a"]),
        ("--until 1h", []),
        ("--to +99955500002 --outcome failed", ["b"]),
        ("--to *0002 --code 1001", ["theirs"]),
        ("--outcome failed --operator no.telenor", []),
        ("+99955500002 --outcome failed", ["b"]),
        ("+99955500002 --limit 1", ["theirs"]),
        ("--limit 2", ["theirs", "c"]),
        ("--limit 0", ["theirs", "c", "b", "a"]),
    ],
)
def test_filters_must_all_hold(call: Linksms, words: str, expected: list[str]) -> None:
    assert ids(call, *words.split()) == expected


def test_what_the_account_and_the_key_say_is_searched(call: Linksms, tmp_path: Path) -> None:
    Path(tmp_path / "config.toml").write_text("")
    send(call, "plain", NUMBERS["a"])
    send(call, "keyed", NUMBERS["a"], "--once", "alarm-1")
    with Recorder(http(b"1005;Queued;profiled")) as gateway:
        config = tmp_path / "config.toml"
        config.write_text(
            f'[profiles.prod]\nbase_url = "{gateway.url}"\nservice_id = 1\nusername = "u"\n'
            'password = "p"\n'
        )
        config.chmod(0o600)
        words = ("send", "-p", "prod", "-t", NUMBERS["a"], "-f", "LINK", "x")
        assert call(*words).code == 0
    assert ids(call, "--key", "alarm-1") == ["keyed"]
    assert ids(call, "--key", "alarm") == []
    assert ids(call, "--profile", "prod") == ["profiled"]
    assert ids(call, "-p", "test") == []


def test_times_bound_what_is_found(call: Linksms, folder: Path) -> None:
    now = datetime.now().astimezone()
    for name, ago in {"a": 5, "b": 30, "c": 75}.items():
        send(call, name, NUMBERS[name])
        sent_at(folder, name, now - timedelta(hours=ago))
    assert ids(call, "--since", "6h") == ["a"]
    assert ids(call, "--until", "6h") == ["b", "c"]
    assert ids(call, "--since", "31h", "--until", "6h") == ["b"]
    day = (now - timedelta(hours=30)).strftime("%Y-%m-%d")
    assert "b" in ids(call, "--since", day, "--until", day)
    exactly = (now - timedelta(hours=75)).isoformat(timespec="milliseconds")
    assert ids(call, "--until", exactly) == []
    assert ids(call, "--since", exactly) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--since", "someday"), "--since 'someday' is not a time. Write it like 2h, yesterday, "),
        (("--since", "1h", "--until", "2h"), "--since 1h is not before --until 2h. "),
        (("--outcome", "faild"), "Did you mean failed?"),
        (("--outcome", "x"), "'delivered', 'failed', 'pending', 'overdue', 'rejected', "),
        (("+99955501234", "--to", "+999"), "--to and MESSAGE_ID cannot be combined"),
        (("--to", "*12"), "--to '*12' is not the end of a number. Write * and its last 4 digits"),
        (("--to", "0701740605"), "--to '0701740605' is neither a number nor the beginning of one"),
        (("abc", "--outcome", "failed"), "--outcome and MESSAGE_ID cannot be combined"),
        (("--count-by", "code", "--limit", "3"), "--count-by and --limit cannot be combined"),
        (("--csv", "--json"), "--csv and --json cannot be combined"),
        (("--ticket",), "--ticket has no effect without MESSAGE_ID"),
        (("--ticket", "+99955501234", "--csv"), "--ticket and --csv cannot be combined"),
        (("--ticket", "+99955501234", "--follow"), "--ticket and --follow cannot be combined"),
        (
            ("--ticket", "+99955501234", "--count-by", "code"),
            "--ticket and --count-by cannot be combined",
        ),
        (("--count-by", "colour"), "Invalid value for '--count-by': 'colour' is not one of "),
    ],
)
def test_what_cannot_be_looked_for(call: Linksms, words: tuple[str, ...], said: str) -> None:
    done = call("status", *words)
    assert (done.code, done.stdout) == (2, "")
    text = done.stderr if "--json" not in words else json.loads(done.stderr)["error"]["message"]
    assert said in text.removeprefix("error: ")


@pytest.mark.usefixtures("three")
def test_nothing_found_is_said_and_no_failure(call: Linksms) -> None:
    done = call("status", "--to", "+99955599999")
    assert (done.code, done.stdout, done.stderr) == (0, "", "no message is like that\n")
    assert call("status", "--outcome", "unknown", "--json").stdout == ""


@pytest.mark.usefixtures("three")
def test_the_table_has_the_columns_that_a_person_asks_for(call: Linksms) -> None:
    head, *rows = call("status").stdout.splitlines()
    titles = head.split()
    assert titles == ["WHEN", "(UTC)", "TO", "FROM", "OUTCOME", "CODE", "PARTS", "OPERATOR", "ID"]
    (failed,) = [row for row in rows if "failed" in row]
    cells = [failed[head.index(title) :].split("  ")[0] for title in titles[2:]]
    assert cells == [
        *("+99955500002", "LINK", "failed", "2104 Unknown subscriber", "1/1", "se.tele2", "b"),
    ]


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits_a_terminal(environment: dict[str, str], width: int) -> None:
    size = environment | {"COLUMNS": str(width)}
    with Terminal(*PROGRAM, "status", env=size) as terminal:
        assert terminal.end() == 0
        lines = terminal.seen.splitlines()
    assert lines[-1] == "4 messages"
    assert max(map(len, lines)) <= width
    assert ("OPERATOR" in lines[0]) == (width > 80)
    assert all(name in lines[0] for name in ("WHEN", "TO", "OUTCOME", "CODE", "PARTS", "ID"))


@pytest.mark.usefixtures("three")
def test_csv_is_for_programs(call: Linksms) -> None:
    done = call("status", "--csv", "--outcome", "failed", env={"TZ": "Asia/Tokyo"})
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    record = call("status", "b", "--json").record
    assert row["message_id"] == "b"
    assert (row["to"], row["from"]) == ("+99955500002", "LINK")
    assert (row["outcome"], row["result_code"], row["operator"]) == ("failed", "2104", "se.tele2")
    assert (row["final"], row["reference"], row["profile"]) == ("true", "ref-1", "")
    assert row["sent_at"] == record["sent_at"]


def test_no_cell_of_a_csv_is_a_formula(call: Linksms, environment: dict[str, str]) -> None:
    named = {"source": "@SUM(1)", "destination": '=cmd|"/c calc"!A1'}
    reported(
        environment,
        report(id="-2+3", operator='+1"\n,x;=2', refId="\t=1", customParameters=named),
    )
    done = call("status", "--csv")
    (row,) = csv.DictReader(io.StringIO(done.stdout, newline=""))
    for column in ("message_id", "to", "from", "operator"):
        assert row[column].startswith("'"), row
    assert row["operator"] == "'+1\"\n,x;'=2"


@pytest.mark.usefixtures("three")
def test_counts_add_up_to_the_total(call: Linksms) -> None:
    done = call("status", "--count-by", "outcome", "--json")
    assert done.records == [
        {"outcome": "delivered", "count": 2},
        {"outcome": "failed", "count": 1},
        {"outcome": "pending", "count": 1},
    ]
    head, *rows, total = call("status", "--count-by", "outcome").stdout.splitlines()
    assert head.split() == ["OUTCOME", "COUNT"]
    assert [row.split()[:2] for row in rows] == [
        ["delivered", "2"],
        ["failed", "1"],
        ["pending", "1"],
    ]
    bars = [row.count("█") for row in rows]
    assert bars[0] == pytest.approx(2 * bars[1], abs=1)
    assert total == "4 messages"


@pytest.mark.usefixtures("three")
def test_counting_by_several_fields(call: Linksms) -> None:
    words = ("status", "--count-by", "operator", "--count-by", "code")
    assert call(*words, "--json").records == [
        {"operator": "no.telenor", "code": 1001, "description": "Billed and delivered", "count": 2},
        {"operator": None, "code": 1005, "description": "Queued", "count": 1},
        {"operator": "se.tele2", "code": 2104, "description": "Unknown subscriber", "count": 1},
    ]
    page = call(*words, "--outcome", "failed").stdout
    assert page.splitlines()[1].split("  ")[0] == "se.tele2"
    assert "2104 Unknown subscriber" in page


def test_hours_and_days_are_local_for_a_person(call: Linksms, folder: Path) -> None:
    for name, hour in {"a": 17, "b": 18, "c": 18}.items():
        send(call, name, NUMBERS[name])
        sent_at(folder, name, datetime(2026, 11, 22, hour, 40, tzinfo=UTC))
    india = {"TZ": "Asia/Kolkata"}  # five hours and a half ahead
    hours = call("status", "--count-by", "hour", env=india).stdout.splitlines()[1:]
    assert [row.rstrip("█ ") for row in hours] == [
        "2026-11-22 23:00+05:30      1",
        "2026-11-23 00:00+05:30      2",
        "3 messages",
    ]
    days = call("status", "--count-by", "day", env=india).stdout.splitlines()[1:]
    assert [row.split()[:2] for row in days] == [
        ["2026-11-22", "1"],
        ["2026-11-23", "2"],
        ["3", "messages"],
    ]
    assert call("status", "--count-by", "hour", "--json", env=india).records == [
        {"hour": "2026-11-22T17:00:00Z", "count": 1},
        {"hour": "2026-11-22T18:00:00Z", "count": 2},
    ]


def test_a_message_without_an_id_has_a_handle(call: Linksms) -> None:
    send(call, "first", NUMBERS["a"])
    with Recorder(silence) as gateway:
        words = ("send", "-t", NUMBERS["b"], "-f", "LINK", "x", "--timeout", "0.2")
        unknown = call(*words, env=account(gateway.url))
    assert (unknown.code, unknown.stdout.splitlines()[2]) == (
        7,
        "  Next     linksms status '#2' says what was seen, and what to do now.",
    )
    listed = call("status").stdout
    assert [line.split()[-1] for line in listed.splitlines()[1:]] == ["#2", "first"]
    done = call("status", "#2", "--json")
    assert (done.code, done.record["message_id"], done.record["handle"]) == (7, None, "#2")
    assert call("status", "#1").code == 8
    assert call("status", "fir…", "--json").record["message_id"] == "first"
    missing = call("status", "#3", "--json")
    assert (missing.code, missing.record["message_id"]) == (1, "#3")
    assert call("status", "#" + "9" * 30).code == 1
    assert call("status", "#2", "--wait", "0.1").code == 7


@pytest.mark.parametrize(("code", "said"), [(1010, "A report said 1010"), (4, "A report said 4 ")])
def test_what_a_report_calls_unknown_says_so(
    call: Linksms, environment: dict[str, str], code: int, said: str
) -> None:
    send(call, "a", NUMBERS["a"])
    reported(environment, report(id="a", resultCode=code))
    done = call("status", "a")
    page = " ".join(done.stdout.split())
    assert (done.code, said in page) == (7, True), page
    assert "Seen The request, which left at" in page
    assert "reports of 1 of 1 parts" in page


def test_what_is_overdue_points_to_the_way_of_the_reports(call: Linksms, folder: Path) -> None:
    for name, number in NUMBERS.items():
        send(call, name, number)
    now = datetime.now(UTC)
    sent_at(folder, "a", now - timedelta(hours=49))
    sent_at(folder, "b", now - timedelta(hours=47))
    assert ids(call, "--outcome", "overdue") == ["a"]
    assert ids(call, "--outcome", "overdue", "--overdue-after", "1h") == ["b", "a"]
    env = {"LINKSMS_OVERDUE_AFTER": "1h"}
    assert [
        r["message_id"] for r in call("status", "--outcome", "overdue", "--json", env=env).records
    ] == [
        "b",
        "a",
    ]
    (row,) = [line for line in call("status").stdout.splitlines() if line.endswith(" a")]
    assert row.split()[4] == "overdue"
    page = " ".join(call("status", "a").stdout.split())
    assert "overdue: not delivered yet" in page
    assert "Overdue It has been pending for more than 48 h" in page
    assert "an assumption" in page
    assert "1. Does linksms listen run" in page
    assert "Overdue" not in call("status", "b").stdout


def test_what_becomes_overdue_while_it_is_waited_for_is_called_so(
    call: Linksms, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(call, "a", NUMBERS["a"])

    def wait(*_: object, **__: object) -> None:
        sent_at(folder, "a", datetime.now(UTC) - timedelta(minutes=59, seconds=59.9))
        time.sleep(0.2)

    monkeypatch.setattr("linksms_cli.actions.status.await_delivery", wait)
    began = datetime.now(UTC)
    page = call("status", "a", "--wait", "1h", "--overdue-after", "1h").stdout
    assert "overdue: not delivered yet" in page, (began, page)


@pytest.mark.usefixtures("three")
def test_a_number_that_the_store_has_not_given_is_not_waited_for(
    call: Linksms, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[str] = []

    def wait(_stories: object, message_ids: list[str], **_: object) -> None:
        waited.extend(message_ids)

    monkeypatch.setattr("linksms_cli.actions.status.await_delivery", wait)
    done = call("status", "#99", "to-come$0", "--wait", "1h")
    assert (done.code, done.stdout) == (
        1,
        "#99 is not in the store\n\nto-come$0 is not in the store\n",
    )
    assert waited == ["to-come"]


@pytest.mark.usefixtures("three")
def test_a_ticket_has_what_support_asks_for(call: Linksms) -> None:
    assert "to +99955500002 from LINK, reference ref-1" in call("status", "b").stdout
    (told,) = call("status", "b", "--json").record["reports"]
    assert (told["ref_id"], told["destination"]) == ("ref-1", "+99955501234")
    done = call("status", "b", "--ticket", env={"TZ": "Asia/Tokyo"})
    text = done.stdout
    record = call("status", "b", "--json").record
    sent = record["sent_at"]
    assert done.code == 5
    for line in (
        "Message id: b",
        "Service id: 1",
        "From:       LINK",
        "To:         +99955500002",
        f"Sent:       {sent[:10]} {sent[11:19]}Z",
        "Answer:     1005 Queued",
        "State:      2104 Unknown subscriber (FINAL: NOT DELIVERED, NOT BILLED*)",
        "Operator:   se.tele2",
        "Reference:  ref-1",
        "Why was it not delivered, and is there anything to change on our side?",
    ):
        assert line in text.splitlines(), text
    assert "  2026-07-01 09:37:36Z  2104 Unknown subscriber\n    id b, operator se.tele2" in text
    assert max(map(len, text.splitlines())) <= 76
    assert "password" not in text.lower()
    both = call("status", "a", "b", "--ticket", "--json")
    assert [one["message_id"] for one in both.records] == ["a", "b"]
    assert both.records[1]["text"] + "\n" == text
    assert both.records[1]["service_id"] == 1
    assert both.records[1]["base_url"].startswith("http://127.0.0.1")


def test_following_goes_on_with_what_changes(environment: dict[str, str], call: Linksms) -> None:
    send(call, "a", NUMBERS["a"])
    with running(environment, "listen") as receiver:
        words = (*PROGRAM, "status", "--follow", "--json")
        with subprocess.Popen(
            words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout

            def next_one() -> tuple[str, str]:
                assert process.stdout
                line = process.stdout.readline()
                assert line, process.communicate()
                record: dict[str, Any] = json.loads(line)
                return record["message_id"], record["outcome"]

            assert next_one() == ("a", "pending")
            assert request(receiver.url, report(id="a", resultCode=2104)).status == 200
            assert next_one() == ("a", "failed")
            send(call, "b", NUMBERS["b"])
            assert next_one() == ("b", "pending")
            assert request(receiver.url, report(id="theirs")).status == 200
            assert next_one() == ("theirs", "delivered")
            process.terminate()
            _, stderr = process.communicate(timeout=30)
        assert (process.returncode, stderr) == (143, "")


def test_a_receiver_keeps_what_is_searched_complete(environment: dict[str, str]) -> None:
    with running(environment, "listen") as receiver:
        assert request(receiver.url, report(id="theirs")).status == 200
        path = Path(environment["LINKSMS_STATE"]) / database.FILE

        def indexed() -> bool:
            with closing(database.connect(path.parent, read_only=True)) as store:
                return bool(store.execute("SELECT count(*) FROM message").fetchone()[0])

        until(indexed)


def test_a_store_that_may_only_be_read_is_searched_as_far_as_it_goes(
    call: Linksms, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(call, "a", NUMBERS["a"])
    with closing(database.connect(folder)) as store:
        store.execute("UPDATE indexed SET submission = 2")
    connect = database.connect

    def only_read(folder: Path, *, read_only: bool = False) -> sqlite3.Connection:
        if not read_only:
            raise PermissionError(13, "Permission denied")
        return connect(folder, read_only=True)

    monkeypatch.setattr(database, "connect", only_read)
    done = call("status")
    assert done.code == 0
    assert done.stderr.startswith("warning: the latest reports are not searched: the store ")
    assert "Permission denied; a look at one message, by its id, shows all" in done.stderr
    # Whoever follows must know too that what reports change will not be shown, and once is enough.
    said: list[str] = []
    feedback = Feedback(behind=lambda _left: None, warn=said.append)
    environ = {"LINKSMS_STATE": str(folder)}
    changes = follow(Search(), environ=environ, feedback=feedback)
    assert isinstance(changes, Generator)
    with closing(changes):
        next(changes)
        (told,) = said
        with closing(connect(folder)) as store:
            kept = "created_at, updated_at, base_url, service_id, destination, source, outcome"
            store.execute(
                f"INSERT INTO submission ({kept}, slot) SELECT {kept}, 2 FROM submission"  # noqa: S608
            )
        next(changes)
    assert told.startswith("the latest reports are not searched: the store ")
    assert said == [told]

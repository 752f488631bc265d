"""A batch has the guards of a single send, keeps its secrets, and reads files of any length."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.commands.batches import batch, numbers, outcomes, rows_of, summary_of, write
from tests.conftest import Linksms, account
from tests.counting import ACCEPTED, CUT_AFTER, CUT_BEFORE, CountingGateway
from tests.loopback import Recorder

PASSWORD = "s3cr3t-of-the-account"


def test_what_the_account_does_not_allow_and_what_is_too_long_are_refused_row_by_row(
    call: Linksms, gateway: Recorder, tmp_path: Path
) -> None:
    rows = ["to,text", "+99955500001,x", "+46700000001,x", f"+99955500002,{'x' * 200}"]
    rows.append(f"+99955500003,{'x' * 2000}")
    file = write(tmp_path / "rows.csv", "\n".join(rows))
    env = account(gateway.url, LINKSMS_ALLOWED_DESTINATIONS="+999")
    done = call(*batch(file, "--json", "--max-parts", "1"), env=env)
    assert done.code == 9
    assert outcomes(done) == {1: "accepted", 2: "refused", 3: "refused", 4: "refused"}
    kinds = {row["row"]: row["error"]["kind"] for row in rows_of(done) if row["error"]}
    assert kinds == {2: "destination_not_allowed", 3: "max_parts", 4: "over_limit"}
    assert "--truncate" not in done.stdout  # a batch refuses it
    assert (len(gateway.requests), summary_of(done)["finished"]) == (1, True)


def test_the_password_is_in_no_output_and_no_file(
    call: Linksms, environment: dict[str, str], tmp_path: Path
) -> None:
    file = write(tmp_path / "rows.csv", "to,text\n+99955500001,a secret text\n1,another one\n")
    rejected = tmp_path / "mend.csv"
    words = ("-v", "--rejected", str(rejected))
    # Nobody listens there: what is tried and why it fails is told at length.
    env = account("http://127.0.0.1:9/x", password=PASSWORD)
    shown = ""
    for more in ((), ("--json",), ("--dry-run",), ("--retry", "0")):
        done = call(*batch(file, *words, *more), env=env)
        shown += done.stdout + done.stderr
    assert "no connection" in shown
    store = Path(environment["LINKSMS_STATE"])
    kept = b"".join(path.read_bytes() for path in store.rglob("*") if path.is_file())
    for secret in (PASSWORD, "a secret text"):
        assert secret.encode() not in kept
    assert PASSWORD not in shown + rejected.read_text()


def test_the_summary_tells_what_was_delivered_failed_or_is_pending(
    linksms: Linksms, tmp_path: Path
) -> None:
    rows = "to\n+99955501234\n+99900002104\n+99930000008\n+99910002104\n1\n"
    file = write(tmp_path / "rows.csv", rows)
    done = linksms(*batch(file, "--json", "--sandbox", "--wait", "4s", "x"))
    names = ("accepted", "delivered", "failed", "pending", "rejected", "refused")
    assert [summary_of(done)[name] for name in names] == [0, 1, 1, 1, 1, 1]
    assert done.code == 9


def wide_rows() -> Iterator[bytes]:
    yield b"to,text\n"
    for number in range(40):
        yield f"{number},{'x' * 1_000_000}\n".encode()
    yield b"41," + b"y" * 40_000_000  # a line without an end


def memory(environment: dict[str, str], rows: list[bytes] | Iterator[bytes]) -> int:
    """Return the most memory, in KB, that a dry run of a batch from a pipe has taken."""
    script = (
        "import resource, sys; from linksms_cli import app; app.main();"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    command = [sys.executable, "-c", script, *batch("-", "--dry-run")]
    env = environment | account("http://127.0.0.1:9/x")
    with subprocess.Popen(
        command,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        for row in rows:
            process.stdin.write(row)
        process.stdin.close()
        return int(process.stderr.read().split()[-1])


def test_status_and_the_summary_agree_with_what_the_gateway_took(
    call: Linksms, tmp_path: Path
) -> None:
    codes = {"0": 2104, "1": CUT_AFTER, "2": CUT_BEFORE}
    file = write(tmp_path / "numbers.txt", "\n".join(["12", *numbers(60)]))
    with CountingGateway(decide=lambda number, _nth: codes.get(number[-1], ACCEPTED)) as gateway:
        done = call(*batch(file, "--json", "x"), env=account(gateway.url))
    told = summary_of(done)
    by_outcome = call(*f"status --batch {told['batch']} --count-by outcome --json".split())
    counted = {record["outcome"]: record["count"] for record in by_outcome.records}
    listed = call(*f"status --batch {told['batch']} --limit 0 --json".split())
    assert {name: told[name] for name in ("accepted", "rejected", "unknown", "refused")} == {
        "accepted": 42,
        "rejected": 6,
        "unknown": 12,
        "refused": 1,
    }
    # Until its report comes, what was accepted is pending; a refused row was never submitted.
    assert counted == {"pending": 42, "rejected": 6, "unknown": 12}
    pending = {record["to"] for record in listed.records if record["outcome"] == "pending"}
    unknown = {record["to"] for record in listed.records if record["outcome"] == "unknown"}
    assert pending <= gateway.taken.keys() <= pending | unknown
    assert set(gateway.taken.values()) == {1}


def test_a_file_of_any_length_and_a_line_of_any_length_take_no_more_memory(
    environment: dict[str, str],
) -> None:
    few = memory(environment, [b"to,text\n1,x\n"])
    many = memory(environment, wide_rows())
    assert many - few < 32_000

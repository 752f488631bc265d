"""`send --batch --dry-run`: the page of a plan, for a person, and the rows that fail."""

from pathlib import Path

import pytest

from tests.commands.batches import batch, numbers, write
from tests.conftest import Linksms, account
from tests.loopback import Recorder

ROWS = [
    "mobil;namn;tariff",
    "+99955500001;Änne;",
    "+99955500002;Bo;SEK0",
    "+99955500001;Änne;",
    "4,67E+10;Cy;",
    "0701234567;Di;",
    "0701234568;Ek;",
    f"+99955500003;{'Fy' * 100};SEK1000",
    "+99955500004;Gö ’;SEK500",
]
ACCOUNT = "https://gateway.test/x"


def test_the_page_says_what_would_go_out_and_what_fails(
    call: Linksms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = write(Path("guests.csv"), "\r\n".join(ROWS))
    words = ("--column", "to=mobil", "--dry-run", "--rate", "2.5")
    confirmed = ("--confirm-charge", "SEK1500", "Hi {namn}")
    done = call(*batch(file, *words, *confirmed), env=account(ACCOUNT))
    assert done.stdout == (
        "Dry run: nothing is sent.\n"
        "  Account  1/u at https://gateway.test/x\n"
        "  Profile  none: the account is in the environment\n"
        "  Sender   LINK\n"
        "  File     guests.csv\n"
        "           CSV with ';', UTF-8; columns mobil, namn, tariff\n"
        "  Rows     8 in all\n"
        "           4 would be sent\n"
        "           3 refused\n"
        "           1 the same as a row above\n"
        "  Example  row 1 to +99955500001 from LINK\n"
        "           Hi Änne\n"
        "  Parts    5 in all; messages: 3 in GSM-7, 1 in UCS-2\n"
        "           3 messages of 1 part\n"
        "           1 message of 2 parts\n"
        "           the longest is row 7 with 2\n"
        "  Charge   SEK1500 (15.00) in all\n"
        "  Time     1.6 s at 2.5 messages a second, or longer\n"
        "  Refused  row 4  the recipient '4,67E+10' is in scientific notation, as\n"
        "                  spreadsheets write it, and may have lost digits. Format the\n"
        "                  column as text. Write '+', the country code and the number,\n"
        "                  like +46701740605.\n"
        "           row 5  the recipient '0701234567' is not in international form. Write\n"
        "                  '+', the country code and the number, like +46701740605. Or\n"
        "                  name its country, like --country SE.\n"
        "           row 6  the recipient '0701234568' is not in international form\n"
        "To send it, run the same command without --dry-run.\n"
    )
    assert (done.code, done.stderr) == (9, "")
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_no_more_rows_that_fail_are_shown_than_a_person_reads(
    call: Linksms, gateway: Recorder, tmp_path: Path
) -> None:
    file = write(tmp_path / "rows.csv", "to\n" + "".join(f"{row}\n" for row in range(1, 1002)))
    rejected = tmp_path / "mend.csv"
    env = account(gateway.url)
    done = call(*batch(file, "--dry-run", "x"), env=env)
    assert done.code == 10
    assert "  Rows     1,001 in all\n           1,001 refused\n" in done.stdout
    assert "           row 10  the recipient '10'" in done.stdout
    assert "'11'" not in done.stdout
    assert done.stdout.endswith("           … and 991 more rows: --rejected FILE writes all\n")
    assert "To send it" not in done.stdout
    named = call(*batch(file, "--dry-run", "--rejected", str(rejected), "x"), env=env)
    assert named.stdout.endswith(f"           … and 991 more rows: all are in {rejected}\n")
    assert len(rejected.read_text().splitlines()) == 1002
    # A program gets each of them, and the plan last.
    records = call(*batch(file, "--dry-run", "--json", "x"), env=env).records
    assert [record.get("row") for record in records[:-1]] == list(range(1, 1002))
    assert records[-1]["refused"] == 1001


def test_a_dry_run_before_the_rest_is_sent_counts_what_was_sent(
    call: Linksms, gateway: Recorder, tmp_path: Path
) -> None:
    env = account(gateway.url)
    some = write(tmp_path / "some.txt", "\n".join(numbers(2)))
    assert call(*batch(some, "x"), env=env).code == 0
    more = write(tmp_path / "more.jsonl", "".join(f'{{"to": "{one}"}}\n' for one in numbers(3)))
    done = call(*batch(more, "--dry-run", "x"), env=env)
    assert f"  File     {more}\n           JSON Lines, UTF-8\n" in done.stdout
    assert "           1 would be sent\n           2 sent before\n" in done.stdout
    assert "  Example  row 3 to +999550000002 from LINK\n           x\n" in done.stdout
    assert len(gateway.requests) == 2


def test_a_charge_that_is_not_confirmed_is_refused_after_the_plan(
    call: Linksms, gateway: Recorder, tmp_path: Path
) -> None:
    file = write(tmp_path / "rows.csv", "to,tariff\n+99955500001,SEK500\n+99955500002,NOK100\n")
    env = account(gateway.url)
    done = call(*batch(file, "--dry-run", "x"), env=env)
    assert done.code == 10
    assert "  Charge   NOK100 (1.00) + SEK500 (5.00) in all\n" in done.stdout
    assert "charges in several currencies: NOK100 and SEK500" in done.stderr


def test_with_quiet_only_the_rows_that_fail_are_told(
    call: Linksms, gateway: Recorder, tmp_path: Path
) -> None:
    file = write(tmp_path / "rows.csv", "to\n1\n+99955500001\n")
    done = call(*batch(file, "--dry-run", "-q", "x"), env=account(gateway.url))
    assert (done.code, done.stdout) == (9, "\n")
    assert done.stderr.startswith("error: row 1: ")

"""`--rejected`: every row to be mended, whichever run rejected it, mended and given again."""

import json
from pathlib import Path

import pytest

from tests.commands.batches import batch, numbers, outcomes, rows_of, summary_of, write
from tests.conftest import Linksms, account
from tests.counting import ACCEPTED, CountingGateway
from tests.loopback import Recorder

GONE = "+99955900000"
MENDED = "+99955900001"

# Each row that is wrong in another way, as it is mended; `gone` is rejected by the gateway.
TABLES = {
    "as Excel writes it": (
        "utf-8-sig",
        "to;name;text;\r\n+99955500001;Änne;Hej;\r\n4,67E+10;Bo;Hej;\r\n+99955900000;Cy;Hej;;;\r\n",
        {"4,67E+10": "+99955500002", GONE: MENDED},
    ),
    "in UTF-16": (
        "utf-16",
        "to\tname\ttext\r\n+99955500001\tÄnne\tHej\r\n701\tBo\tHej\r\n+99955900000\tCy\tHej\r\n",
        {"701": "+99955500002", GONE: MENDED},
    ),
    "with broken quotes": (
        "utf-8",
        'to,text\n+99955500001,x\n+99955500002,"a" b\n+99955500003,a,b\n+99955900000,"2\nlines"\n',
        {'"a" b': '"""a"" b"', "a,b": '"a,b"', GONE: MENDED},
    ),
    "with bytes of another encoding": (
        "latin-1",
        "to,text\n+99955500001,x\n+99955500002,smörgås\n",
        {"smörgås": "smorgas"},
    ),
    "JSON Lines": (
        "utf-8",
        (
            '{"to": "+99955500001", "text": "Hej", "n": 1.0}\n'
            '{"to": 99955500002, "text": "Hej", "n": [1]}\n'
            '{"to": "+99955900000", "text": "Hej", "n": null}\n'
        ),
        {"99955500002": '"+99955500002"', "[1]": "1", GONE: MENDED},
    ),
}


@pytest.mark.parametrize("shape", TABLES)
def test_rows_that_are_mended_and_given_again_are_sent_alone(
    call: Linksms, tmp_path: Path, shape: str
) -> None:
    encoding, table, mends = TABLES[shape]
    file = write(tmp_path / "rows", table.encode(encoding))
    rejected = tmp_path / "mend"

    def decide(number: str, _nth: int) -> int:
        return 2104 if number == GONE else ACCEPTED

    with CountingGateway(decide=decide) as gateway:
        env = account(gateway.url)
        first = call(*batch(file, "--json", "--rejected", str(rejected)), env=env)
        wrong = [row for row in rows_of(first) if row["outcome"] in {"refused", "rejected"}]
        text = rejected.read_bytes().decode(encoding)
        for before, after in mends.items():
            assert before in text
            text = text.replace(before, after)
        rejected.write_bytes(text.encode("utf-8" if encoding == "latin-1" else encoding))
        again = call(*batch(str(rejected), "--json"), env=env)
    assert (first.code, len(rows_of(first)) - len(wrong)) == (9, 1)
    assert (again.code, set(outcomes(again).values())) == (0, {"accepted"})
    assert len(rows_of(again)) == len(wrong)
    assert set(gateway.taken.values()) == {1}
    assert gateway.taken.total() == len(rows_of(first))


def test_three_bad_rows_of_500_are_mended_in_the_file_and_three_are_sent(
    call: Linksms, tmp_path: Path
) -> None:
    rows = numbers(500)
    bad = {7: "0701", 250: "4,67E+10", 499: ""}
    spoilt = [f"{bad.get(place, to)};Hi" for place, to in enumerate(rows)]
    file = tmp_path / "rows.csv"
    with CountingGateway() as gateway:
        env = account(gateway.url)
        write(file, "\n".join(["to;text", *spoilt]))
        first = call(*batch(str(file), "--json"), env=env)
        assert gateway.taken.total() == 497
        write(file, "\n".join(["to;text", *(f"{to};Hi" for to in rows)]))
        again = call(*batch(str(file), "--json"), env=env)
    told, mended = summary_of(first), summary_of(again)
    assert (first.code, told["accepted"], told["refused"]) == (9, 497, 3)
    assert (again.code, mended["accepted"], mended["skipped"]) == (0, 3, 497)
    sent = [row["row"] for row in rows_of(again) if row["outcome"] == "accepted"]
    assert sorted(sent) == [place + 1 for place in bad]
    assert gateway.taken == dict.fromkeys(rows, 1)


def test_the_rows_that_an_earlier_run_rejected_are_there_too(call: Linksms, tmp_path: Path) -> None:
    file = write(tmp_path / "rows.csv", "to\n" + "\n".join([GONE, "1", *numbers(3)]))
    rejected = tmp_path / "mend.csv"
    down = {"yes": True}

    def decide(number: str, _nth: int) -> int:
        if number == GONE:
            return 2104
        return 1 if down["yes"] else ACCEPTED

    with CountingGateway(decide=decide) as gateway:
        env = account(gateway.url)
        words = batch(file, "--json", "--retry", "0", "--rejected", str(rejected), "x")
        assert summary_of(call(*words, env=env))["finished"] is False
        rejected.unlink()
        down["yes"] = False
        assert summary_of(call(*words, env=env))["finished"] is True
    hint = "Write '+', the country code and the number, like +46701740605."
    assert rejected.read_text() == (
        "to,error\n"
        f"{GONE},the gateway rejected it in an earlier run: 2104 Description\n"
        f"1,\"the recipient '1' is not in international form. {hint}\"\n"
    )


def test_a_batch_that_is_refused_leaves_what_was_mended(
    call: Linksms, gateway: Recorder, tmp_path: Path
) -> None:
    file = write(tmp_path / "rows.csv", "to\n1\n+99955500001\n")
    rejected = tmp_path / "mend.csv"
    words = batch(file, "--rejected", str(rejected), "x")
    env = account(gateway.url)
    assert call(*words, env=env).code == 9
    rejected.write_text("to\n+99955500002\n")
    assert call(*words, env=env).code == 10  # it is finished
    assert rejected.read_text() == "to\n+99955500002\n"


def test_a_row_that_the_account_was_refused_for_needs_no_mending(
    call: Linksms, tmp_path: Path
) -> None:
    file = write(tmp_path / "rows.txt", "\n".join(numbers(2)))
    rejected = tmp_path / "mend.csv"
    with CountingGateway(decide=lambda _number, _nth: 103) as gateway:
        done = call(*batch(file, "--rejected", str(rejected), "x"), env=account(gateway.url))
    assert (done.code, rejected.read_text()) == (4, "to,error\n")


def test_a_row_that_was_billed_is_not_given_again(call: Linksms, tmp_path: Path) -> None:
    line = {"to": GONE, "text": "x", "tariff": "SEK100"}
    file = write(tmp_path / "rows.jsonl", json.dumps(line))
    rejected = tmp_path / "mend.jsonl"
    with CountingGateway(decide=lambda _number, _nth: 1009) as gateway:
        words = ("--confirm-charge", "SEK100", "--rejected", str(rejected), "--json")
        done = call(*batch(file, *words), env=account(gateway.url))
    assert [row["billed"] for row in rows_of(done)] == ["yes"]
    assert rejected.read_text() == ""

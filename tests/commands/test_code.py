"""`linksms code` as it is met: by a person, by a program, and by a script that runs it often."""

import json
import re

import pytest

from linksms_cli.sms.codes import ResultCode, explain, table
from tests.conftest import Linksms
from tests.loading import heavy, loaded
from tests.reporting import INCOMING, report
from tests.terminal import PROGRAM, Terminal

KEYS = [
    "code",
    "known",
    "description",
    "state",
    "final",
    "delivered",
    "billed",
    "retry",
    "meaning",
    "action",
    "notes",
    "neighbours",
    "origin",
]


def test_a_program_gets_every_field(linksms: Linksms) -> None:
    done = linksms("code", "1009", "--json")
    assert (done.code, done.stderr) == (0, "")
    record = done.record
    assert list(record) == KEYS
    assert {name: record[name] for name in KEYS[:8]} == {
        "code": 1009,
        "known": True,
        "description": "Billed OK and NOT Delivered",
        "state": "FINAL: NOT DELIVERED, BILLED*",
        "final": True,
        "delivered": "no",
        "billed": "yes",
        "retry": "never",
    }
    assert (record["neighbours"], record["origin"]) == ([], "guide-5.1")


def test_a_code_nobody_knows_is_a_result_of_the_same_shape(call: Linksms) -> None:
    done = call("code", "1014", "--json")
    assert (done.code, done.stderr) == (1, "")
    assert list(done.record) == KEYS
    assert (done.record["known"], done.record["neighbours"]) == (False, [1013, 2000])


def test_several_codes_come_in_the_order_asked(call: Linksms) -> None:
    done = call("code", "4", "1001", "4", "--json")
    assert [record["code"] for record in done.records] == [4, 1001, 4]
    assert done.code == 0


@pytest.mark.parametrize(
    ("numbers", "code"), [(("9998", "9999"), 1), (("1001", "9999"), 9), (("1001", "103"), 0)]
)
def test_the_exit_code_tells_whether_all_are_known(
    call: Linksms, numbers: tuple[str, ...], code: int
) -> None:
    assert call("code", *numbers).code == code


def test_without_a_code_the_whole_table_comes(call: Linksms) -> None:
    records = call("code", "--json").records
    assert [record["code"] for record in records] == [code.code for code in table()]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (["--search", "LOW balance"], [2201]),
        (["--search", "refund"], [1009]),
        (["--search", "unkown"], [1010]),
        (["--search", "resending"], [1012]),
        (["--search", "100"], [100, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009]),
        (["--search", "210 barred"], [2105, 2107]),
        (["--search", "210"], [2100, 2101, 2102, 2103, 2104, 2105, 2106, 2107, 2108]),
        (["--temporary"], [1000, 1005, 1007, 1008, 1011, 1012, 1013]),
        (["--delivered", "yes"], [1001, 1007]),
        (["--final", "--billed", "yes"], [1001, 1009]),
        (["--retry", "safe"], [0, 1, 3, 6, 105, 1002, 1003, 1004, 1006, 2107]),
        (["--retry", "never"], [4, 5, 1009, 1010]),
        (["4", "6", "1001", "--retry", "safe"], [6]),
    ],
)
def test_filters(call: Linksms, words: list[str], codes: list[int]) -> None:
    done = call("code", *words, "--json")
    assert ([record["code"] for record in done.records], done.code) == (codes, 0)


def test_nothing_found_is_said_and_fails(call: Linksms) -> None:
    done = call("code", "--search", "pigeon")
    assert (done.code, done.stdout, done.stderr) == (1, "", "No code matches.\n")
    assert call("code", "4", "--retry", "safe").code == 1


@pytest.mark.parametrize("word", ["abc", "1.5", "", "1_001", "１００１", "+1001", " 1001", "-1"])
def test_what_is_no_number_is_wrong_usage(call: Linksms, word: str) -> None:
    done = call("code", "1001", "--json", "--", word)
    assert (done.code, done.stdout) == (2, "")
    assert json.loads(done.stderr)["error"] == {
        "kind": "usage",
        "message": f"'{word}' is not a result code",
        "hint": "Give a whole number of at most nine digits, like 1001, or a delivery report, "
        "an answer, or a log line that holds one.",
        "exit_code": 2,
    }


@pytest.mark.parametrize("digits", [10, 78, 5000])
def test_a_number_too_long_for_any_code_is_said_in_a_line(call: Linksms, digits: int) -> None:
    done = call("code", "9" * digits)
    assert (done.code, done.stdout) == (2, "")
    assert re.fullmatch("error: '9{10,20}…?' is not a result code. Give .*\n", done.stderr)


def test_leading_zeros_count_for_nothing(call: Linksms) -> None:
    records = call("code", "007", "000001001", "999999999", "--json").records
    assert [record["code"] for record in records] == [7, 1001, 999999999]


def test_a_person_reads_the_code_in_full(call: Linksms) -> None:
    assert call("code", "1009").stdout == (
        "1009  Billed OK and NOT Delivered\n"
        "      final, not delivered, billed\n"
        "\n"
        "  Meaning  The recipient was charged, but the message was finally not delivered.\n"
        "  Next     Do not charge again. Give the recipient what they paid for in another\n"
        "           way, or ask LINK Mobility Support about the charge, giving the\n"
        "           message id, or the time and the recipient if there is none.\n"
        "  Retry    never: it was billed, and would be billed a second time\n"
        "  Guide    FINAL: NOT DELIVERED, BILLED*\n"
        "  Note     This is not a success, although it says OK. The interface offers no\n"
        "           refund: the guide dropped that method in version 4.0.\n"
        "\n"
        "* The guide marks every state with an asterisk and does not explain it.\n"
    )


def test_what_holds_for_all_is_said_once_to_a_person_and_each_time_to_a_program(
    call: Linksms,
) -> None:
    asterisk = "The guide marks every state with an asterisk and does not explain it."
    shown = call("code", "1001", "4", "9999").stdout
    assert shown.count("asterisk") == 1
    assert shown.endswith(f"\n\n* {asterisk}\n")
    records = call("code", "1001", "4", "9999", "103", "--json").records
    assert [asterisk in record["notes"] for record in records] == [True, True, False, False]
    assert "asterisk" not in call("code", "9999", "103").stdout


def test_a_person_reads_that_a_code_is_unknown(call: Linksms) -> None:
    shown = call("code", "9999").stdout
    assert shown.startswith(
        "9999  not a known code\n      not final, delivery unknown, billing unknown\n"
    )
    assert shown.endswith("  Nearest  4007  Unsupported content for destination\n")


@pytest.mark.parametrize("width", [60, 80, 200])
def test_every_page_fits_the_terminal(call: Linksms, width: int) -> None:
    numbers = [str(code.code) for code in table()]
    pages = call("code", *numbers, "9999", env={"COLUMNS": str(width)}).stdout
    assert max(map(len, pages.splitlines())) <= min(width, 80)


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_table_fits_the_terminal_and_breaks_no_word(call: Linksms, width: int) -> None:
    lines = call("code", env={"COLUMNS": str(width)}).stdout.splitlines()
    assert max(map(len, lines)) <= min(width, 80)
    column = slice(6, lines[0].index("DELIVERED"))
    rows: dict[int, list[str]] = {}
    for line in lines[1:]:
        number, words = line[:4].strip(), line[column].strip()
        if number.isdigit():
            rows[int(number)] = [words]
        elif words and not number:
            rows[max(rows)].append(words)
    assert {number: " ".join(words) for number, words in rows.items()} == {
        code.code: code.description for code in table()
    }


def test_the_table_shows_the_words_that_the_filters_take(call: Linksms) -> None:
    for option, column in (("--delivered", "DELIVERED"), ("--billed", "BILLED")):
        for word in ("yes", "no", "unknown"):
            heading, *lines = call("code", option, word).stdout.splitlines()
            rows = [line for line in lines if line[:4].strip().isdigit()]
            assert {line[heading.index(column) :].split()[0] for line in rows} == {word}
    waits = 'If RETRY is "wait", "no" means "not yet".\n'
    charged = 'For 1001, BILLED is "yes" only if the message has a charge.\n'
    assert call("code").stdout.endswith(f"\n\n{waits}{charged}")
    assert call("code", "--final").stdout.endswith(f"\n\n{charged}")
    assert call("code", "--temporary").stdout.endswith(f"\n\n{waits}")
    assert call("code", "--retry", "pointless").stdout.endswith("pointless\n")


def test_a_free_message_is_not_called_billed(call: Linksms) -> None:
    """Only 1001 may be the code of a message without a charge: the guide's "(if applicable)"."""
    assert "\n      final, delivered, billed if it has a charge\n" in call("code", "1001").stdout
    assert call("code", "1001", "--json").record["billed"] == "yes"
    for charged in ("1008", "1009", "1011"):
        assert "if it has a charge" not in call("code", charged).stdout


def test_colour_says_no_more_than_the_words(call: Linksms) -> None:
    for words in (["1001", "4", "1009", "1007", "9999"], []):
        coloured = call("code", *words, env={"FORCE_COLOR": "1"}).stdout
        assert "\x1b[" in coloured
        assert re.sub(r"\x1b\[\d+m", "", coloured) == call("code", *words).stdout


@pytest.mark.parametrize("code", table(), ids=lambda code: str(code.code))
def test_what_to_do_next_agrees_with_the_retry_advice(code: ResultCode) -> None:
    again = re.search(r"\b(try|send) (\w+ )?again\b", code.action, re.IGNORECASE)
    forbidden = "Do not" in code.action
    match code.retry:
        case "safe":
            assert not forbidden
        case "never" | "wait":
            assert forbidden
            assert ("Wait for" in code.action) == (code.retry == "wait")
        case "pointless":
            assert not again
    assert code.meaning.endswith(".")
    assert code.action.endswith(".")


@pytest.mark.parametrize("code", [*table(), explain(9999)], ids=lambda code: str(code.code))
def test_what_to_tell_support_can_be_told_of_an_answer_and_of_a_report(code: ResultCode) -> None:
    """A refused request has no message id, a report has one, and both can hold the same code."""
    told = "giving the message id, or the time and the recipient if there is none"
    assert "message id" not in code.action.replace(told, "")


def test_the_commands_that_texts_name_are_whole(linksms: Linksms) -> None:
    texts = " ".join(code.action for code in table())
    named = set(re.findall("'linksms ([^']+)'", texts))
    assert named == {"config show", "config set NAME", "segments TEXT"}
    for words in named:
        told = linksms(*words.split()).stderr
        assert not re.search("[A-Z] is missing|No such|unexpected argument", told), words


def test_it_loads_nothing_heavy(environment: dict[str, str]) -> None:
    """`code` is run in loops and prompts: it must start as fast as Python and Typer allow."""
    modules = loaded(environment, "code", "1001")
    assert "linksms_cli.commands.code" in modules
    assert heavy(modules) == set()


ANSWER = "1005;Queued;Dcshuhod0PMAAAFQ+/PbnR3x"
STATUS_KEYS = {
    *("message_id", "to", "from", "outcome", "result_code", "description", "final", "delivered"),
    *("billed", "retry", "parts_expected", "parts_reported", "sent_at", "updated_at", "reports"),
}


def test_a_pasted_report_is_explained_as_status_would(call: Linksms) -> None:
    body = report(id="abc$1", segments=2, resultCode=2104).decode()
    assert call("code", body).stdout == (
        "abc\n"
        "to +99955501234 from 2333\n"
        "failed: not delivered, not billed, not final, 1 of 2 parts reported\n"
        "\n"
        "  2026-07-01 09:37:36Z  part 2 of 2  2104 Unknown subscriber\n"
        "                                     operator no.telenor, its own code 2\n"
        "\n"
        "  Meaning  No subscriber is known under this number.\n"
        "  Next     Check the number. If it is right, it may no longer be in use: take it\n"
        "           off the list.\n"
        "  Resend   Not yet: other parts of it are still on their way.\n"
        "  Support  Tell LINK Support: message id abc, to +99955501234, sent 2026-07-01\n"
        "           09:37:35Z, result code 2104.\n"
    )


def test_a_program_gets_of_what_is_pasted_what_code_and_status_say(call: Linksms) -> None:
    done = call("code", report().decode(), "--json")
    assert (done.code, done.stderr) == (0, "")
    assert set(done.record) == {*KEYS, *STATUS_KEYS}
    record = done.record
    assert (record["code"], record["result_code"], record["outcome"]) == (1001, 1001, "delivered")
    assert record["meaning"] == explain(1001).meaning
    assert record["updated_at"] == "2026-07-01T09:37:36Z"
    assert [seen["result_code"] for seen in record["reports"]] == [1001]


def test_an_answer_is_explained(call: Linksms) -> None:
    done = call("code", ANSWER, "--json")
    assert (done.code, done.record["outcome"], done.record["code"]) == (0, "pending", 1005)
    assert done.record["message_id"] == "Dcshuhod0PMAAAFQ+/PbnR3x"
    assert done.record["updated_at"] is None
    assert "\n  answered  1005 Queued\n" in call("code", ANSWER).stdout


def test_stdin_is_read_where_it_is_named(linksms: Linksms) -> None:
    log = f"09:00 INFO {ANSWER}\n09:01 INFO dlr {report(id=ANSWER[12:]).decode()}\n"
    done = linksms("code", "-", "--json", stdin=log.encode())
    assert (done.code, done.record["outcome"]) == (0, "delivered")
    assert [seen["result_code"] for seen in done.record["reports"]] == [1001]
    shown = linksms("code", "-", stdin=log.encode()).stdout
    assert "answered  1005 Queued\n" in shown
    assert "reported  1001 Billed and delivered\n" in shown


@pytest.mark.parametrize("listed", ["1001\n2104\n", " 1001 2104", "\ufeff1001\r\n2104\r\n"])
def test_codes_are_read_from_stdin_too(linksms: Linksms, listed: str) -> None:
    shown = linksms("code", "-", stdin=listed.encode()).stdout
    assert shown == linksms("code", "1001", "2104").stdout
    records = linksms("code", "-", "--json", stdin=listed.encode()).records
    assert [record["code"] for record in records] == [1001, 2104]
    assert linksms("code", "-", stdin=b"1001 x").code == 2


def test_at_a_terminal_it_says_how_to_paste(environment: dict[str, str]) -> None:
    with Terminal(*PROGRAM, "code", "-", env=environment) as terminal:
        terminal.answer("then press Ctrl-D.", ANSWER)
        terminal.press("\x04")
        terminal.shows("answered  1005 Queued", "Wait for the delivery report.")


def test_several_things_come_in_their_order(call: Linksms) -> None:
    two = b"[" + report(id="a") + b"," + report(id="b", resultCode=9999) + b"]"
    done = call("code", "1009", two.decode(), INCOMING.decode(), "--json")
    assert done.code == 9
    assert [record.get("code", record.get("event")) for record in done.records] == [
        *(1009, 1001, 9999),
        "incoming",
    ]
    shown = call("code", "1009", two.decode(), INCOMING.decode()).stdout
    assert "\n\nan incoming message: it has no result code\n  +99955501234 to 2333\n" in shown


@pytest.mark.parametrize("words", [("--retry", "safe"), ("--final",), ("--search", "x")])
def test_filters_are_about_codes(call: Linksms, words: tuple[str, ...]) -> None:
    done = call("code", ANSWER, *words)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith("error: filters apply to codes only. ")


def test_a_text_that_holds_nothing_is_not_repeated(linksms: Linksms) -> None:
    line = "POST /smscsimplehttp?ServiceId=1&Username=u&Password=hush&Userdata=Hi"
    for done in (linksms("code", line), linksms("code", "-", stdin=line.encode())):
        assert (done.code, done.stdout) == (2, "")
        assert "hush" not in done.stderr
        assert "holds no delivery report and no answer" in done.stderr


def test_what_is_pasted_obeys_nobody(call: Linksms) -> None:
    hostile = report(id="a\u202eb", operator="\x1b[2J", customParameters={"source": "\x9b"})
    done = call("code", hostile.decode())
    assert done.code == 0
    assert not re.search("[\x1b\x9b\u202e]", done.stdout)

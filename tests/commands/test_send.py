"""What `linksms send` asks of its arguments, and what it says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Linksms, account
from tests.loopback import Recorder, http

OK = ("send", "--sandbox", "-t", "+99955501234", "-f", "LINK")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-f", "LINK", "x"], "no recipient. Give one with --to, like --to +46701740605."),
        (["--batch", "", "-f", "LINK", "x"], "--batch is empty. Name a file, or give - for stdin."),
        (
            ["-t", "0701740605", "-f", "LINK", "x"],
            (
                "the recipient '0701740605' is not in international form. "
                "Write '+', the country code and the number, like +46701740605. "
                "Or name its country, like --country SE."
            ),
        ),
        (
            ["-t", "99955501234", "-f", "LINK", "x"],
            "the recipient '99955501234' is not in international form. Write +99955501234.",
        ),
        (
            ["-t", "+99955501234", "-f", "TwelveLetter", "x"],
            (
                "the source 'TwelveLetter' takes 12 septets; a name holds 11. "
                "Shorten it, for example to 'TwelveLette'."
            ),
        ),
        (
            ["-t", "+99955501234", "x"],
            "no sender. Give one with --from, like --from LINK.",
        ),
        (["-t", "+99955501234", "-f", "LINK", ""], "the text is empty. Give the words to send."),
        (["-t", "+99955501234", "-f", "LINK", " \n"], "the text is empty. Give the words to send."),
        (["-t", "+99955501234", "-f", "LINK"], "the text is empty. Give the words to send."),
        (
            ["-t", "+99955501234", "-f", "LINK", "--udh", "0500", "x"],
            (
                "the header's length octet says 5, but 1 octets follow. "
                "The first octet counts the others: here 01."
            ),
        ),
        (
            ["-t", "+99955501234", "-f", "LINK", "--timeout", "0", "x"],
            "--timeout 0 leaves no time to send. Give it seconds, like 30.",
        ),
        (
            ["-t", "+99955501234", "-f", "LINK", "--charge-only"],
            "--charge-only charges nothing without a tariff. Add one, like --tariff SEK1000.",
        ),
        (
            ["-t", "+99955501234", "-f", "LINK", "--once", "k", "--no-store", "x"],
            (
                "--once and --no-store cannot be combined: a key is remembered in the store. "
                "Leave one of them out."
            ),
        ),
        (
            ["-t", "+99955501234", "-f", "LINK", "-p", "prod", "x"],
            (
                "--sandbox and --profile cannot be combined: the sandbox uses no account. "
                "Leave one of them out."
            ),
        ),
    ],
)
def test_wrong_usage_is_one_line_that_says_how_to_do_it_right(
    linksms: Linksms, words: list[str], message: str
) -> None:
    done = linksms("send", "--sandbox", *words)
    assert (done.code, done.stdout, done.stderr) == (2, "", f"error: {message}\n")


def test_wrong_usage_under_json(linksms: Linksms) -> None:
    done = linksms("send", "--sandbox", "-t", "1", "-f", "LINK", "x", "--json")
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr == (
        '{"error": {"kind": "usage", "message": '
        "\"the recipient '1' is not in international form\", "
        '"hint": "Write \'+\', the country code and the number, like +46701740605.", '
        '"exit_code": 2}}\n'
    )


def test_an_unknown_option_under_json(linksms: Linksms) -> None:
    done = linksms("send", "--nonsense", "--json")
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith('{"error": {"kind": "usage", "message": "No such option')


def test_the_text_from_stdin(linksms: Linksms) -> None:
    with Recorder() as gateway:
        env = account(gateway.url, LINKSMS_SOURCE="LINK")
        for words in ([], ["-"]):
            linksms("send", "-t", "+99955501234", *words, stdin=b"\xef\xbb\xbfa\r\nb\r\n", env=env)
        linksms("send", "-t", "+99955501234", "given", stdin=b"not read", env=env)
        linksms("send", "-t", "+99955501234", "--replace", "it’s " * 15, env=env)
    texts = [line.split("Userdata=")[1] for line in gateway.request_lines]
    assert texts == [
        "a%0D%0Ab HTTP/1.1",
        "a%0D%0Ab HTTP/1.1",
        "given HTTP/1.1",
        "it%27s%20" * 15 + " HTTP/1.1",
    ]


def test_what_is_not_utf8_is_a_usage_error(linksms: Linksms) -> None:
    done = linksms(*OK, stdin=b"sm\xf6rg\xe5s")
    assert done.code == 2
    assert done.stderr == (
        "error: stdin is not UTF-8: byte 0xf6 at offset 2 (line 1). "
        "Convert it first, from WINDOWS-1252 for example: iconv -f WINDOWS-1252 -t UTF-8.\n"
    )
    done = linksms(*OK, b"sm\xf6rg\xe5s")
    assert done.code == 2
    assert "TEXT is not UTF-8: character 2" in done.stderr


def test_the_sandbox_is_all_one_needs(linksms: Linksms) -> None:
    done = linksms(*OK, "Hej på dig", "--json")
    record = done.record
    assert (done.code, done.stderr) == (0, "")
    for key in ("message_id", "sent_at", "elapsed_ms"):
        assert record.pop(key)
    assert record == {
        "to": "+99955501234",
        "from": "LINK",
        "outcome": "accepted",
        "result_code": 1005,
        "description": "Queued",
        "final": False,
        "delivered": "no",
        "billed": "no",
        "retry": "wait",
        "encoding": "GSM-7",
        "parts": 1,
        "profile": None,
        "key": None,
        "error": None,
    }


def test_the_sandbox_ignores_the_persons_account(linksms: Linksms) -> None:
    with Recorder() as gateway:
        env = {"LINKSMS_BASE_URL": gateway.url, "LINKSMS_PASSWORD": "p"}
        done = linksms(*OK, "x", env=env)
    assert (done.code, gateway.requests) == (0, [])


def test_quiet_prints_ids_alone_and_why_there_is_none(linksms: Linksms) -> None:
    done = linksms(*OK, "-t", "+99910002104", "-t", "+99955501235", "-q", "\U0001f600")
    # A line for each, so that they can be put beside the numbers.
    assert [len(line) > 10 for line in done.stdout.splitlines()] == [True, False, True]
    assert (done.code, done.stderr) == (
        9,
        (
            "error: +99910002104: the gateway rejected it: 2104 Unknown subscriber. "
            "Check the number. If it is right, it may no longer be in use: take it off the list.\n"
        ),
    )


# recipient and options: exit code, and what stderr begins with.
SILENCED: dict[tuple[str, ...], tuple[int, str]] = {
    ("+99955501234",): (0, ""),
    ("+99955501234", "-t", "+99955501234"): (0, ""),
    ("+99910000003",): (6, "error: +99910000003: the gateway could not accept it now: 3 "),
    ("+99910000103",): (4, "error: +99910000103: the gateway refused the credentials: 103 "),
    ("+99920000002",): (7, "error: +99920000002: no readable answer: "),
    ("+99920000404",): (3, "error: +99920000404: HTTP 404: "),
    ("+99955501234", "--tariff", "SEK1000"): (10, "error: +99955501234: "),
    ("+99930000008", "--wait", "0.2s"): (8, "error: +99930000008: accepted, but no report came "),
}


@pytest.mark.parametrize(("words", "expected"), SILENCED.items())
def test_quiet_silences_no_reason(
    linksms: Linksms, words: tuple[str, ...], expected: tuple[int, str]
) -> None:
    done = linksms("send", "--sandbox", "-f", "LINK", "-q", "x", "-t", *words)
    code, reason = expected
    assert done.code == code
    assert done.stderr.startswith(reason)
    assert bool(done.stderr) == bool(code)
    quiet_json = linksms("send", "--sandbox", "-f", "LINK", "-q", "x", "--json", "-t", *words)
    assert (quiet_json.code, quiet_json.stderr) == (code, "")


@pytest.mark.parametrize(
    ("number", "outcome"),
    [
        ("+99955501234", "accepted"),
        ("+99910002104", "rejected"),
        ("+99910000003", "not sent"),
        ("+99920000002", "unknown"),
    ],
)
def test_a_recipient_given_twice_hears_what_became_of_the_one_message(
    linksms: Linksms, number: str, outcome: str
) -> None:
    done = linksms("send", "--sandbox", "-f", "LINK", "--json", "-t", number, "-t", number, "x")
    first, second = done.records
    assert second["outcome"] == "skipped"
    assert second["error"] == {
        "kind": "duplicate",
        "message": f"given more than once, and handled only once: {outcome}",
        "hint": "To send one message for each time it is given, add --allow-duplicates.",
    }
    told = second | {"outcome": first["outcome"], "error": first["error"]}
    assert told == first


def test_a_recipient_given_twice_is_waited_for_once(linksms: Linksms) -> None:
    words = ("send", "--sandbox", "-f", "LINK", "--json", "--wait", "10s", "x")
    done = linksms(*words, "-t", "+99900002104", "-t", "+99900002104")
    first, second = done.records
    assert (done.code, first["outcome"], first["result_code"]) == (5, "failed", 2104)
    assert (second["outcome"], second["result_code"]) == ("skipped", 2104)
    assert second["error"]["message"] == "given more than once, and handled only once: failed"


def test_a_dry_run_sends_and_stores_nothing(linksms: Linksms, environment: dict[str, str]) -> None:
    with Recorder() as gateway:
        env = account(gateway.url, password="a-marked-password")
        words = ("send", "--dry-run", "-t", "+99955501234", "-f", "LINK", "x", "--once", "k")
        done = linksms(*words, "--json", env=env)
        person = linksms(*words, "-v", env=env)
    assert (done.code, done.record["outcome"], done.record["retry"]) == (0, "planned", None)
    assert gateway.requests == []
    assert not Path(environment["LINKSMS_STATE"]).exists()
    assert "a-marked-password" not in done.stdout + done.stderr + person.stdout + person.stderr


def test_a_closed_pipe_ends_quietly_and_keeps_the_exit_code(
    environment: dict[str, str],
) -> None:
    send = f"{sys.executable} -m linksms_cli send --sandbox -t +99910002104 -f LINK x"
    done = subprocess.run(
        ["bash", "-c", f"{send} | true; exit ${{PIPESTATUS[0]}}"],
        env=environment,
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 5
    assert done.stderr == b"1 part GSM-7, 1 of 1377 units\n"


def test_characters_above_the_basic_plane_are_warned_of(linksms: Linksms) -> None:
    done = linksms(*OK, "\U0001f600")
    assert done.stderr == (
        "1 part UCS-2, 2 of 567 units\n"
        "warning: GRINNING FACE (U+1F600) may not survive: the guide of a sibling interface says "
        "that characters above U+FFFF are not supported\n"
    )
    assert linksms(*OK, "\U0001f600", "--json").stderr == (
        '{"warning": "GRINNING FACE (U+1F600) may not survive: the guide of a sibling interface '
        'says that characters above U+FFFF are not supported"}\n'
    )


def test_the_figures_are_those_of_segments(linksms: Linksms) -> None:
    assert linksms(*OK, "ç" * 200).stderr == (
        "4 parts UCS-2, 200 of 567 units\n"
        "With 67 characters per part, as in 3GPP, instead of the guide's 63: 3 parts.\n"
    )
    assert linksms(*OK, "--udh", "060504000a0000", "ç" * 60).stderr == (
        "1 part UCS-2, 60 of 567 units\n"
    )


QUOTES = "Don’t forget – your parcel “123” is waiting for you at the shop until Friday, 17:00. Bye"


def test_a_cheaper_spelling_is_told_and_put_only_where_it_is_asked_for(linksms: Linksms) -> None:
    as_it_is = linksms(*OK, QUOTES)
    assert as_it_is.stderr == (
        "2 parts UCS-2, 88 of 567 units\nWith --replace: 1 part GSM-7, 88 of 1377 units\n"
    )
    replaced = linksms(*OK, "--replace", QUOTES)
    assert replaced.stderr == (
        "1 part GSM-7, 88 of 1377 units\n"
        "Without --replace: 2 parts UCS-2, 88 of 567 units. Replaced: ’ → ', – → -,\n"
        '“ → ", ” → "\n'
    )
    records = [linksms(*OK, *words, QUOTES, "--json").record for words in ((), ("--replace",))]
    assert [(each["encoding"], each["parts"]) for each in records] == [("UCS-2", 2), ("GSM-7", 1)]
    assert linksms(*OK, "--max-parts", "1", QUOTES).code == 10
    assert linksms(*OK, "--max-parts", "1", "--replace", QUOTES).code == 0


def test_a_text_over_the_limit_is_refused(linksms: Linksms) -> None:
    done = linksms(*OK, "x" * 1378, "--json")
    assert (done.code, done.record["outcome"]) == (10, "refused")
    assert done.record["error"] == {
        "kind": "over_limit",
        "message": "the text takes 1378 units of GSM-7, and the gateway takes 1377",
        "hint": "Shorten it, or add --truncate; `linksms segments` shows what it takes.",
    }
    assert linksms(*OK, "x" * 1377).code == 0


def test_with_a_header_of_ones_own_the_text_is_one_part(linksms: Linksms) -> None:
    fits = linksms(*OK, "--udh", "050003CC0201", "x" * 153, "--json")
    refused = linksms(*OK, "--udh", "050003CC0201", "x" * 154, "--json")
    assert (fits.code, fits.record["parts"]) == (0, 1)
    assert (refused.code, refused.record["error"]["message"]) == (
        10,
        "the text takes 154 units, but the header leaves room for 153",
    )


def test_max_parts(linksms: Linksms) -> None:
    assert linksms(*OK, "--max-parts", "1", "x" * 160).code == 0
    done = linksms(*OK, "--max-parts", "1", "x" * 161, "--json", "--dry-run")
    assert (done.code, done.record["error"]["kind"]) == (10, "max_parts")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--tariff", "SEK1000"], 10),
        (["--tariff", "SEK1000", "--confirm-charge", "SEK1000"], 10),
        (["--tariff", "SEK1000", "--confirm-charge", "NOK3000"], 10),
        (["--tariff", "SEK1000", "--confirm-charge", "SEK3000"], 0),
        (["--tariff", "SEK0"], 0),
        (["--confirm-charge", "SEK1000"], 10),
        (["--tariff", "SEK1000", "--confirm-charge", "SEK3000", "--charge-only"], 0),
    ],
)
def test_charges_go_out_only_when_their_total_is_confirmed(
    linksms: Linksms, words: list[str], code: int
) -> None:
    recipients = ("-t", "+99955501235", "-t", "+99955501236", "-t", "+99955501236")
    for dry in ([], ["--dry-run"]):
        done = linksms(*OK, *recipients, *words, *dry, "x", "--json")
        assert done.code == code
        kinds = {record["error"] and record["error"]["kind"] for record in done.records}
        assert kinds == ({"charge_not_confirmed", "duplicate"} if code else {None, "duplicate"})


def test_verbose_shortens_numbers_and_says_when(linksms: Linksms) -> None:
    with Recorder(http(b"1005;Queued;abc")) as gateway:
        env = account(gateway.url)
        words = ("send", "-t", "+99955501234", "-f", "LINK", "-v", "x")
        done = linksms(*words, env=env | {"TZ": "Asia/Tokyo"})
        program = linksms(*words, "--json", env=env | {"TZ": "Asia/Tokyo"})
    assert re.search(r"\+9995…34: sent at 20[-0-9]+ [0-9:]+\+09:00, HTTP 200", done.stderr)
    assert re.search(r"\+9995…34: sent at 20[-0-9]+T[0-9:.]+Z, HTTP 200", program.stderr)
    assert "+99955501234" not in done.stderr

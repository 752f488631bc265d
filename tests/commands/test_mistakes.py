"""A command line that says something else than was meant is recognised, and put right."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Linksms, account
from tests.loopback import Recorder

SEND = ("send", "--sandbox", "-t", "+99955501234", "-f", "LINK")
ACCOUNT = account("http://127.0.0.1:9/smscsimplehttp")
LAST = "If it is the text, put it last, after two hyphens"


@pytest.mark.parametrize(
    "text", ["-5 degrees", "-5", "- first", "-very bad", "--- a/app.py", "--- a\n+++ b", "-", "--"]
)
def test_a_text_that_begins_with_a_hyphen(text: str, linksms: Linksms) -> None:
    done = linksms(*SEND, text)
    if text in {"-", "--"}:  # these have a meaning of their own
        assert "text is empty" in done.stderr
        return
    assert (done.code, done.stdout) == (2, "")
    assert "begins with a hyphen, so it was read as an option" in done.stderr
    assert LAST in done.stderr
    assert linksms(*SEND, "--", text).code == 0
    assert linksms(*SEND, stdin=text.encode()).code == 0


@pytest.mark.parametrize(
    ("text", "option", "rest"),
    [
        ("-fine today", "-f", "ine today"),
        ("-test failed", "-t", "est failed"),
        ("-power is off", "-p", "ower is off"),
    ],
)
def test_a_text_whose_beginning_is_an_option(
    text: str, option: str, rest: str, linksms: Linksms
) -> None:
    done = linksms(*SEND, text)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr == (
        f"error: '{text}' was read as {option} with the value '{rest}'. {LAST} (-- '{text}'), "
        f"or pipe it in. If not: {option} '{rest}'.\n"
    )


def test_a_value_may_stand_beside_its_letter(linksms: Linksms, tmp_path: Path) -> None:
    words = ("send", "--sandbox", "-t+999 555 01234", "-fMy Shop", "--json", "x")
    assert linksms(*words).record["from"] == "My Shop"
    (tmp_path / "my text.txt").write_text("Hej")
    assert linksms("segments", "-Fmy text.txt", "--json").record["units"] == 3


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            [*SEND, "The", "deploy", "is", "done"],
            (
                "the text must be one argument, and these are 4. "
                "Put it in quotes: 'The deploy is done'."
            ),
        ),
        (
            [*SEND, "a", "b" * 100],
            "the text must be one argument, and these are 2. Put it in quotes: 'a "
            + "b" * 57
            + "…'.",
        ),
        (
            ["segments", "a", "b"],
            "the text must be one argument, and these are 2. Put it in quotes: 'a b'.",
        ),
        (
            ["send", "+99955501234", "Hello"],
            (
                "+99955501234 was read as the text, and looks like a recipient. "
                "Give each recipient with -t: -t +99955501234."
            ),
        ),
        (
            ["send", "-f", "LINK", "Hello", "+99955501234", "+999 555 01235"],
            (
                "+99955501234 was read as the text, and looks like a recipient. "
                "Give each recipient with -t: -t +99955501234 -t '+999 555 01235'."
            ),
        ),
        (
            ["send", "-f", "LINK", "+99955501234"],
            (
                "+99955501234 was read as the text, and looks like a recipient. "
                "Give each recipient with -t: -t +99955501234."
            ),
        ),
        (
            [*SEND, "--text", "x"],
            "No such option: --text. The text needs no option: put it last, in quotes.",
        ),
        (
            [*SEND, "-m", "x"],
            "No such option: -m. The text needs no option: put it last, in quotes.",
        ),
        (
            ["segments", "--message", "x"],
            "No such option: --message. The text needs no option: put it last, in quotes.",
        ),
        (["send", "--recipient", "x"], "No such option: --recipient. Did you mean --to?"),
        (["send", "--sender", "x"], "No such option: --sender. Did you mean --from?"),
        (
            ["code", "-1"],
            (
                "'-1' is not a result code. Give a whole number of at most nine digits, like 1001, "
                "or a delivery report, an answer, or a log line that holds one."
            ),
        ),
    ],
)
def test_what_was_meant_is_said(words: list[str], message: str, call: Linksms) -> None:
    done = call(*words)
    assert (done.code, done.stdout, done.stderr) == (2, "", f"error: {message}\n")


def test_the_rest_of_a_phone_list_is_not_sent(environment: dict[str, str]) -> None:
    """In a loop over a list an empty variable leaves the command with the list as its stdin."""
    numbers = b"".join(b"+9995550123%d\n" % number for number in range(5))
    loop = f'while read n; do {sys.executable} -m linksms_cli send -f LINK -t "$n" $TEXT; done'
    with Recorder() as gateway:
        done = subprocess.run(
            ["bash", "-c", loop],
            input=numbers,
            env=environment | account(gateway.url),
            capture_output=True,
            check=False,
        )
    assert (done.returncode, done.stdout, gateway.request_lines) == (2, b"", [])
    assert done.stderr.startswith(b"error: the text read from stdin consists of telephone numbers.")


def test_a_list_of_numbers_that_was_named_is_a_text(linksms: Linksms) -> None:
    for words in (("-",), ("+99955501235",)):
        assert linksms(*SEND, *words, stdin=b"+99955501235\n+99955501236\n").code == 0


def test_every_wrong_recipient_is_named(call: Linksms) -> None:
    done = call(
        "send", "--sandbox", "-t", "070", "-t", "+99955501234", "-t", "x", "-f", "LINK", "x"
    )
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith("error: 2 of 3 recipients are wrong: '070' is not in ")
    assert "'x' is not in" in done.stderr


def test_a_batch_may_text_a_number(linksms: Linksms, tmp_path: Path) -> None:
    (tmp_path / "numbers.txt").write_text("+99955501234\n")
    done = linksms(
        "send", "--batch", "numbers.txt", "-f", "LINK", "--dry-run", "12345678", env=ACCOUNT
    )
    assert (done.code, "was read as the text" in done.stderr) == (0, False)

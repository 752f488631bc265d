"""What becomes of a text before it is sent: cleaned up, and cut to what the limits allow."""

import re
from urllib.parse import unquote

import pytest

from tests.conftest import Linksms, account
from tests.loopback import Recorder

SEND = ("send", "-t", "+99955501234", "-f", "LINK")
LOG = "".join(f"line {number} of the log\n" for number in range(400))


def sent(gateway: Recorder) -> list[str]:
    return [
        unquote(found[1])
        for line in gateway.request_lines
        if (found := re.search("Userdata=([^& ]*)", line))
    ]


def test_an_alert_too_long_is_cut_if_asked_and_refused_if_not(linksms: Linksms) -> None:
    with Recorder() as gateway:
        env = account(gateway.url)
        refused = linksms(*SEND, stdin=LOG.encode(), env=env)
        assert (refused.code, sent(gateway)) == (10, [])
        head = linksms(*SEND, "--truncate", "--json", stdin=LOG.encode(), env=env)
        tail = linksms(*SEND, "--truncate", "tail", "--max-parts", "1", stdin=LOG.encode(), env=env)
    assert (head.code, head.record["parts"], tail.code) == (0, 9, 0)
    first, last = sent(gateway)
    kept, _, note = first.rpartition(" (")
    missing, _, words = note.partition(" ")
    # Of standard input the last newline is dropped.
    assert (LOG.startswith(kept), len(kept) + int(missing)) == (True, len(LOG) - 1)
    assert (words, last[-19:]) == ("more characters)", "line 399 of the log")
    left_out = re.findall("[0-9]+", last)[0]
    assert tail.stderr.splitlines()[0] == (
        f"--truncate left out {left_out} of {len(LOG) - 1} characters."
    )


@pytest.mark.parametrize(
    "words", [("--truncate", "Hej"), ("Hej", "--truncate"), ("--truncate=tail", "--", "Hej")]
)
def test_what_fits_is_left_alone_wherever_the_option_stands(
    words: tuple[str, ...], linksms: Linksms
) -> None:
    with Recorder() as gateway:
        assert linksms(*SEND, *words, env=account(gateway.url)).code == 0
    assert sent(gateway) == ["Hej"]


def test_a_wrong_end_is_refused(call: Linksms) -> None:
    done = call(*SEND, "--truncate=middle", "x")
    assert (done.code, "is not one of 'head', 'tail'" in done.stderr) == (2, True)
    assert call(*SEND, "--truncate", "middle", "x").stderr == (
        "error: the text must be one argument, and these are 2. Put it in quotes: 'middle x'.\n"
    )


def test_the_colours_of_a_terminal_go_if_asked(linksms: Linksms) -> None:
    with Recorder() as gateway:
        env = account(gateway.url)
        for words in ((), ("--strip-ansi",)):
            done = linksms(*SEND, *words, stdin=b"\x1b[31mdown\x1b[0m\n", env=env)
            assert done.code == 0
            assert ("--strip-ansi removes those" in done.stderr) is (not words)
        blank = linksms(*SEND, "--strip-ansi", stdin=b"\x1b[0m", env=env)
        assert (blank.code, "the text is empty" in blank.stderr) == (2, True)
    assert sent(gateway) == ["\x1b[31mdown\x1b[0m", "down"]

"""What `linksms status` says of a message whose fate is unknown, for each way to get there."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Linksms, account
from tests.loopback import Answer, Recorder, http, reset, silence

NUMBER = "+99955500002"

LEFT = "The request had left by then, so the gateway may have taken the message."
ASK = "Ask the recipient. If it arrived, you are done."
AGAIN = (
    "Send it again if it did not arrive, or if arriving twice does less harm than not at all: it "
    "may be billed twice. After --once or --batch that takes --resend-unknown."
)
REPORTED = "whether it reached the handset, and whether it was billed."
UNANSWERED = f"An answer of the gateway; a delivery report; {REPORTED}"
UNREPORTED = f"A delivery report; {REPORTED}"
BY_NUMBER = (
    "Look for a report that names its number; if one says that it was delivered, you are done: "
    "linksms status --to +99955500002 --since TIME"
)
TICKET = "Ask LINK Support; this prints what to write: linksms status"


@pytest.mark.parametrize(
    ("answer", "words", "handle", "happened", "seen", "unseen", "first"),
    [
        (
            silence,
            "--timeout 0.2",
            "'#1'",
            f"No answer in time: nothing within TIME. {LEFT}",
            "The request, which left at TIME.",
            UNANSWERED,
            BY_NUMBER,
        ),
        (
            reset,
            "",
            "'#1'",
            f"No readable answer: connection reset by peer. {LEFT}",
            "The request, which left at TIME.",
            UNANSWERED,
            BY_NUMBER,
        ),
        (
            http(b"", status="502 Bad Gateway"),
            "",
            "'#1'",
            f"HTTP 502 without a readable answer. {LEFT}",
            "The request, which left at TIME.",
            UNANSWERED,
            BY_NUMBER,
        ),
        (
            http(b"4;Timeout;abc"),
            "",
            "abc",
            (
                "The gateway answered 4 Timeout. Something did not answer in time. Whether the "
                "message was delivered or billed is unknown."
            ),
            "The request, which left at TIME; an answer of the gateway.",
            UNREPORTED,
            None,
        ),
        (
            http(b"5;Operator unknown error;abc"),
            "",
            "abc",
            (
                "The gateway answered 5 Operator unknown error. Something failed at the "
                "recipient's operator, and it is not known what. Whether the message was delivered "
                "or billed is unknown."
            ),
            "The request, which left at TIME; an answer of the gateway.",
            UNREPORTED,
            None,
        ),
        (
            http(b"7777;Who knows;abc"),
            "",
            "abc",
            (
                "The gateway answered 7777 not a known code. Unknown code: it is in neither guide "
                "5.1 nor any older client. It may mean success or failure, so it counts as neither."
            ),
            "The request, which left at TIME; an answer of the gateway.",
            UNREPORTED,
            "Wait for its report: linksms status abc --wait 10m",
        ),
    ],
    ids=["timeout", "reset", "502", "4", "5", "7777"],
)
def test_what_is_unknown_says_what_happened_and_what_to_do(
    call: Linksms,
    answer: Answer,
    words: str,
    handle: str,
    happened: str,
    seen: str,
    unseen: str,
    first: str | None,
) -> None:
    with Recorder(answer) as gateway:
        send_it = ("send", "-t", NUMBER, "-f", "LINK", "x", *words.split())
        assert call(*send_it, env=account(gateway.url)).code == 7
    assert unknown_page(call, handle) == expected(happened, seen, unseen, first, handle)


def test_a_process_that_was_killed_leaves_an_intent_and_says_so(
    call: Linksms, environment: dict[str, str]
) -> None:
    with Recorder(silence) as gateway:
        send_it = ("send", "-t", NUMBER, "-f", "LINK", "x", "--timeout", "0.2")
        call(*send_it, env=account(gateway.url))
    database = Path(environment["LINKSMS_STATE"]) / "linksms.db"
    with closing(sqlite3.connect(database)) as store, store:
        store.execute("UPDATE submission SET outcome = NULL, sent_at = NULL, error_message = NULL")
    assert unknown_page(call, "'#1'") == expected(
        "The process that sent it has stored no outcome: it was killed before it saw an answer, or "
        "it is still waiting for one.",
        "The intent to send it, stored at TIME.",
        f"Whether the request left; an answer of the gateway; a delivery report; {REPORTED}",
        BY_NUMBER,
        "'#1'",
    )
    assert "intended  no answer was seen" in call("status", "#1").stdout


def unknown_page(call: Linksms, handle: str) -> str:
    """Return what is said below the timeline of an unknown message, in one line."""
    done = call("status", handle.strip("'"), env={"TZ": "Asia/Tokyo"})
    assert done.code == 7
    below = " ".join(done.stdout.partition("Happened")[2].split())
    # A busy machine is late to see that the time is up.
    return re.sub(r"20[0-9-]+[ T][0-9:]+\+09:00|(?<=within )[0-9.]+ s", "TIME", below)


def expected(happened: str, seen: str, unseen: str, first: str | None, handle: str) -> str:
    steps = [*([first] if first else []), ASK, f"{TICKET} {handle} --ticket", AGAIN]
    now = " ".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))
    return (
        f"{happened} Seen {seen} Not seen {unseen} Resend Not blindly: it may have been delivered "
        f"or billed already. Now {now}"
    )

"""What `linksms listen` prints of the store: reports once more, requests byte for byte."""

import base64
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from linksms_cli.adapters.store import store_in
from tests.conftest import Linksms
from tests.reporting import keep, report, request
from tests.server import running
from tests.terminal import PROGRAM, Terminal

EVERY_BYTE = bytes(range(256)) * 200
HOSTILE = b"\x1b]0;owned\x07\x1b[31mred\x1b[0m\xff\x9b2J \xe2\x80\xae <\nnext line\r\n"


def raw(environment: Mapping[str, str], number: int) -> bytes:
    return subprocess.run(
        [*PROGRAM, "listen", "--raw", str(number)],
        env=environment,
        capture_output=True,
        check=True,
    ).stdout


def test_what_came_is_printed_byte_for_byte(environment: dict[str, str]) -> None:
    two = b"[" + report(id="a") + b", " + report(id="b") + b"]"
    with running(environment, "listen") as server:
        assert request(server.url, EVERY_BYTE, {"Content-Type": "image/png"}).status == 200
        assert request(f"{server.url}?this%00is=no+report").status == 200
        assert request(f"{server.url}?a=b", HOSTILE).status == 200
        assert request(server.url, two).status == 200
        events = [server.event() for _ in range(5)]
    assert [event.get("number") for event in events] == [1, 2, 3, None, None]
    assert raw(environment, 1) == EVERY_BYTE
    assert raw(environment, 2) == b"this%00is=no+report"
    assert raw(environment, 3) == HOSTILE
    assert raw(environment, 4) == raw(environment, 5) == two


def test_a_program_gets_the_whole_request(environment: dict[str, str], linksms: Linksms) -> None:
    with running(environment, "listen") as server:
        headers = {
            "Content-Type": "text/x; \xff",
            "User-Agent": "gate",
            "Authorization": "Basic eA==",
        }
        assert request(f"{server.url}?a=b", HOSTILE, headers).status == 200
        received_at = server.event()["received_at"]
    assert linksms("listen", "--raw", "1", "--json").record == {
        "number": 1,
        "received_at": received_at,
        "remote": "127.0.0.1",
        "method": "POST",
        "query": "a=b",
        "headers": {"content-type": "text/x; \xff", "user-agent": "gate"},
        "body_base64": base64.b64encode(HOSTILE).decode(),
    }


def test_a_terminal_obeys_nothing_of_it(environment: dict[str, str]) -> None:
    with running(environment, "listen", as_json=False) as server:
        assert request(server.url, HOSTILE, {"Content-Type": "text/x"}).status == 200
        while "All of it: linksms listen --raw 1" not in server.line():
            pass
    with Terminal(*PROGRAM, "listen", "--raw", "1", env=environment) as terminal:
        assert terminal.end() == 0
    assert r"\x1b]0;owned\x07\x1b[31mred\x1b[0m\xff\x9b2J \u202e <" in terminal.raw
    assert "next line" in terminal.raw
    assert "\x1b" not in terminal.raw
    assert "content-type: text/x" in terminal.raw


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--raw", "7"), 1, "nothing is stored under number 7"),
        (("--raw", "0"), 2, "--raw"),
        (("--raw", "-1"), 2, "--raw"),
        (("--raw", "1", "--port", "0"), 2, "--port"),
        (("--raw", "1", "--since", "1h"), 2, "--since"),
    ],
)
def test_what_cannot_be_shown_is_said(
    linksms: Linksms, words: tuple[str, ...], code: int, said: str
) -> None:
    done = linksms("listen", *words)
    assert (done.code, done.stdout, done.stderr.count("\n")) == (code, "", 1)
    assert said in done.stderr


def test_a_replay_says_on_which_day_each_report_came(
    linksms: Linksms, environment: dict[str, str]
) -> None:
    folder = Path(environment["LINKSMS_STATE"])
    keep(store_in(folder), *(report(id=name) for name in "abc"))
    with closing(sqlite3.connect(folder / "linksms.db")) as store, store:
        for name, at in (("a", "25T10:00"), ("b", "25T14:59"), ("c", "25T15:00")):
            store.execute(
                "UPDATE callback SET received_at = ? WHERE message_id = ?",
                (f"2026-11-{at}:00.000Z", name),
            )
    lines = days_and_ids(linksms("listen", "--replay", env={"TZ": "Asia/Tokyo"}).stdout)
    assert lines == ["2026-11-25", "a", "b", "2026-11-26", "c"]


def days_and_ids(shown: str) -> list[str]:
    """Return the days and the ids of what was shown."""
    return [line.strip() for line in shown.splitlines() if "delivered" not in line]

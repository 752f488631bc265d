"""Every field of what a stranger can post, with all that a terminal obeys in it, in every view.

The fields are those of the values that are read: a new one is asked for by name here, until it is
hostile too. Whether a terminal would obey what is printed, `tests.program` checks at each call.
"""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from linksms_cli.adapters.store import store_in
from linksms_cli.sms.dlr.incoming import IncomingMessage
from linksms_cli.sms.dlr.reading import read_callback
from linksms_cli.sms.dlr.report import Report
from tests.conftest import Finished, Linksms
from tests.reporting import keep

# A title, a cleared screen, a link, an 8-bit control, a line of its own, and turns of direction.
HOSTILE = (
    "\x1b]0;x\x07\x1b[2J\x1b]8;;http://x\x1b\\\x9b1m\r\nforged\rforged\x85forged\x08\x7f"
    "\u2028forged\u2029\u061c\u200e\u200f\u202a\u202e\u2066\u2069"
)
# No id holds a control character; this is what else it may.
ID = "m\u2028\u202e\u2066"
PARAMETERS = {HOSTILE: HOSTILE, "source": HOSTILE, "destination": HOSTILE}
REPORT = {
    "id": ID,
    "resultCode": 1001,
    "segments": 1,
    "gateCustomParameters": {HOSTILE: HOSTILE},
    "customParameters": PARAMETERS,
    HOSTILE: HOSTILE,
} | dict.fromkeys(
    ("refId", "operator", "operatorResultCode", "sentTimestamp", "timestamp"), HOSTILE
)
INCOMING = {
    "messageId": HOSTILE,
    "content": HOSTILE,
    "gateCustomParameters": {HOSTILE: HOSTILE},
    "customParameters": PARAMETERS,
} | dict.fromkeys(("source", "destination", "operator", "timestamp"), HOSTILE)
# What is a number, or one of a closed set.
HARMLESS = {"part", "result_code", "segments", "format"}
VIEWS = [
    ("listen", "--replay"),
    ("status",),
    ("status", "m"),
    ("status", "m", "--ticket"),
    ("status", "--csv"),
    ("status", "--count-by", "operator"),
    ("status", "--operator", HOSTILE),
    ("store", "check"),
]


def body(of: Mapping[str, Any]) -> bytes:
    return json.dumps(of).encode()


@pytest.mark.parametrize("posted", [REPORT, INCOMING], ids=["report", "incoming"])
def test_every_field_is_hostile(posted: Mapping[str, Any]) -> None:
    (read,) = read_callback(body=body(posted), query="", content_type=None)
    assert isinstance(read, Report | IncomingMessage)
    names = read._fields if isinstance(read, Report) else [field.name for field in fields(read)]
    held = {name: json.dumps(getattr(read, name), ensure_ascii=False) for name in names}
    tame = {name for name in names if "\u202e" not in held[name]}
    assert tame <= HARMLESS


@pytest.mark.parametrize("view", VIEWS, ids=" ".join)
def test_no_view_lets_a_terminal_obey(call: Linksms, tmp_path: Path, view: tuple[str, ...]) -> None:
    keep(store_in(tmp_path / "state"), body(REPORT), body(INCOMING), HOSTILE.encode())
    for words in (view,) if "--csv" in view else (view, (*view, "--json")):
        done = call(*words)
        assert done.stdout, done
        if "--csv" in words:
            table = list(csv.reader(io.StringIO(done.stdout, newline="")))
            assert {len(row) for row in table} == {len(table[0])}
        else:
            check_lines(done)


@pytest.mark.parametrize("words", [(), ("--json",)], ids=["person", "program"])
@pytest.mark.parametrize("posted", [REPORT, INCOMING], ids=["report", "incoming"])
def test_what_is_pasted_is_not_obeyed(
    call: Linksms, posted: Mapping[str, Any], words: tuple[str, ...]
) -> None:
    check_lines(call("code", body(posted).decode(), *words))


def check_lines(done: Finished) -> None:
    """Check that no field has a line of its own, which could pass for one of ours."""
    lines = f"{done.stdout}{done.stderr}".splitlines()
    assert [line for line in lines if line.startswith("forged")] == []

"""The kinds of report that are fired: what each is, and how to mend a receiver that fails at it.

Shapes that the guide does not have were seen in the wild: numbers as strings, custom parameters as
a list, fields that nobody announced.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from linksms_cli.adapters.sandbox.reports import SimulatedReport


class WayOfSending(StrEnum):
    """How the requests of a round are sent."""

    ONE_BY_ONE = "each on a connection of its own, when the one before is answered"
    KEEP_ALIVE = "one after the other on one connection"
    TOGETHER = "all at the same time"
    SLOWLY = "with pauses in the body"
    BESIDE_A_SLOW_ONE = "while a client that never finishes its request is connected"
    ASKING_FIRST = "with Expect: 100-continue"
    OLD = "as HTTP/1.0"
    CHUNKED = "with a body whose length is not announced"
    UNPROVEN = "without the headers that prove who sends"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportKind:
    """One kind of report: its name, what it is in words, and how to mend what fails at it.

    It is a report for each of the `codes`: of one message, of its `parts` in that order, or of a
    message each. `change` is made to the report, `rewrite` to its JSON, before `packed` says to
    compress it.
    """

    name: str
    title: str
    mend: str
    codes: tuple[int, ...] = (1001,)
    parts: tuple[int, ...] | None = None
    message_each: bool = False
    change: Callable[[SimulatedReport], SimulatedReport] = lambda report: report
    rewrite: Callable[[dict[str, Any]], str] | None = None
    packed: bool = False
    sending: WayOfSending = WayOfSending.ONE_BY_ONE
    to_be_refused: bool = False


def _with_signs(report: SimulatedReport) -> SimulatedReport:
    return replace(report, report_id=f"{report.report_id}+/PbnR3x==$0")


def _with_unicode(report: SimulatedReport) -> SimulatedReport:
    words = {"note": 'Grüße – „日本“ 😀 "quoted" <&>'}
    return replace(report, operator="se.télé", custom={**report.custom, **words})


# What can happen to a message: in each format. The plain one comes first: it shows what a
# receiver answers if nothing is special.
MESSAGES = (
    ReportKind(
        name="delivered",
        title="a message is delivered (1001)",
        mend="Answer 200 to every report that you could store, whatever it says.",
    ),
    ReportKind(
        name="not_delivered",
        title="a number that does not exist (2106), no operator",
        mend="Let operator and operatorResultCode be null or empty: a message that reached no "
        "operator has none.",
        codes=(2106,),
        change=lambda report: replace(report, operator=None, operator_result_code=None),
    ),
    ReportKind(
        name="billed_not_delivered",
        title="billed and not delivered (1009)",
        mend="Store it: 1009 is final. The recipient has paid, and has received nothing.",
        codes=(1009,),
    ),
    ReportKind(
        name="unknown_code",
        title="a result code that is not in the guide (1099)",
        mend="Store codes that you do not know, and treat the outcome as unknown.",
        codes=(1099,),
    ),
    ReportKind(
        name="parts_out_of_order",
        title="three parts, the last one first",
        mend="Take ids that end in $0, $1 and so on, in any order: id$2 may come before id$0.",
        codes=(1001, 1001, 1001),
        parts=(2, 1, 0),
    ),
    ReportKind(
        name="twice",
        title="the same report twice",
        mend="Take a report again: if its key is there already, you have it; answer 200.",
        codes=(1001, 1001),
    ),
    ReportKind(
        name="late_temporary",
        title="a temporary state (1000) after the final one (1001)",
        mend="Answer 200, and let the final state stand.",
        codes=(1001, 1000),
    ),
    ReportKind(
        name="id_with_signs",
        title="an id with + / = and $",
        mend="Take ids as they are: do not check their characters.",
        change=_with_signs,
    ),
    ReportKind(
        name="unicode",
        title="letters, an emoji and quotation marks",
        mend="Read the body as UTF-8, and store all of Unicode.",
        change=_with_unicode,
    ),
    ReportKind(
        name="more_fields",
        title="a custom parameter that nobody announced",
        mend="Ignore fields that you do not know: operators add their own.",
        change=lambda report: replace(report, custom={**report.custom, "smscTime": "1448011055"}),
    ),
)


def _as_list(fields: dict[str, Any]) -> str:
    for name in ("gateCustomParameters", "customParameters"):
        fields[name] = [{"key": key, "value": value} for key, value in fields[name].items()]
    return json.dumps(fields)


def _as_strings(fields: dict[str, Any]) -> str:
    numbers = {name: str(value) for name, value in fields.items() if isinstance(value, int)}
    return json.dumps(fields | numbers)


# Guide, "Delivery Report Example", as printed but for the id.
_GUIDE_DELIVERED = """{
  "refId": "0",
  "id": "%s",
  "operator": "no.telenor",
  "sentTimestamp": "2015-11-19T09:37:35Z",
  "timestamp": "2015-11-19T09:37:00Z",
  "resultCode": 1001,
  "operatorResultCode": "2",
  "segments": 1,
  "gateCustomParameters": {},
  "customParameters": {
    "received": "2015-11-19 10:37:36",
    "source": "2333",
    "destination": ""+4746910822"
  }
}"""
_GUIDE_NOT_DELIVERED = """{
  "refId": "0",
  "id": "%s",
  "operator": null,
  "sentTimestamp": "2015-11-19T10:17:37Z",
  "timestamp": "2015-11-19T10:17:37Z",
  "resultCode": 2106,
  "operatorResultCode": null,
  "segments": 1,
  "gateCustomParameters": {},
  "customParameters": {
    "received": "2015-11-19 11:17:37",
    "source": "2333",
    "destination": ""+4746910823"
  }
}"""

_INVALID = (
    'The guide prints "destination": ""+4746910822", which is not valid JSON. If your parser '
    "refuses it, store the raw body and answer 200."
)
# What JSON can look like.
SHAPES = (
    ReportKind(
        name="guide_delivered",
        title="the guide's first example as printed: invalid JSON",
        mend=_INVALID,
        rewrite=lambda fields: _GUIDE_DELIVERED % fields["id"],
    ),
    ReportKind(
        name="guide_not_delivered",
        title="the guide's second example: invalid JSON, nulls",
        mend=_INVALID,
        rewrite=lambda fields: _GUIDE_NOT_DELIVERED % fields["id"],
    ),
    ReportKind(
        name="numbers_as_strings",
        title="strings for the numbers resultCode and segments",
        mend='Take "1001" for 1001.',
        rewrite=_as_strings,
    ),
    ReportKind(
        name="custom_list",
        title="a list of keys and values as customParameters",
        mend="Take both an object and a list: the guide calls it a list, and prints an object.",
        rewrite=_as_list,
    ),
    ReportKind(
        name="fewest_fields",
        title="nothing but id and resultCode",
        mend="Let every other field be missing.",
        rewrite=lambda fields: json.dumps({name: fields[name] for name in ("id", "resultCode")}),
    ),
)

"""What somebody pasted is found, however it stands in what was pasted."""

import gzip
import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linksms_cli.sms.dlr.incoming import IncomingMessage
from linksms_cli.sms.dlr.report import Report
from linksms_cli.sms.mt.answer import Answer
from linksms_cli.sms.pasted.finding import Finding, find
from tests.fuzz import oracle
from tests.reporting import INCOMING, REPORT, report

ID = REPORT["id"]
PLAIN = {name: value or "" for name, value in REPORT.items() if not isinstance(value, dict)}
PAIRS = urlencode(PLAIN)
XML = f"<dlr>{''.join(f'<{name}>{value}</{name}>' for name, value in PLAIN.items())}</dlr>"
JSON = report().decode()
PRETTY = json.dumps(REPORT, indent=2)
ESCAPED = JSON.replace('"', '\\"')
INVALID = JSON.replace('": "+', '": ""+')


def short(finding: Finding) -> tuple[Any, ...]:
    match finding:
        case Report():
            return ("report", finding.id, finding.result_code)
        case Answer():
            return ("answer", finding.code, finding.description, finding.message_id)
    return ("incoming", finding.message_id, finding.content)


ONE_REPORT = {
    "JSON": JSON,
    "JSON in lines": PRETTY,
    "the guide's invalid JSON": INVALID,
    "XML": XML,
    "a form": PAIRS,
    "a query": f"?{PAIRS}",
    "a URL": f"http://127.0.0.1:8080/dlr/?{PAIRS}",
    "an access log": f'127.0.0.1 - - [01/Jul/2026:09:37:36] "GET /dlr/?{PAIRS} HTTP/1.1" 200 0',
    "a request": f"POST /dlr HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{JSON}",
    "a request in lines": f"POST /dlr HTTP/1.1\nContent-Type: application/json\n\n{PRETTY}\n",
    "a request with a form": f"POST /dlr HTTP/1.1\r\nHost: x\r\n\r\n{PAIRS}",
    "a request with XML": f"POST /dlr HTTP/1.1\r\nHost: x\r\n\r\n<?xml version='1.0'?>\n{XML}",
    "a log line": f"2026-07-01 09:37:36,120 INFO dlr: {JSON} took 3 ms; ok",
    "a log line with invalid JSON": f"2026-07-01 09:37:36 INFO dlr: {INVALID}",
    "a log line with XML": f"2026-07-01T09:37:36Z INFO received {XML} from 195.84.162.34",
    "a log line with pairs": f"09:37:36 body={PAIRS} (200)".replace("body=", "body: "),
    "a log in JSON": json.dumps({"level": "info", "log": f"dlr {JSON}\n", "stream": "stdout"}),
    "a log in JSON in JSON": json.dumps({"log": json.dumps({"msg": f"got {JSON}"})}),
    "JSON in a field of a log": json.dumps({"time": "09:37", "msg": "dlr", "body": REPORT}),
    "escaped JSON": f'level=info msg=dlr body="{ESCAPED}"',
    "logfmt": f'level=info id={ID} resultCode=1001 operator="no.telenor"',
    "our own event": json.dumps({"event": "report", "id": ID, "result_code": 1001}),
    "Python": repr(REPORT),
    "Node": f"{{ refId: null, id: '{ID}', operator: 'no.telenor', resultCode: 1001 }}",
    "Node in lines": f"{{\n  refId: null,\n  id: '{ID}',\n  resultCode: 1001\n}}",
    "PHP": f"Array\n(\n    [id] => {ID}\n    [resultCode] => 1001\n)",
    "words": f"resultCode: 1001, id: {ID}",
}


@pytest.mark.parametrize("text", ONE_REPORT.values(), ids=ONE_REPORT)
def test_a_report_is_found_wherever_it_stands(text: str) -> None:
    assert [short(finding) for finding in find(text.encode())] == [("report", ID, 1001)]


@pytest.mark.parametrize("raw", [gzip.compress(report()), JSON.encode("utf-16")])
def test_a_report_is_found_in_bytes(raw: bytes) -> None:
    assert [short(finding) for finding in find(raw)] == [("report", ID, 1001)]


def after_each_line(text: str, between: str) -> str:
    return f"INFO start{between}{text}{between}INFO done"


AS_A_WHOLE = {
    "JSON": [
        "a request",
        "a log line",
        "a log line with invalid JSON",
        "a log in JSON",
        "a log in JSON in JSON",
        "JSON in a field of a log",
        "escaped JSON",
    ],
    "XML": ["a request with XML", "a log line with XML"],
    "a form": ["a request with a form", "an access log", "a log line with pairs"],
}
WITHIN = [
    (ONE_REPORT[way], ONE_REPORT[name]) for way, names in AS_A_WHOLE.items() for name in names
]


@pytest.mark.parametrize(
    ("whole", "text"),
    [
        *WITHIN,
        (JSON, f"{{{JSON}"),
        (JSON, json.dumps({"time": 1, "lines": ["x", f"dlr {JSON}"]})),
        (JSON, after_each_line(f"INFO {INVALID}", "\n")),
        ('<d id="a" resultCode="1"/>', 'INFO <d id="a" resultCode="1"/> taken'),
    ],
)
def test_all_that_a_report_says_is_found_wherever_it_stands(whole: str, text: str) -> None:
    assert find(text.encode()) == find(whole.encode())


@pytest.mark.parametrize("end", ["", "\n", "\nINFO done"])
@pytest.mark.parametrize("written", [JSON, INVALID, XML, PAIRS, f"level=info {JSON}"])
def test_two_in_lines_are_two(written: str, end: str) -> None:
    first, second = (
        f"INFO & {written.replace(ID, name).replace(quote(ID, safe=''), name)}" for name in "ab"
    )
    found = find(f"INFO start\n{first}\n{second}{end}".encode())
    assert found == [*find(first.encode()), *find(second.encode())]
    assert [short(finding) for finding in found] == [("report", name, 1001) for name in "ab"]


def test_what_a_request_may_not_hold_is_searched_for_more() -> None:
    first, second = (report(id=identity).decode() for identity in "ab")
    found = find(f"{first}\nINFO dlr {second}".encode())
    assert [short(finding) for finding in found] == [("report", name, 1001) for name in "ab"]
    assert len(find(b"1005;Queued;a\n2104;Unknown subscriber;b")) == 2
    pairs = [f'level=info id={name} resultCode=1001 operator="no.telenor"' for name in "ab"]
    both = find("\n".join(pairs).encode())
    assert [finding.operator for finding in both if isinstance(finding, Report)] == [
        "no.telenor",
        "no.telenor",
    ]


@pytest.mark.parametrize("word", ["None", "null", "undefined", "nil"])
def test_the_words_for_nothing_are_no_values(word: str) -> None:
    (found,) = find(f"{{ refId: {word}, id: 'a', x: {word}, resultCode: 1001 }}".encode())
    assert isinstance(found, Report)
    assert (found.ref_id, found.custom_parameters) == (None, {"x": ""})


def test_half_a_character_in_a_string_is_no_hindrance() -> None:
    log = json.dumps({"log": "GET /dlr?id=a&resultCode=1001&x=\ud800 HTTP/1.1"})
    assert [short(finding) for finding in find(log.encode())] == [("report", "a", 1001)]


ANSWERS = {
    "1005;Queued;Dcsh+x/y=": (1005, "Queued", "Dcsh+x/y="),
    "1005;Queued;Dcsh+x/y=\r\n": (1005, "Queued", "Dcsh+x/y="),
    "2104;Unknown subscriber": (2104, "Unknown subscriber", None),
    "4711;Something; else;abc": (4711, "Something; else", "abc"),
    'INFO answer="1005;Queued;Dcsh+x/y=" in 12 ms': (1005, "Queued", "Dcsh+x/y="),
    "10:00:01 POST /smscsimplehttp -> 1005;Queued;Dcsh+x/y=": (1005, "Queued", "Dcsh+x/y="),
    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n2104;Unknown subscriber;": (
        *(2104, "Unknown subscriber", None),
    ),
    json.dumps({"status": 200, "body": "1005;Queued;Dcsh+x/y="}): (1005, "Queued", "Dcsh+x/y="),
}


@pytest.mark.parametrize(("text", "expected"), ANSWERS.items(), ids=ANSWERS)
def test_an_answer_is_found(text: str, expected: tuple[Any, ...]) -> None:
    assert [short(finding) for finding in find(text.encode())] == [("answer", *expected)]


def test_all_that_a_log_holds_is_found_in_its_order() -> None:
    log = "\n".join(
        [
            "2026-07-01 09:37:35 INFO POST /smscsimplehttp?Username=u&Password=p",
            "2026-07-01 09:37:35 INFO 1005;Queued;abc",
            "2026-07-01 09:37:36 INFO dlr " + report(id="abc", resultCode=1000).decode(),
            f"2026-07-01 09:37:36 INFO mo {INCOMING.decode()}",
            '127.0.0.1 "GET /dlr?id=abc&resultCode=1001 HTTP/1.1" 200',
            "2026-07-01 09:37:37 INFO done; 200; ok",
        ]
    )
    assert [short(finding) for finding in find(log.encode())] == [
        ("answer", 1005, "Queued", "abc"),
        ("report", "abc", 1000),
        ("incoming", "mo1", "STOP"),
        ("report", "abc", 1001),
    ]


def test_a_log_of_more_reports_than_a_request_may_hold_is_read_to_its_end() -> None:
    log = b"\n".join(report(id=f"m{number}") for number in range(1500))
    assert [finding.id for finding in find(log) if isinstance(finding, Report)] == [
        f"m{number}" for number in range(1500)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "INFO 200;OK; 12 ms",
        "INFO 99;problems",
        "a=b&c=d",
        "{}",
        "[1, 2]",
        "<r/>",
        '{"id": "a"}',
        "resultCode 1001",
        "resultCode=1001",
        "<b>resultCode</b> <br",
        'INFO {"a": ""+4}',
        "[id] => a\n[resultCode] => 1\n[id] => b\n[resultCode] => 2",
        "ServiceId=1&Username=u&Password=p&Destination=%2B99955501234&Userdata=Hi"[:50],
    ],
)
def test_what_holds_nothing_gives_nothing(text: str) -> None:
    assert find(text.encode()) == []


def test_pairs_without_end_are_read_as_far_as_they_can_be() -> None:
    text = "GET /dlr?id=a&resultCode=1001" + "&a=1" * 1000
    assert [short(finding) for finding in find(text.encode())] == [("report", "a", 1001)]


PIECES = [*ONE_REPORT.values(), *ANSWERS, INCOMING.decode(), "\n", "{", '"', "<", "=", ";", "\\"]


@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=5).map("".join)
    | st.text(max_size=200)
)
@settings(max_examples=200)
def test_any_text_gives_findings_or_none(text: str) -> None:
    for finding in find(text.encode("utf-8", "surrogatepass")):
        assert isinstance(finding, Report | IncomingMessage | Answer)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"result" + b"a" * 70_000, id="a long word"),
        pytest.param(b"result " + b"<a" * 40_000, id="tags"),
        pytest.param(b"".join(b"<a%d" % number for number in range(30_000)), id="many tags"),
    ],
)
def test_beginnings_without_an_end_do_not_take_time_by_their_square(text: bytes) -> None:
    # The word took more than a minute, the others some seconds.
    oracle.checked(find, text)

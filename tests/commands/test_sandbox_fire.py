"""`linksms sandbox --fire`: it finds the faults that are there, and none that are not."""

import json
import re
from http.server import HTTPServer
from typing import Any

import pytest

from linksms_cli.sms.sandbox import grading
from linksms_cli.sms.sandbox.firing import LONGEST, SWIFT
from tests.commands import receivers
from tests.commands.receivers import Good, receiving
from tests.conftest import Linksms
from tests.loopback import Recorder, http, silence, then_close
from tests.ports import refusing
from tests.server import running

JSON = ("--format", "json")


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no busy machine make an answer doubtful; the tests of the grading say what is slow."""
    monkeypatch.setattr(grading, "SWIFT", LONGEST)


def faults(records: list[dict[str, Any]]) -> dict[str, str]:
    """The cases that are not passed, each with what is wrong."""
    return {
        each["case"]: each["reason"]
        for each in records
        if each["event"] == "case" and each["grade"] != "passed"
    }


def fired(call: Linksms, url: str, *words: str) -> tuple[int, dict[str, str]]:
    done = call("sandbox", "--fire", url, "--json", *words)
    assert done.stderr == ""
    summary = done.records[-1]
    assert summary["event"] == "summary"
    assert summary["cases"] == len(done.records) - 1
    return done.code, faults(done.records)


def test_ours_has_no_fault_in_any_format(call: Linksms, environment: dict[str, str]) -> None:
    with running(environment, "listen") as receiver:
        receiver.drain()
        done = call("sandbox", "--fire", receiver.url, "--json")
    assert (done.code, faults(done.records)) == (0, {})
    assert done.records[-1] | {"median_ms": 0, "slowest_ms": 0} == {
        "event": "summary",
        "cases": 53,
        "passed": 53,
        "doubtful": 0,
        "failed": 0,
        "not_tried": 0,
        "median_ms": 0,
        "slowest_ms": 0,
    }


def test_ours_with_a_password_a_header_and_a_body_has_none(
    call: Linksms, environment: dict[str, str]
) -> None:
    secrets = {"LINKSMS_LISTEN_PASSWORD": "pä:ss", "LINKSMS_LISTEN_HEADER": "s3cret"}
    words = ("--auth", "link", "--require-header", "X-Token", "--reply-body", "<ok/>")
    with running(environment | secrets, "listen", *words) as receiver:
        receiver.drain()
        url = receiver.url.replace("//", "//link:p%C3%A4%3Ass@")
        asked = ("--header", "X-Token: s3cret", "--expect-body", "<ok/>")
        assert fired(call, url, *asked, *JSON) == (0, {})
        assert fired(call, url, *JSON)[0] == 1


def test_a_good_receiver_of_json_has_none(call: Linksms) -> None:
    with receiving(Good) as url:
        assert fired(call, url, *JSON) == (0, {})


_STATUS = "instead of 200"


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (
            receivers.StrictJson,
            {
                "guide_delivered": f"HTTP 400 {_STATUS}",
                "guide_not_delivered": f"HTTP 400 {_STATUS}",
            },
        ),
        (receivers.Unique, {"twice": f"HTTP 500 {_STATUS} (report 2)"}),
        (
            receivers.KnownCodes,
            {"unknown_code": "the connection was closed without an answer"},
        ),
        (receivers.OnlyForward, {"late_temporary": f"HTTP 409 {_STATUS} (report 2)"}),
        (
            receivers.PlainIds,
            {
                "parts_out_of_order": "the connection was closed without an answer (report 1)",
                "id_with_signs": "the connection was closed without an answer",
            },
        ),
        (receivers.Ascii, {"unicode": f"HTTP 500 {_STATUS}"}),
        (
            receivers.NeedsOperator,
            {
                "not_delivered": "the connection was closed without an answer",
                "fewest_fields": "the connection was closed without an answer",
            },
        ),
        (
            receivers.Numbers,
            {"numbers_as_strings": "the connection was closed without an answer"},
        ),
        (receivers.Objects, {"custom_list": "the connection was closed without an answer"}),
        (receivers.Lengths, {"chunked": f"HTTP 411 {_STATUS}"}),
        (receivers.Unpacked, {"gzip": f"HTTP 500 {_STATUS}"}),
        (receivers.NoExpectations, {"expect": f"HTTP 417 {_STATUS}"}),
        (receivers.Modern, {"http_1_0": f"HTTP 505 {_STATUS}"}),
        (
            receivers.Crashing,
            {"unknown_code": "the connection was closed without an answer"},
        ),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_a_fault_is_found_where_it_was_put(
    call: Linksms, kind: type[Good], found: dict[str, str]
) -> None:
    with receiving(kind) as url:
        assert fired(call, url, *JSON) == (1, found)


def test_one_that_answers_late_is_found(call: Linksms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grading, "SWIFT", SWIFT)
    with receiving(receivers.Slow) as url:
        code, found = fired(call, url, *JSON, "--skip", "at_once")
    assert (code, list(found)) == (1, ["billed_not_delivered"])
    took = re.fullmatch(r"it took ([0-9.]+) s", found["billed_not_delivered"])
    assert took
    assert float(took[1]) >= 3.2


def test_one_that_does_not_wait_for_the_whole_body_is_found(call: Linksms) -> None:
    with receiving(receivers.OnePiece) as url:
        code, found = fired(call, url, *JSON)
    # It leaves while the rest is on its way, which may take its answer with it.
    assert (code, list(found)) == (1, ["slow"])
    assert found["slow"] in {f"HTTP 400 {_STATUS}", "the connection broke"}


def test_one_that_leaves_bodies_unread_is_found(call: Linksms) -> None:
    with receiving(receivers.LeavesBody) as url:
        code, found = fired(call, url, *JSON)
    # What it takes for a request ends the connection, perhaps before its answer has been read.
    assert code == 1
    assert "keep_alive" in found
    assert set(found) <= {"keep_alive", "slow"}


def test_one_that_serves_one_by_one_is_held_up_by_a_slow_client(call: Linksms) -> None:
    with receiving(Good, threads=False) as url:
        code, found = fired(call, url, *JSON, "--skip", "keep_alive", "--skip", "at_once")
    assert (code, found) == (1, {"beside_slow": "no answer within 10 s"})


def test_what_is_wrong_everywhere_is_said_as_such(call: Linksms) -> None:
    with receiving(receivers.NoContent) as url:
        done = call("sandbox", "--fire", url, "--json", *JSON)
    cases = done.records[:-1]
    assert {each["reason"].split(" (")[0] for each in cases} == {f"HTTP 204 {_STATUS}"}
    assert {each["mend"] for each in cases} == {
        "Answer 200: the guide takes no other status for a receipt."
    }
    with receiving(receivers.Redirecting) as url:
        done = call("sandbox", "--fire", url, "--json", *JSON)
    assert "follows redirects" in done.records[0]["next"]


def test_a_grade_says_what_link_would_do_and_how_to_mend_it(call: Linksms) -> None:
    with receiving(receivers.Unique) as url:
        done = call("sandbox", "--fire", url, *JSON)
    assert done.code == 1
    lines = done.stdout.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("failed"))
    assert lines[at].split()[:6] == ["failed", "json", "the", "same", "report", "twice"]
    assert " ".join(" ".join(lines[at + 1 : at + 7]).split()).startswith(
        "HTTP 500 instead of 200 (report 2) LINK takes the report as not received. The guide "
        "does not say whether it is sent again: it may be lost. Take a report again: if its key is "
        "there already, you have it; answer 200."
    )
    assert lines[-1].startswith("22 passed, 1 failed; answers took ")
    assert done.stderr == (
        "The ids of these reports begin with SANDBOX-: delete them where you have stored them.\n"
    )
    assert [line for line in lines if len(line) > 80] == []


def test_a_body_that_was_agreed_on_is_asked_for(call: Linksms) -> None:
    with receiving(Good) as url:
        assert fired(call, url, *JSON, "--expect-body", "OK") == (0, {})
        code, found = fired(call, url, *JSON, "--expect-body", "ok\n")
    assert (code, found["delivered"]) == (1, "the body is 'OK' instead of 'ok\\n'")


def test_headers_go_along_and_their_absence_is_tried(call: Linksms) -> None:
    token = ("--header", "X-Token: s3cret")
    with receiving(receivers.Answering) as url:
        assert fired(call, url, *JSON, *token) == (0, {})
        code, found = fired(call, url, *JSON)
        assert (code, found["delivered"]) == (1, f"HTTP 401 {_STATUS}")
        done = call("sandbox", "--fire", url, *JSON, *token)
        assert "s3cret" not in done.stdout + done.stderr
    with receiving(Good) as url:
        assert fired(call, url, *JSON, *token) == (1, {"without_header": "it is admitted"})
        assert fired(call, url, *JSON, *token, "--skip", "without_header") == (0, {})


def test_a_header_that_every_request_has_is_replaced_and_proves_nothing(call: Linksms) -> None:
    words = ("--header", "HOST: dlr.example.com", "--header", "content-type: text/json")
    few = ("--skip", "beside_slow", "--skip", "slow", "--skip", "at_once")
    with Recorder() as receiver:
        done = call("sandbox", "--fire", receiver.url, "--json", *JSON, *words, *few)
    head = receiver.requests[0].decode("latin-1").lower().partition("\r\n\r\n")[0]
    named = [line.split(": ") for line in head.split("\r\n")[1:]]
    assert len(dict(named)) == len(named)
    assert dict(named)["host"] == "dlr.example.com"
    assert dict(named)["content-type"] == "text/json"
    assert "without_header" not in {record.get("case") for record in done.records}


@pytest.mark.parametrize("form", ["json", "xml", "form", "query"])
def test_every_request_is_what_it_says(call: Linksms, form: str) -> None:
    with Recorder() as receiver:
        url = receiver.url.replace("//", "//us%65r:p%40ss@") + "?token=a%2Fb"
        call("sandbox", "--fire", url, "--format", form, "--json", "--skip", "beside_slow")
    first = receiver.requests[0].decode("latin-1")
    method = "GET" if form == "query" else "POST"
    assert first.startswith(f"{method} /smscsimplehttp?token=a%2Fb")
    assert "\r\nAuthorization: Basic dXNlcjpwQHNz\r\n" in first
    assert "id=SANDBOX-" in first if form == "query" else "\r\nContent-Type: " in first


def test_after_three_silences_it_goes_on_no_longer(
    call: Linksms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linksms_cli.adapters.sandbox.firing.wire.LONGEST", 0.3)
    with Recorder(silence) as receiver:
        done = call("sandbox", "--fire", receiver.url, "--json", *JSON)
        shown = call("sandbox", "--fire", receiver.url, *JSON).stdout
    assert shown.count("gives no answer even to") == 3
    assert shown.endswith("\n3 failed, 20 not tried\n")
    grades = [each["grade"] for each in done.records[:-1]]
    assert (done.code, grades) == (1, ["failed"] * 3 + ["not_tried"] * 20)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (then_close(b"SSH-2.0-x\r\n"), "an answer that is not HTTP"),
        (then_close(b""), "the connection was closed without an answer"),
        (http(b"", "418 I'm a teapot"), "HTTP 418 instead of 200"),
    ],
)
def test_what_is_no_receiver_is_called_by_what_it_does(
    call: Linksms, answer: Any, reason: str
) -> None:
    with Recorder(answer) as receiver:
        done = call("sandbox", "--fire", receiver.url, "--json", *JSON)
    assert (done.code, done.records[0]["reason"]) == (1, reason)


@pytest.mark.parametrize("as_json", [True, False])
def test_without_a_receiver_it_is_exit_6(call: Linksms, as_json: bool) -> None:
    words = ("--json",) if as_json else ()
    with refusing() as port:
        done = call("sandbox", "--fire", f"http://127.0.0.1:{port}/s3cret", *words)
    message = "the receiver cannot be reached: connection refused"
    hint = "Start the receiver first, and check the URL."
    assert (done.code, done.stdout) == (6, "")
    if as_json:
        error = {"kind": "unreachable", "message": message, "hint": hint, "exit_code": 6}
        assert json.loads(done.stderr) == {"error": error}
    else:
        assert done.stderr == f"error: {message}. {hint}\n"


def test_another_machine_is_asked_about_first(call: Linksms) -> None:
    done = call("sandbox", "--fire", "http://receiver.invalid/s3cret")
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr == (
        "error: --fire posts about 150 reports to a receiver that is not on this machine. If you "
        "mean that, add --yes.\n"
    )
    assert call("sandbox", "--fire", "http://receiver.invalid/", "--yes").code == 6


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--fire", "s3cret"), "--fire is not the URL of a receiver"),
        (("--fire", "http://localhost/", "--port", "1"), "--fire and --port cannot be combined"),
        (("--fire", "http://localhost/", "--header", "s3cret"), "--header is not a header"),
        (("--header", "X: s3cret"), "--header has no effect without --fire"),
        (("--fire", "http://localhost/", "--format", "yaml"), "Invalid value for '--format'"),
    ],
)
def test_wrong_usage_is_exit_2_and_a_line(
    call: Linksms, words: tuple[str, ...], message: str
) -> None:
    failed = call("sandbox", *words)
    assert (failed.code, failed.stdout) == (2, "")
    assert failed.stderr.startswith(f"error: {message}")
    assert "s3cret" not in failed.stderr


def test_a_case_that_does_not_exist_cannot_be_skipped(call: Linksms) -> None:
    with receiving(Good) as url:
        failed = call("sandbox", "--fire", url, "--skip", "gzipped")
    assert (failed.code, failed.stdout) == (2, "")
    assert failed.stderr.startswith("error: there is no case 'gzipped' to skip. There are: deliv")


def test_tls_is_verified_with_a_bundle_of_ones_own(call: Linksms, tmp_path: Any) -> None:
    import trustme

    from tests.loopback import server_context

    authority = trustme.CA()
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    context = server_context(authority.issue_cert("localhost"))
    with Recorder(http(b"OK"), context=context) as receiver:
        url = receiver.url.replace("127.0.0.1", "localhost")
        trusted = {"LINKSMS_CA_BUNDLE": str(bundle)}
        words = ("sandbox", "--fire", url, "--json", *JSON, "--skip", "beside_slow")
        done = call(*words, env=trusted)
        assert done.records[0]["grade"] == "passed"
        refused = call("sandbox", "--fire", url)
    assert refused.code == 6
    assert "its certificate is not trusted" in refused.stderr


def test_a_server_that_ends_in_the_middle_is_told_from_one_that_is_not_there(
    call: Linksms,
) -> None:
    class Once(Good):
        def take(self, body: bytes) -> tuple[int, bytes]:
            assert isinstance(self.server, HTTPServer)
            self.close_connection = True
            self.server.socket.close()
            return super().take(body)

    with receiving(Once) as url:
        done = call("sandbox", "--fire", url, "--json", *JSON)
    grades = [each["grade"] for each in done.records[:-1]]
    assert (done.code, grades) == (1, ["passed"] + ["failed"] * 3 + ["not_tried"] * 19)

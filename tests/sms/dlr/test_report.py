"""The fields of a report get their types."""

import json
from typing import Any

import pytest

from linksms_cli.sms.dlr.formats.fields import UnreadableError
from linksms_cli.sms.dlr.report import Format, Report, has_control, of_fields, remembered
from tests.shapes import CUSTOM, EXPECTED, changed, read, without


@pytest.mark.parametrize(
    ("identity", "message_id", "part"),
    [
        ("abc$0", "abc", 0),
        ("abc$254", "abc", 254),
        ("abc$255", "abc$255", None),
        ("abc$01", "abc$01", None),
        ("abc$-1", "abc$-1", None),
        ("abc$²", "abc$²", None),
        ("$0", "$0", None),
        ("a$b$7", "a$b", 7),
        ("007", "007", None),
        ("aB+/=", "aB+/=", None),
        (7, "7", None),
    ],
)
def test_an_id_is_opaque_but_for_its_part(identity: Any, message_id: str, part: int | None) -> None:
    report = read(body=changed(id=identity))
    assert (report.id, report.message_id, report.part) == (str(identity), message_id, part)


@pytest.mark.parametrize(
    ("came", "given"),
    [
        ("2015-11-19T09:37:35Z", "2015-11-19T09:37:35Z"),
        ("2015-11-19t09:37:35z", "2015-11-19T09:37:35Z"),
        ("2015-11-19 09:37:35.120Z", "2015-11-19T09:37:35.120Z"),
        ("2015-11-19T09:37:35.123456789+05:30", "2015-11-19T04:07:35.123456789Z"),
        ("2016-01-01T00:30:00+01:00", "2015-12-31T23:30:00Z"),
        ("2015-12-31T23:30:00-01:00", "2016-01-01T00:30:00Z"),
        ("2015-11-19T09:37:35", "2015-11-19T09:37:35"),
        ("2015-02-30T09:37:35Z", "2015-02-30T09:37:35Z"),
        ("2015-11-19T09:37:35+24:00", "2015-11-19T09:37:35+24:00"),
        ("2015-11-19T10:37:35+0100", "2015-11-19T09:37:35Z"),
        ("0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00+01:00"),
        ("yesterday", "yesterday"),
        (1447925855, "1447925855"),
        ("", None),
        (None, None),
    ],
)
def test_a_time_is_given_in_utc_or_as_it_came(came: Any, given: str | None) -> None:
    report = read(body=changed(timestamp=came, sentTimestamp=came))
    assert (report.timestamp, report.sent_timestamp) == (given, given)


def test_unknown_fields_are_kept_among_the_custom_parameters() -> None:
    report = read(body=changed(mccmnc="24201", deep={"a": [1, None, True]}))
    assert report.custom_parameters == {"mccmnc": "24201", "deep": {"a": [1, None, True]}} | CUSTOM
    assert report._replace(custom_parameters=CUSTOM) == EXPECTED


@pytest.mark.parametrize(
    ("came", "given"),
    [
        ("3", 3),
        (" 3 ", 3),
        ("three", None),
        (None, None),
        (True, None),
        (10**30, None),
        ([], None),
        *((sign * number, sign * number) for sign in (1, -1) for number in (1, 999_999_999)),
        *((f"{sign}999999999.00", int(f"{sign}999999999")) for sign in ("+", "-", "")),
        *((sign * 10**9, None) for sign in (1, -1)),
        *((f"{sign}1000000000", None) for sign in ("+", "-", "")),
    ],
)
def test_segments_are_a_number_or_unknown(came: Any, given: int | None) -> None:
    assert read(body=changed(segments=came)).segments == given


@pytest.mark.parametrize("came", [{"name": "Ålænd"}, ["Ålænd", 1], True, 1.5])
def test_a_text_that_came_as_something_else_is_written_as_it_came(came: Any) -> None:
    report = read(body=changed(operator=came))
    assert report.operator == json.dumps(came, ensure_ascii=False)


def test_a_report_may_call_its_id_message_id() -> None:
    body = without("id").replace(b"{", b'{"messageId": "a$1", ', 1)
    assert (read(body=body).message_id, read(body=body).part) == ("a", 1)


BARE = Report(
    id="a$1",
    message_id="a",
    part=1,
    result_code=1001,
    operator=None,
    operator_result_code=None,
    segments=None,
    ref_id=None,
    source=None,
    destination=None,
    sent_timestamp=None,
    timestamp=None,
    gate_custom_parameters={},
    custom_parameters={},
    format=Format.JSON,
)


@pytest.mark.parametrize("form", Format)
def test_a_report_needs_an_id_and_a_code(form: Format) -> None:
    fields = {"id": "a$1", "resultCode": 1001}
    assert of_fields(fields, form) == BARE._replace(format=form)
    for lacking in fields:
        with pytest.raises(UnreadableError, match=f"^no {lacking}"):
            of_fields({name: fields[name] for name in fields if name != lacking}, form)


TEXTS = ("operator", "operatorResultCode", "refId", "sentTimestamp", "timestamp")


@pytest.mark.parametrize("form", Format)
def test_the_word_null_is_a_text_in_json_alone(form: Format) -> None:
    word = "null" if form is Format.JSON else None
    custom = {"source": "null", "destination": "null"}
    fields = dict.fromkeys(TEXTS, "null") | custom | {"id": "a$1", "resultCode": 1001}
    assert of_fields(fields, form) == BARE._replace(
        operator=word,
        operator_result_code=word,
        ref_id=word,
        sent_timestamp=word,
        timestamp=word,
        source=word,
        destination=word,
        custom_parameters=custom,
        format=form,
    )
    identity: dict[str, Any] = {"id": "null", "resultCode": 1001}
    if form is Format.JSON:
        assert of_fields(identity, form).id == "null"
    else:
        with pytest.raises(UnreadableError, match=r"^no id"):
            of_fields(identity, form)


@pytest.mark.parametrize(("part", "identity"), [(None, "a"), (0, "a$0"), (7, "a$7")])
def test_what_a_store_remembers_of_a_report(part: int | None, identity: str) -> None:
    assert remembered(
        message_id="a",
        part=part,
        result_code=2104,
        operator_result_code="7",
        timestamp="2026-01-01T00:00:00Z",
        segments=3,
    ) == BARE._replace(
        id=identity,
        part=part,
        result_code=2104,
        operator_result_code="7",
        timestamp="2026-01-01T00:00:00Z",
        segments=3,
        format=None,
    )


def test_no_id_holds_c0_or_delete() -> None:
    found = {code for code in range(0x3000) if has_control(f"a{chr(code)}b")}
    assert found == {*range(0x20), 0x7F}

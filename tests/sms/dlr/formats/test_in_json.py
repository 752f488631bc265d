"""A report in JSON is read in every shape, the guide's invalid examples included."""

import json
from typing import Any

import pytest

from linksms_cli.sms.dlr.formats.fields import MAX_DEPTH, MAX_REPORTS, UnreadableError
from linksms_cli.sms.dlr.formats.in_json import load
from linksms_cli.sms.dlr.formats.in_json import read as found_in
from linksms_cli.sms.dlr.report import Format, Report
from tests.shapes import CUSTOM, DELIVERED, EXPECTED, JSON, NUMBER_ERROR, changed, read


def test_the_guides_delivered_example_is_read_as_printed() -> None:
    assert read(body=DELIVERED) == EXPECTED._replace(
        id="0", message_id="0", part=None, ref_id="0", segments=1
    )


def test_the_guides_number_error_example_is_read_as_printed() -> None:
    custom = {
        "received": "2015-11-19 11:17:37",
        "source": "2333",
        "destination": "+4746910823",
    }
    assert read(body=NUMBER_ERROR) == Report(
        id="0",
        message_id="0",
        part=None,
        result_code=2106,
        operator=None,
        operator_result_code=None,
        segments=1,
        ref_id="0",
        source="2333",
        destination="+4746910823",
        sent_timestamp="2015-11-19T10:17:37Z",
        timestamp="2015-11-19T10:17:37Z",
        gate_custom_parameters={},
        custom_parameters=custom,
        format=Format.JSON,
    )


@pytest.mark.parametrize("body", JSON.values(), ids=JSON)
def test_json_in_every_shape_is_the_same_report(body: bytes) -> None:
    assert read(body=body) == EXPECTED


def test_what_json_can_spell_but_nothing_can_carry_is_made_harmless() -> None:
    body = changed(x=1).replace(
        b'"x": 1',
        b'"x": NaN, "y": [-Infinity, 1e999], "z\\udc00": "\\ud800", "w": "\x00\t", '
        b'"v": [1.5, "\\udfff"]',
    )
    custom = read(body=body).custom_parameters
    assert custom == CUSTOM | {
        "x": "NaN",
        "y": ["-Infinity", "1e999"],
        "z\ufffd": "\ufffd",
        "w": "\x00\t",
        "v": [1.5, "\ufffd"],
    }
    json.dumps(custom, ensure_ascii=False, allow_nan=False).encode()


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (["x", "y"], {"0": "x", "1": "y"}),
        ([{"a": 1}, 5, {"name": "b", "value": 2}], {"a": 1, "1": 5, "b": 2}),
        ([{"key": 5, "value": 1}], {"key": 5, "value": 1}),
        ({"key": "a", "other": 1}, {"key": "a", "other": 1}),
        (5, {"0": 5}),
    ],
)
def test_a_list_of_parameters_keeps_what_is_not_one(came: Any, expected: dict[str, Any]) -> None:
    assert read(body=changed(customParameters=came)).custom_parameters == expected


ONE, TWO = {"id": "a", "resultCode": 1}, {"messageId": "b", "resultCode": 2}


@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"x": inner}])
@pytest.mark.parametrize("beside", [[], [[], {}, "[{"]])
def test_json_stands_within_json_as_deep_as_the_limit(wrap: Any, beside: list[Any]) -> None:
    value: Any = 1
    for _ in range(MAX_DEPTH - 1):
        value = wrap(value)
    written = json.dumps([value, *beside])
    assert load(written) == [value, *beside]
    with pytest.raises(UnreadableError, match="JSON nested too deeply"):
        load(json.dumps([wrap(value), *beside]))


def in_strings(value: Any, times: int) -> Any:
    for _ in range(times):
        value = json.dumps(value)
    return value


@pytest.mark.parametrize("times", [1, 2, 3])
def test_strings_of_json_are_opened_within_one_another(times: int) -> None:
    inside = [in_strings(one, times) for one in (ONE, TWO)]
    assert found_in(json.dumps(inside)) == ([ONE, TWO], 0)
    assert found_in(json.dumps({"x": inside[0], "y": {"z": inside[1]}})) == ([ONE, TWO], 0)


def test_strings_of_json_are_opened_as_often_as_the_limit_says() -> None:
    with pytest.raises(UnreadableError, match="a list of 2 JSON values, none of which is a rep"):
        found_in(json.dumps([in_strings(one, 4) for one in (ONE, TWO)]))
    many = [json.dumps(ONE)] * MAX_REPORTS
    assert found_in(json.dumps(many)) == ([ONE] * MAX_REPORTS, 0)
    with pytest.raises(UnreadableError, match="more than 1000 strings of JSON"):
        found_in(json.dumps([*many, "{}"]))


@pytest.mark.parametrize(
    ("text", "missed"),
    [
        (json.dumps(ONE) + json.dumps(TWO), 0),
        (json.dumps([[ONE, 5], TWO, "x"]), 2),
        (json.dumps([[ONE, 5, 6], {"y": [TWO, {}]}]), 3),
        (json.dumps([ONE, "{oops", TWO]), 1),
        (json.dumps({"tags": ["a", "b"], "reports": [ONE, TWO]}), 0),
    ],
)
def test_what_stands_beside_two_reports_is_counted_where_it_might_be_one(
    text: str, missed: int
) -> None:
    assert found_in(text) == ([ONE, TWO], missed)

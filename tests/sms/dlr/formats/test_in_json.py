"""A report in JSON is read in every shape, the guide's invalid examples included."""

import json

import pytest

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
        b'"x": 1', b'"x": NaN, "y": [-Infinity, 1e999], "z\\udc00": "\\ud800", "w": "\x00\t"'
    )
    custom = read(body=body).custom_parameters
    assert custom == CUSTOM | {
        "x": "NaN",
        "y": ["-Infinity", "1e999"],
        "z\ufffd": "\ufffd",
        "w": "\x00\t",
    }
    json.dumps(custom, ensure_ascii=False, allow_nan=False).encode()

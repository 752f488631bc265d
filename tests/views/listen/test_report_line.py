"""A report's line of JSON, which has to be what everything else writes more slowly."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.output.escapes import encode, safe
from linksms_cli.sms.codes import Certainty, Retry
from linksms_cli.sms.dlr.delivery import Delivery
from linksms_cli.sms.dlr.receiving import ReceivedReport
from linksms_cli.sms.dlr.report import Format, Report
from linksms_cli.sms.outcome import Outcome
from linksms_cli.views.listen.record import as_record
from linksms_cli.views.listen.report_line import as_line
from tests.views.listen.test_paragraph import received

TEXTS = st.text(max_size=80)
MAYBE = st.none() | TEXTS
NUMBERS = st.integers(-(10**9), 10**9)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
PARAMETERS = st.dictionaries(TEXTS, VALUES, max_size=3)
REPORTS = st.builds(
    Report,
    id=TEXTS,
    message_id=TEXTS,
    part=st.none() | st.integers(0, 254),
    result_code=st.sampled_from([1001, 1000, 1010, 2104, 7777]) | NUMBERS,
    operator=MAYBE,
    operator_result_code=MAYBE,
    segments=st.none() | NUMBERS,
    ref_id=MAYBE,
    source=MAYBE,
    destination=MAYBE,
    sent_timestamp=MAYBE,
    timestamp=MAYBE,
    gate_custom_parameters=PARAMETERS,
    custom_parameters=PARAMETERS,
    format=st.none() | st.sampled_from(Format),
)
DELIVERIES = st.builds(
    Delivery,
    outcome=st.sampled_from(Outcome),
    final=st.booleans(),
    delivered=st.sampled_from(Certainty),
    billed=st.sampled_from(Certainty),
    retry=st.sampled_from(Retry),
    result_code=st.none() | NUMBERS,
    parts_expected=st.none() | st.integers(0, 255),
    parts_reported=st.integers(0, 255),
)
EVENTS = st.builds(
    ReceivedReport,
    number=NUMBERS,
    report=REPORTS,
    received_at=st.just("2026-07-01T09:37:36.000Z"),
    remote=st.sampled_from(["127.0.0.1", "::1", ""]),
    duplicate=st.booleans(),
    delivery=DELIVERIES,
)


@given(EVENTS)
def test_it_is_what_any_other_line_would_be(event: ReceivedReport) -> None:
    assert safe(as_line(event)) == encode(as_record(event))


@pytest.mark.parametrize("length", [64, 65, 80])
def test_a_long_text_stands_there_whole(length: int) -> None:
    operator = '"' * length
    assert json.loads(as_line(received(operator=operator)))["operator"] == operator

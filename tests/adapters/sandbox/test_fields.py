"""Whatever is sent to the admin interface is read, or refused in one line."""

import json
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote, quote_plus

from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.adapters.sandbox import fields, request
from linksms_cli.adapters.sandbox.faults import FIELDS, RequestedFault
from linksms_cli.adapters.sandbox.numbers import BEHAVIOURS
from linksms_cli.errors import UsageError

T = TypeVar("T")
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from([*BEHAVIOURS, "20..200", "5m", "9" * 30]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["code", "description", "x"]), inner, max_size=3),
    ),
    max_leaves=6,
)


def outcome(read: Callable[[], T]) -> T | str:
    """What is read, or the line that refuses it."""
    try:
        return read()
    except UsageError as refusal:
        return refusal.message


@given(st.dictionaries(st.sampled_from([*FIELDS, "other"]), VALUES, max_size=4))
def test_any_object_is_a_fault_or_is_refused(given_fields: dict[str, object]) -> None:
    body = json.dumps(given_fields).encode()
    fault = outcome(lambda: RequestedFault.parse(fields.read_object(body, FIELDS)))
    if isinstance(fault, str):
        assert "\n" not in fault
    else:
        assert fault.plan is not None or fault.latency is not None
        json.dumps(fault.asked)


@given(st.binary(max_size=60))
def test_any_body_is_an_object_or_is_refused(body: bytes) -> None:
    read = outcome(lambda: fields.read_object(body, FIELDS))
    if isinstance(read, str):
        assert read.startswith(("the body is not ", "there is no field "))
    else:
        assert set(read) <= set(FIELDS)


@given(st.text("ab&=+%;/äß€😀 ?#", min_size=4, max_size=24), st.booleans())
def test_no_spelling_of_a_password_is_in_the_request_that_is_shown(
    password: str, known_before: bool
) -> None:
    for written in (password, quote(password, safe=""), quote_plus(password), quote(password)):
        before = "Username=u&" if known_before else ""
        raw = f"ServiceId=1&{before}Password={written}&Source=LINK&Userdata=x"
        shown = request.masked(raw)
        # A part that a raw '&' splits off may be as short as any word; longer ones betray it.
        for piece in written.split("&"):
            assert len(piece) < 4 or piece not in shown
        assert shown.endswith("&Source=LINK&Userdata=x")
        headers = (("x-url", f"/?{raw}"), ("host", "h"))
        parsed = request.parse(raw)
        seen = dict(request.without_secrets(headers, parsed, raw))
        assert "&" in written or seen == {"x-url": "***", "host": "h"}

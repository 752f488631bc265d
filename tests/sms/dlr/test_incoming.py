"""An incoming message is known by its fields."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import pytest

from linksms_cli.sms.dlr import incoming, reading
from linksms_cli.sms.dlr.incoming import IncomingMessage
from linksms_cli.sms.dlr.report import Format
from tests.shapes import changed, read

MESSAGE = IncomingMessage(
    message_id="Dcshuhod0PMAAAFQ+/PbnR3x",
    source="+99955501234",
    destination="2333",
    content="STOP & go\n2",
    operator="no.telenor",
    timestamp="2015-11-19T09:37:00Z",
    gate_custom_parameters={},
    custom_parameters={"keyword": "STOP"},
    format=Format.JSON,
)
MESSAGE_FIELDS: dict[str, Any] = {
    "messageId": MESSAGE.message_id,
    "source": MESSAGE.source,
    "destination": MESSAGE.destination,
    "userData": MESSAGE.content,
    "operator": MESSAGE.operator,
    "timestamp": MESSAGE.timestamp,
    "customParameters": {"keyword": "STOP"},
}
MESSAGE_PAIRS = {name: v for name, v in MESSAGE_FIELDS.items() if isinstance(v, str)} | {
    "keyword": "STOP"
}
INCOMING = {
    "userData": (json.dumps(MESSAGE_FIELDS), Format.JSON),
    "content": (json.dumps(MESSAGE_FIELDS).replace("userData", "content"), Format.JSON),
    "id": (json.dumps(MESSAGE_FIELDS).replace("messageId", "id"), Format.JSON),
    "a result code of null": (json.dumps(MESSAGE_FIELDS | {"resultCode": None}), Format.JSON),
    "an empty result code": (json.dumps(MESSAGE_FIELDS | {"resultCode": ""}), Format.JSON),
    "content as an object": (
        json.dumps(MESSAGE_FIELDS | {"userData": {"message": {"text": MESSAGE.content}}}),
        Format.JSON,
    ),
    "in a list": (json.dumps([MESSAGE_FIELDS]), Format.JSON),
    "names in another case": (
        json.dumps({name.upper(): value for name, value in MESSAGE_FIELDS.items()}),
        Format.JSON,
    ),
    "content in another case": (
        json.dumps(MESSAGE_FIELDS).replace("userData", "Content"),
        Format.JSON,
    ),
    "a form": (urlencode(MESSAGE_PAIRS), Format.FORM),
    "a form that forgot to escape": (urlencode(MESSAGE_PAIRS).replace("%2B", "+"), Format.FORM),
    "XML": (
        f"<mo>{''.join(f'<{k}>{escape(v)}</{k}>' for k, v in MESSAGE_PAIRS.items())}</mo>",
        Format.XML,
    ),
}


@pytest.mark.parametrize(("body", "form_"), INCOMING.values(), ids=INCOMING)
def test_an_incoming_message_is_read_as_what_it_is(body: str, form_: Format) -> None:
    assert reading.read(body=body.encode()) == (replace(MESSAGE, format=form_),)


@pytest.mark.parametrize("name", ["userData", "content"])
def test_two_incoming_messages_are_two_beside_what_is_none(name: str) -> None:
    both = [
        json.dumps(MESSAGE_FIELDS | {"messageId": identity}).replace("userData", name)
        for identity in "ab"
    ]
    none = [json.dumps({"destination": "2333"}), json.dumps({name: "Hi"})]
    *messages, rest = reading.read(body=f"[{','.join([*both, *none])}]".encode())
    assert messages == [replace(MESSAGE, message_id=identity) for identity in "ab"]
    assert isinstance(rest, reading.Unreadable)
    assert rest.fault.startswith("2 of 4 in this request")


def test_an_incoming_message_without_an_id_is_not_lost() -> None:
    assert reading.read(body=b"", query="destination=2333&content=STOP&source=%2B99955501234") == (
        replace(
            MESSAGE,
            message_id=None,
            content="STOP",
            operator=None,
            timestamp=None,
            custom_parameters={},
            format=Format.QUERY,
        ),
    )


def test_a_report_that_holds_a_text_is_a_report() -> None:
    assert read(body=changed(content="Hello", destination="+99955501234")).result_code == 1001


@pytest.mark.parametrize("form", Format)
def test_what_somebody_wrote_is_kept_though_it_says_null(form: Format) -> None:
    word = "null" if form is Format.JSON else None
    texts = ("messageId", "operator", "timestamp", "source", "destination", "content")
    assert incoming.of_fields(dict.fromkeys(texts, "null"), form) == IncomingMessage(
        message_id=word,
        source=word,
        destination=word,
        content="null",
        operator=word,
        timestamp=word,
        gate_custom_parameters={},
        custom_parameters={},
        format=form,
    )


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("", ""),
        (None, ""),
        ({"body": "Hi"}, "Hi"),
        ({"text": {"body": "Hi"}}, "Hi"),
        ({"other": 1}, '{"other": 1}'),
        (7, "7"),
    ],
)
def test_the_text_is_found_inside_what_other_channels_send(content: Any, text: str) -> None:
    assert incoming.of_fields({"content": content}, Format.JSON).content == text


def test_the_parameters_of_the_gate_are_kept_apart() -> None:
    fields: dict[str, Any] = {"content": "Hi", "gateCustomParameters": {"a": 1}}
    assert incoming.of_fields(fields, Format.JSON).gate_custom_parameters == {"a": 1}

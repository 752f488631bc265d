"""An incoming message (MO): what somebody sent to a number of yours, as LINK calls it back.

The guide leaves it to another document. Such callbacks have been seen with `messageId`, `source`,
`destination`, and the text as `content` or `userData`. They have no result code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linksms_cli.sms.dlr.formats import values
from linksms_cli.sms.dlr.formats.fields import GATE_PARAMETERS, PARAMETERS, Fields
from linksms_cli.sms.dlr.report import Format


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMessage:
    """One incoming message, from `source` to `destination`, which is a number of yours.

    `message_id` is what `--reference-id` takes to answer a premium message. `timestamp` is RFC 3339
    in UTC; what is not RFC 3339 stays as it came. Other fields are among the custom parameters.
    """

    message_id: str | None
    source: str | None
    destination: str | None
    content: str
    operator: str | None
    timestamp: str | None
    gate_custom_parameters: Mapping[str, Any]
    custom_parameters: Mapping[str, Any]
    format: Format


def is_incoming(fields: Fields) -> bool:
    """Return whether these fields are an incoming message."""
    return (
        fields.get("resultCode") in (None, "")
        and "destination" in fields
        and ("content" in fields or "userData" in fields)
    )


def of_fields(fields: Fields, form: Format) -> IncomingMessage:
    """Return the message that these fields make. Unknown fields join the custom parameters."""
    null = form is not Format.JSON
    message_id = fields.pop("messageId" if "messageId" in fields else "id", None)
    content = fields.pop("content" if "content" in fields else "userData", None)
    operator, timestamp, source, destination = (
        values.text(fields.pop(name, None), null=null)
        for name in ("operator", "timestamp", "source", "destination")
    )
    fields.pop("resultCode", None)
    gate = fields.pop(GATE_PARAMETERS, {})
    parameters = fields.pop(PARAMETERS, {})
    return IncomingMessage(
        message_id=values.text(message_id, null=null),
        source=source,
        destination=destination,
        content=_text(content),
        operator=operator,
        timestamp=values.time(timestamp),
        gate_custom_parameters=gate,
        custom_parameters=fields | parameters,
        format=form,
    )


def _text(content: Any) -> str:
    """Return the text: the content itself, or the text inside it, as in LINK's other channels."""
    for name in ("message", "text", "body"):
        if isinstance(content, dict) and isinstance(content.get(name), str | dict):
            content = content[name]
    return values.text(content, null=False) or ""

"""A delivery report: what LINK calls back with. Guide, chapter "Delivery Reports"."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from linksms_cli.sms.dlr.formats import values
from linksms_cli.sms.dlr.formats.fields import GATE_PARAMETERS, PARAMETERS, Fields, UnreadableError


class Format(StrEnum):
    """How a report was written."""

    JSON = "json"
    XML = "xml"
    FORM = "form"
    QUERY = "query"


class Report(NamedTuple):
    """One delivery report.

    `id` is as it came; if the message has several parts it is `message_id$part`, and without a part
    it speaks for the whole message. Times are RFC 3339 in UTC; what is not RFC 3339 stays as it
    came. Fields that the guide does not know are among the custom parameters. `format` is None if
    the report's bytes can no longer be read (`remembered`).
    """

    id: str
    message_id: str
    part: int | None
    result_code: int
    operator: str | None
    operator_result_code: str | None
    segments: int | None
    ref_id: str | None
    source: str | None
    destination: str | None
    sent_timestamp: str | None
    timestamp: str | None
    gate_custom_parameters: Mapping[str, Any]
    custom_parameters: Mapping[str, Any]
    format: Format | None


# The ordinal of a part, counted from 0 (guide: `abc123$0`). A message has at most 255: the header
# that joins parts counts them in one octet (3GPP TS 23.040, 9.2.3.24.1).
_PART = re.compile(r"(.+)\$(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-4])", re.ASCII | re.DOTALL)


def split_id(report_id: str) -> tuple[str, int | None]:
    """Return the id of the message and the part that a report's id names, None for all parts."""
    found = _PART.fullmatch(report_id)
    return (found[1], int(found[2])) if found else (report_id, None)


_CONTROL = re.compile("[\x00-\x1f\x7f]")


def has_control(identity: str) -> bool:
    """Return whether an id holds control characters, which no id has."""
    return _CONTROL.search(identity) is not None


def of_fields(fields: Fields, form: Format) -> Report:
    """Return the report that these fields make. Unknown fields join the custom parameters.

    Raises UnreadableError.
    """
    null = form is not Format.JSON
    # LINK's sibling interfaces say messageId, in their reports too.
    identity = values.text(fields.pop("id" if "id" in fields else "messageId", None), null=null)
    if identity is None or not identity.strip():
        raise UnreadableError("no id")
    if has_control(identity):
        raise UnreadableError("an id with control characters")
    code = values.integer(fields.pop("resultCode", None))
    if code is None:
        raise UnreadableError("no resultCode, or one that is not a number")
    message_id, part = split_id(identity)
    operator, operator_code, ref_id, sent, reported = (
        values.text(fields.pop(name, None), null=null)
        for name in ("operator", "operatorResultCode", "refId", "sentTimestamp", "timestamp")
    )
    segments = values.integer(fields.pop("segments", None))
    gate = fields.pop(GATE_PARAMETERS, {})
    parameters = fields.pop(PARAMETERS, {})
    custom = fields | parameters
    named = {name.lower(): value for name, value in custom.items()}
    return Report(
        id=identity,
        message_id=message_id,
        part=part,
        result_code=code,
        operator=operator,
        operator_result_code=operator_code,
        segments=segments,
        ref_id=ref_id,
        source=values.text(named.get("source"), null=null),
        destination=values.text(named.get("destination"), null=null),
        sent_timestamp=values.time(sent),
        timestamp=values.time(reported),
        gate_custom_parameters=gate,
        custom_parameters=custom,
        format=form,
    )


def remembered(
    *,
    message_id: str,
    part: int | None,
    result_code: int,
    operator_result_code: str | None,
    timestamp: str | None,
    segments: int | None,
) -> Report:
    """Return what a store remembers of a report apart from its bytes."""
    return Report(
        id=message_id if part is None else f"{message_id}${part}",
        message_id=message_id,
        part=part,
        result_code=result_code,
        operator=None,
        operator_result_code=operator_result_code,
        segments=segments,
        ref_id=None,
        source=None,
        destination=None,
        sent_timestamp=None,
        timestamp=timestamp,
        gate_custom_parameters={},
        custom_parameters={},
        format=None,
    )

"""What a pasted text holds, as it is shown: explained like a message of the store, and its code."""

from collections.abc import Sequence

from linksms_cli.sms import codes
from linksms_cli.sms.codes import ResultCode
from linksms_cli.sms.dlr.incoming import IncomingMessage
from linksms_cli.sms.pasted.explaining import Explained
from linksms_cli.sms.story import Story
from linksms_cli.views import code as code_view
from linksms_cli.views import incoming as incoming_view
from linksms_cli.views.layout import Tone, paint
from linksms_cli.views.status import page, record


def as_record(one: Explained) -> dict[str, object]:
    """Return one JSON object: what `code` says of the result code, and `status` of the message.

    An incoming message has no code, and is the object that `listen` makes of it.
    """
    if isinstance(one, ResultCode):
        return code_view.as_record(one)
    if isinstance(one, IncomingMessage):
        return {"event": "incoming", **incoming_view.as_record(one)}
    told = record.as_record(one)
    del told["handle"]  # no store has it
    if one.result_code is not None:
        told = code_view.as_record(codes.explain(one.result_code)) | told
    # A pasted text does not say when anything was received.
    return told | {"updated_at": one.updated_at or None}


def as_text(explained: Sequence[Explained], width: int) -> str:
    """Return a page for each, within `width` columns."""
    return "\n\n".join(_page(one, width) for one in explained)


def _page(one: Explained, width: int) -> str:
    if isinstance(one, ResultCode):
        return code_view.as_text([one], width)
    if isinstance(one, Story):
        return page.as_text(one, width, is_stored=False)
    head = f"{paint('an incoming message', Tone.STRONG)}: it has no result code"
    lines = incoming_view.as_lines(one, duplicate=False, width=width - 2)
    return "\n".join([head, *(f"  {line}" for line in lines)])

"""An incoming message as it is shown, wherever it was met."""

from linksms_cli.sms.dlr.incoming import IncomingMessage
from linksms_cli.sms.text.decoding import visible
from linksms_cli.views.layout import Tone, indented

# Characters of a text that are shown: more than an SMS of any length has.
_LONGEST = 2000


def as_record(message: IncomingMessage) -> dict[str, object]:
    """Return what every record of an incoming message says of it."""
    return {
        "message_id": message.message_id,
        "source": message.source,
        "destination": message.destination,
        "content": message.content,
        "operator": message.operator,
        "timestamp": message.timestamp,
        "gate_custom_parameters": message.gate_custom_parameters,
        "custom_parameters": message.custom_parameters,
        "format": message.format,
    }


def as_lines(message: IncomingMessage, duplicate: bool, width: int) -> list[str]:
    """Return from whom it came to which number, what it says, and its id, in lines."""
    numbers = f"{message.source or 'an unknown sender'} to {message.destination or '?'}"
    lines = ["  ".join(map(visible, filter(None, [numbers, message.operator])))]
    for line in message.content[:_LONGEST].splitlines():
        lines += indented(line, 0, None, width) or [""]
    words = [message.message_id or "no id"] + ["came before"] * duplicate
    return lines + indented(", ".join(words), 0, Tone.QUIET, width)

"""Print what a receiver tells, as it comes or from the store."""

from collections.abc import Sequence

from linksms_cli.output import Output
from linksms_cli.output.escapes import encode, safe
from linksms_cli.sms.dlr.receiving import (
    ReceivedReport,
    ReceiverEvent,
    ReceiverStopped,
    ReceiverTrouble,
)
from linksms_cli.views.listen import paragraph
from linksms_cli.views.listen.record import as_record
from linksms_cli.views.listen.report_line import as_line


def show(together: Sequence[ReceiverEvent], out: Output) -> None:
    """Print events: results on stdout, what is said to a person on stderr."""
    if out.json:
        out.lines(
            safe(as_line(event)) if isinstance(event, ReceivedReport) else encode(as_record(event))
            for event in together
            if not isinstance(event, ReceiverTrouble)
        )
    for event in together:
        match event:
            case ReceiverTrouble(message=message):
                out.warning(message)
            case ReceiverStopped():
                out.hint(paragraph.ending(event))
            case _ if not out.json:
                out.text(paragraph.as_text(event, out.width))

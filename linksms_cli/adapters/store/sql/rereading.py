"""Stored callbacks read again, from the bytes that came in."""

import json

from linksms_cli.adapters.store.sql.connection import Row
from linksms_cli.sms.dlr import report
from linksms_cli.sms.dlr.incoming import IncomingMessage
from linksms_cli.sms.dlr.packing import TooLargeError
from linksms_cli.sms.dlr.reading import Content, Unreadable, read_callback
from linksms_cli.sms.dlr.report import Report

# Callbacks, each with the bytes that it is in: those of the first that came in the same request.
CALLBACKS = """
    SELECT callback.id, callback.received_at, callback.remote, callback.method, callback.fault,
        callback.place, callback.incoming, callback.message_id, callback.part,
        callback.result_code, callback.operator_result_code, callback.timestamp,
        callback.segments, callback.duplicate, callback.tally, raw.query, raw.headers, raw.body
    FROM callback LEFT JOIN callback AS raw ON raw.id = callback.id - callback.place
"""
_GONE = Unreadable(fault="its bytes are no longer in the store")
_CHANGED = Unreadable(fault="this version of linksms reads something else from its bytes")


class Rereader:
    """Reads rows of CALLBACKS; those of one request that follow one another are read once."""

    def __init__(self) -> None:
        self._request: int | None = None
        self._contents: tuple[Content, ...] = ()

    def content(self, row: Row) -> Content:
        """Return what a callback holds.

        Unreadable where another version of this program read more, or where its bytes are damaged.
        """
        if row["fault"] is not None:
            return Unreadable(fault=row["fault"])
        if row["body"] is None:
            return _GONE
        request = row["id"] - row["place"]
        if request != self._request:
            self._request, self._contents = request, _read(row)
        if isinstance(self._contents[0], Unreadable):
            return self._contents[0]
        if row["place"] < len(self._contents):
            content: Content = self._contents[row["place"]]
            if isinstance(content, Unreadable) or _is_known(content, row):
                return content
        return _CHANGED

    def report(self, row: Row) -> Report:
        """Return a report, or what the store remembers of it where its bytes cannot be read."""
        content = self.content(row)
        return content if isinstance(content, Report) else _remembered(row)


def _read(row: Row) -> tuple[Content, ...]:
    try:
        headers = json.loads(row["headers"])
        return read_callback(
            body=row["body"], query=row["query"], content_type=headers.get("content-type")
        )
    except TooLargeError:
        return (Unreadable(fault="it unpacks to more than this version of linksms reads"),)
    except (ValueError, TypeError, AttributeError):
        return (Unreadable(fault="its bytes or headers are damaged in the store"),)


def _is_known(content: Content, row: Row) -> bool:
    """Return whether this is what the row was written for."""
    match content:
        case Report():
            read = (content.message_id, content.part, content.result_code)
            return read == (row["message_id"], row["part"], row["result_code"])
        case IncomingMessage():
            return bool((content.message_id or "") == row["incoming"])
    return False


def _remembered(row: Row) -> Report:
    return report.remembered(
        message_id=row["message_id"],
        part=row["part"],
        result_code=row["result_code"],
        operator_result_code=row["operator_result_code"],
        timestamp=row["timestamp"],
        segments=row["segments"],
    )

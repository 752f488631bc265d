"""A request that a receiver has stored, as it came."""

from base64 import b64encode
from typing import Any

from linksms_cli.sms.dlr.receiving import Callback
from linksms_cli.sms.text.decoding import visible
from linksms_cli.views.layout import counted


def as_record(number: int, request: Callback) -> dict[str, Any]:
    """Return the JSON object of a request; its body is in Base64, since JSON has no bytes."""
    return {
        "number": number,
        "received_at": request.received_at,
        "remote": request.remote,
        "method": request.method,
        "query": request.query,
        "headers": dict(request.headers),
        "body_base64": b64encode(request.body).decode(),
    }


def about(request: Callback) -> str:
    """Say where a request came from, and what it says of itself."""
    size = counted(len(request.body), "byte") if request.body else "no body"
    query = f", query {visible(request.query)}" if request.query and request.body else ""
    lines = [
        f"{request.method} from {visible(request.remote)} at {request.received_at}, {size}{query}",
        *(f"{name}: {visible(value)}" for name, value in request.headers),
    ]
    return "\n".join(lines)


def as_text(request: Callback) -> str:
    """Return what came as a terminal may see it: each byte that is not text as an escape."""
    lines = request.octets.decode("utf-8", "backslashreplace").split("\n")
    return "\n".join(map(visible, lines))

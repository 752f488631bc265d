"""Reports as the gateway posts them, by a client that shares nothing with the receiver."""

import asyncio
import http.client
import json
import ssl
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from linksms_cli.adapters.store import Store
from linksms_cli.sms.dlr.reading import read_callback
from linksms_cli.sms.dlr.receiving import Callback
from linksms_cli.sms.dlr.report import Report
from linksms_cli.sms.timestamp import rfc3339

REPORT: dict[str, Any] = {
    "refId": None,
    "id": "Dcshuhod0PMAAAFQ+/PbnR3x==",
    "operator": "no.telenor",
    "sentTimestamp": "2026-07-01T09:37:35Z",
    "timestamp": "2026-07-01T09:37:36Z",
    "resultCode": 1001,
    "operatorResultCode": "2",
    "segments": 1,
    "gateCustomParameters": {},
    "customParameters": {"source": "2333", "destination": "+99955501234"},
}


INCOMING = (
    b'{"messageId": "mo1", "source": "+99955501234", "destination": "2333", "content": "STOP"}'
)


def report(**changes: Any) -> bytes:
    return json.dumps(REPORT | changes).encode()


def parsed(**changes: Any) -> Report:
    """Return that report as it is read."""
    (read,) = read_callback(body=report(**changes), query="", content_type=None)
    assert isinstance(read, Report)
    return read


def keep(store: Store, *bodies: bytes) -> None:
    """Store callbacks as a receiver does, all of them now."""
    batch = [
        Callback(
            received_at=rfc3339(datetime.now(UTC)),
            remote="127.0.0.1",
            method="POST",
            query="",
            headers=(),
            body=body,
            contents=read_callback(body=body, query="", content_type=None),
        )
        for body in bodies
    ]
    with closing(store.inbox()) as inbox:
        asyncio.run(inbox.store(batch))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    body: bytes
    headers: dict[str, str] = field(compare=False)


def request(
    url: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    method: str | None = None,
    timeout: float = 30,
    tls: ssl.SSLContext | None = None,
) -> Answer:
    parts = urlsplit(url)
    assert parts.hostname is not None
    address = parts.hostname, parts.port
    connection = (
        http.client.HTTPSConnection(*address, timeout=timeout, context=tls)
        if tls
        else http.client.HTTPConnection(*address, timeout=timeout)
    )
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(
            method or ("GET" if body is None else "POST"), target, body, dict(headers or {})
        )
        response = connection.getresponse()
        return Answer(
            status=response.status, body=response.read(), headers=dict(response.getheaders())
        )
    finally:
        connection.close()

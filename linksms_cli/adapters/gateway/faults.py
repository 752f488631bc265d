"""Which fault an exception on the way to an answer stands for, in words that hold no secret.

Their texts may hold URLs, so only their classes, error numbers and TLS reasons are read.
"""

import http.client
import os
import socket
import ssl
import zlib
from datetime import UTC, datetime
from typing import Any

from linksms_cli.adapters.gateway import body
from linksms_cli.adapters.gateway.responses import TwoLengthsError
from linksms_cli.adapters.gateway.way import ProxyUnreachableError, TunnelRefusedError
from linksms_cli.adapters.http.failures import causes
from linksms_cli.sms.mt.exchange import Fault

# OpenSSL's reasons to refuse a certificate that is not valid yet, or no longer.
_BY_THE_CLOCK = {9, 10}


def fault_of(failure: BaseException) -> dict[str, Any]:
    """Return the fields of an exchange that an exception stands for."""
    if isinstance(failure, TunnelRefusedError):
        # The proxy's own status counts only where it asks for credentials of its own.
        status = 407 if failure.status == 407 else None
        detail = f"the proxy refused to connect (HTTP {failure.status})"
        return {"fault": Fault.PROXY, "detail": detail, "status": status}
    proxy = isinstance(failure, ProxyUnreachableError)
    for cause in reversed(list(causes(failure))):
        found = _on_the_way(cause) or _in_the_answer(cause)
        if found:
            fault, detail = found
            if proxy and fault in {Fault.NAME, Fault.CONNECTION, Fault.TIMEOUT}:
                fault, detail = Fault.PROXY, f"the proxy cannot be reached: {detail}"
            return {"fault": fault, "detail": detail}
    unforeseen = f"an unexpected failure ({type(failure).__name__})"
    return {"fault": Fault.UNREADABLE, "detail": unforeseen}


def _on_the_way(cause: BaseException) -> tuple[Fault, str] | None:  # noqa: PLR0911 - a table in code
    match cause:
        case socket.gaierror():
            return Fault.NAME, "the host's name has no address"
        case ssl.SSLCertVerificationError():
            why = cause.verify_message
            if cause.verify_code in _BY_THE_CLOCK:
                why += f"; this machine's clock says {datetime.now(UTC):%Y-%m-%d}"
            return Fault.TLS, f"the certificate is not trusted ({why})"
        case ssl.SSLError():
            reason = str(cause.reason or "handshake failed").replace("_", " ").lower()
            return Fault.TLS, f"TLS: {reason}"
        case TimeoutError():
            return Fault.TIMEOUT, "timed out"
        case http.client.RemoteDisconnected():
            return Fault.CONNECTION, "the server closed the connection without an answer"
        case OSError(errno=int() as number):
            return Fault.CONNECTION, os.strerror(number).lower()
        case _:
            return None


def _in_the_answer(cause: BaseException) -> tuple[Fault, str] | None:
    match cause:
        case body.CutOffError() | http.client.IncompleteRead():
            return Fault.CUT, "the answer was cut off"
        case body.TooLongError():
            return Fault.TOO_LONG, f"an answer above {body.LONGEST} octets"
        case zlib.error():
            return Fault.UNREADABLE, "an answer that cannot be decompressed"
        case TwoLengthsError():
            return Fault.UNREADABLE, "an answer with two lengths"
        case http.client.HTTPException():
            return Fault.UNREADABLE, "an answer that is not HTTP"
        case _:
            return None

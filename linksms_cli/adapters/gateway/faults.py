"""Which fault an exception on the way to an answer stands for, in words that hold no secret.

Their texts may hold URLs, so only their classes, error numbers and TLS reasons are read.
"""

import os
import socket
import zlib
from datetime import UTC, datetime
from typing import Any

from linksms_cli.adapters.gateway.body import LONGEST, TooLongError
from linksms_cli.adapters.gateway.incoming import CutOffError, NotHttpError
from linksms_cli.adapters.gateway.responses import NoAnswerError, TwoLengthsError
from linksms_cli.adapters.gateway.way import ProxyUnreachableError, TunnelRefusedError
from linksms_cli.sms.mt.exchange import Fault

# OpenSSL's reasons to refuse a certificate that is not valid yet, or no longer.
_BY_THE_CLOCK = {9, 10}


def fault_of(failure: BaseException) -> dict[str, Any]:
    """Return the fields of an exchange that an exception stands for."""
    match failure:
        case TunnelRefusedError(status=status):
            # The proxy's own status counts only where it asks for credentials of its own.
            detail = f"the proxy refused to connect (HTTP {status})"
            kept = status if status == 407 else None
            return {"fault": Fault.PROXY, "detail": detail, "status": kept}
        case ProxyUnreachableError(__cause__=BaseException() as cause):
            fault, detail = _fault(cause)
            if fault in {Fault.NAME, Fault.CONNECTION, Fault.TIMEOUT}:
                fault, detail = Fault.PROXY, f"the proxy cannot be reached: {detail}"
        case _:
            fault, detail = _fault(failure)
    return {"fault": fault, "detail": detail}


def _fault(failure: BaseException) -> tuple[Fault, str]:
    found = _of_tls(failure) or _on_the_way(failure) or _in_the_answer(failure)
    return found or (Fault.UNREADABLE, f"an unexpected failure ({type(failure).__name__})")


def _of_tls(failure: BaseException) -> tuple[Fault, str] | None:
    if type(failure).__module__ != "ssl":
        return None
    import ssl  # whose exception it is, so it is loaded

    match failure:
        case ssl.SSLCertVerificationError():
            why = failure.verify_message
            if failure.verify_code in _BY_THE_CLOCK:
                why += f"; this machine's clock says {datetime.now(UTC):%Y-%m-%d}"
            return Fault.TLS, f"the certificate is not trusted ({why})"
        case ssl.SSLError():
            reason = str(failure.reason or "handshake failed").replace("_", " ").lower()
            return Fault.TLS, f"TLS: {reason}"
        case _:
            return None


def _on_the_way(failure: BaseException) -> tuple[Fault, str] | None:
    match failure:
        case socket.gaierror():
            return Fault.NAME, "the host's name has no address"
        case TimeoutError():
            return Fault.TIMEOUT, "timed out"
        case NoAnswerError():
            return Fault.CONNECTION, "the server closed the connection without an answer"
        case OSError(errno=int() as number):
            return Fault.CONNECTION, os.strerror(number).lower()
        case _:
            return None


def _in_the_answer(failure: BaseException) -> tuple[Fault, str] | None:
    match failure:
        case CutOffError():
            return Fault.CUT, "the answer was cut off"
        case TooLongError():
            return Fault.TOO_LONG, f"an answer above {LONGEST} octets"
        case zlib.error():
            return Fault.UNREADABLE, "an answer that cannot be decompressed"
        case TwoLengthsError():
            return Fault.UNREADABLE, "an answer with two lengths"
        case NotHttpError():
            return Fault.UNREADABLE, "an answer that is not HTTP"
        case _:
            return None

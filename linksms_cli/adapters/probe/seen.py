"""What a connection showed: TLS, certificate and date, and why it ended where it did."""

import os
import re
import ssl
from email.utils import parsedate_to_datetime
from typing import Any

from linksms_cli.sms.check.steps import Certificate, Handshake, StepTrouble, Stop

_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([0-9]{3})")


class TunnelError(OSError):
    """The proxy made no tunnel, and `stop` says why."""

    def __init__(self, stop: Stop) -> None:
        super().__init__()
        self.stop = stop


def undemanding(*, wide: bool) -> ssl.SSLContext:
    """Return a context to look with, over which nothing is ever sent: it verifies nothing.

    With `wide` it speaks whatever OpenSSL still can, to name what an old server speaks.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if wide:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def shown(tls: ssl.SSLSocket) -> Handshake:
    """Return what a TLS connection says of itself."""
    cipher = tls.cipher()
    return Handshake(
        version=tls.version(),
        cipher=cipher[0] if cipher else None,
        certificate=_certificate(tls),
    )


def _certificate(tls: ssl.SSLSocket) -> Certificate | None:
    """Return what the certificate says; None where the system verified it, and not OpenSSL."""
    said = tls.getpeercert()
    if not said or "notAfter" not in said:
        return None
    pairs: Any = said.get("issuer", ())  # a tuple of tuples of pairs
    issuer = {key: value for group in pairs for key, value in group}
    name = issuer.get("organizationName") or issuer.get("commonName") or "an unnamed authority"
    return Certificate(issuer=name, expires=ssl.cert_time_to_seconds(str(said["notAfter"])))


def date_of(text: str | None) -> float | None:
    """Return a Date header in seconds since 1970; None where there is none that can be read."""
    if text is None:
        return None
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None


def refusal_of(head: bytes) -> Stop | None:
    """Return why a proxy that answered CONNECT with this made no tunnel; None if it did."""
    if not head:
        return Stop(trouble=StepTrouble.NO_TUNNEL, detail=StepTrouble.CUT.value)
    line = _STATUS_LINE.match(head)
    if line is None:
        return Stop(trouble=StepTrouble.NO_TUNNEL, detail="its answer is not HTTP")
    status = line[1].decode()
    if status.startswith("2"):
        return None
    trouble = StepTrouble.PROXY_LOGIN if status == "407" else StepTrouble.TUNNEL
    return Stop(trouble=trouble, detail=f"HTTP {status}")


def stop_of(failure: BaseException) -> Stop:  # noqa: PLR0911 - a table in code
    """Return the trouble that an exception of sockets, TLS or HTTP stands for."""
    match failure:
        case TimeoutError():
            return Stop(trouble=StepTrouble.TIMEOUT)
        case ConnectionRefusedError():
            return Stop(trouble=StepTrouble.REFUSED)
        case ssl.SSLCertVerificationError():
            return Stop(
                trouble=StepTrouble.CERTIFICATE,
                detail=str(failure.verify_message).rstrip("."),
                certificate_code=getattr(failure, "verify_code", None),
            )
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError() | ConnectionResetError():
            return Stop(trouble=StepTrouble.CUT)
        case ssl.SSLError():
            reason = str(failure.reason or "handshake failed").replace("_", " ").lower()
            return Stop(trouble=StepTrouble.NO_TLS, detail=reason)
        case TunnelError():
            return failure.stop
        case OSError(errno=int() as number):
            return Stop(trouble=StepTrouble.UNREACHABLE, detail=os.strerror(number).lower())
        case _:
            return Stop(trouble=StepTrouble.CUT)

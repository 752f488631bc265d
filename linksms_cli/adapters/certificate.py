"""A server's certificate, loaded from files and looked at before any client looks at it."""

import ssl
from contextlib import suppress
from typing import NamedTuple

from linksms_cli.errors import ConfigurationError
from linksms_cli.sms.certificate import CertificateFacts, CertificateFiles

# What clients of the last ten years speak, with forward secrecy: of TLS 1.2 only this, of TLS 1.3
# all. Both hold whatever the guide's Appendix 2 names and has not removed.
_CIPHERS_OF_TLS_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20"
# X509_V_FLAG_NO_CHECK_TIME: when it is valid is looked at apart from whether it is trusted.
_WHENEVER = 0x200000
# Rounds that a handshake takes at most.
_ROUNDS = 4


class ServerCertificate(NamedTuple):
    """What a server speaks TLS with, and what is known of the certificate that it shows."""

    context: ssl.SSLContext
    facts: CertificateFacts


def load(files: CertificateFiles, host: str | None = None) -> ServerCertificate:
    """Return a context for TLS 1.2 and 1.3 that shows a certificate, which should be for a host.

    Raises ConfigurationError: a file cannot be read, or the two are not a certificate and its key.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS_OF_TLS_1_2)
    context.set_alpn_protocols(["http/1.1"])
    # To negotiate again costs the client nothing and us a handshake; TLS 1.3 has no such thing.
    context.options |= ssl.OP_NO_RENEGOTIATION
    _take(context, files)
    try:
        return ServerCertificate(context, _facts(context, host))
    except ssl.SSLError as failure:
        raise ConfigurationError(
            f"no client can connect with the certificate {files.certificate}: {_reason(failure)}",
            "Give a certificate for servers, with an RSA or an elliptic-curve key.",
        ) from None


def _take(context: ssl.SSLContext, files: CertificateFiles) -> None:
    asked = []

    def password() -> str:
        asked.append(True)  # without this, OpenSSL would ask at the terminal
        return ""

    try:
        context.load_cert_chain(files.certificate, files.key, password=password)
    except (OSError, ValueError) as failure:  # an SSLError is an OSError
        for name, file, mark in (
            ("certificate", files.certificate, b"BEGIN CERTIFICATE"),
            ("key", files.key, b"PRIVATE KEY"),
        ):
            try:
                content = file.read_bytes()
            except OSError as unread:
                message = f"the {name} {file} cannot be read: {unread.strerror}"
                raise ConfigurationError(message) from None
            if mark not in content:
                message = f"{file} holds no {name} in PEM"
                raise ConfigurationError(message, _HINT) from None
        if asked:
            hint = f"Remove it: openssl pkey -in {files.key} -out NEW"
            message = f"the key {files.key} is protected by a password"
            raise ConfigurationError(message, hint) from None
        if getattr(failure, "reason", None) == "KEY_VALUES_MISMATCH":
            message = f"{files.key} is not the key of the certificate {files.certificate}"
            raise ConfigurationError(message, _HINT) from None
        message = f"{files.certificate} and {files.key} cannot be used: {_reason(failure)}"
        raise ConfigurationError(message, _HINT) from None


_HINT = "Give the certificate with its chain (fullchain.pem), and its key (privkey.pem)."


def _facts(context: ssl.SSLContext, host: str | None) -> CertificateFacts:
    """Look at a certificate with clients of our own, in memory. Raises SSLError if none can."""
    blind = _client()
    blind.verify_mode = ssl.CERT_NONE
    shown = _handshake(context, blind).getpeercert(binary_form=True) or b""
    # That one alone, whoever has signed it: a client that does not verify is not told its dates.
    trusting = _client()
    trusting.load_verify_locations(cadata=shown)
    trusting.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        said = _handshake(context, trusting).getpeercert() or {}
    except ssl.SSLCertVerificationError as failure:  # it is not one for servers, say
        return CertificateFacts(refusal=failure.verify_message)
    return CertificateFacts(
        valid_from=ssl.cert_time_to_seconds(str(said["notBefore"])),
        valid_until=ssl.cert_time_to_seconds(str(said["notAfter"])),
        refusal=_refusal(context, trusting, host),
        distrust=_refusal(context, _like_others(), None),
    )


def _client() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= _WHENEVER
    return context


def _like_others() -> ssl.SSLContext:
    """Return a client that trusts whom this machine trusts."""
    context = _client()
    context.load_default_certs()
    return context


def _refusal(context: ssl.SSLContext, client: ssl.SSLContext, host: str | None) -> str | None:
    """Return why a client refuses the certificate, as that of a host if one is given."""
    client.check_hostname = host is not None
    try:
        _handshake(context, client, host)
    except ssl.SSLCertVerificationError as failure:
        return failure.verify_message.rstrip(".")
    return None


def _handshake(
    server: ssl.SSLContext, client: ssl.SSLContext, host: str | None = None
) -> ssl.SSLObject:
    """Return the client's side of a connection within this process. Raises SSLError."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = server.wrap_bio(up, down, server_side=True)
    theirs = client.wrap_bio(down, up, server_hostname=host)
    for _ in range(_ROUNDS):
        for side in (theirs, ours):
            with suppress(ssl.SSLWantReadError):
                side.do_handshake()
    return theirs


def _reason(failure: Exception) -> str:
    reason = getattr(failure, "reason", None) or "OpenSSL does not say why"
    return str(reason).lower().replace("_", " ")

"""TLS as every connection of this tool uses it."""

from pathlib import Path
from typing import TYPE_CHECKING

from linksms_cli.errors import ConfigurationError

if TYPE_CHECKING:
    import ssl


def tls_context(ca_bundle: str | None) -> "ssl.SSLContext":
    """Return a context that verifies certificate and host name, with TLS 1.2 at least.

    Trusted are the authorities of `ca_bundle` alone, a PEM file or a folder of them; without one,
    those that this system trusts. Ciphers are the library's own choice. The system's store is
    loaded at the first handshake, so a context that is never used costs nothing.

    Raises ConfigurationError: the bundle cannot be read, or holds no certificate.
    """
    import ssl

    if ca_bundle is None:
        import truststore

        context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        _trust(context, ca_bundle)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _trust(context: "ssl.SSLContext", ca_bundle: str) -> None:
    import ssl

    hint = "ca_bundle must be a PEM file of trusted certificate authorities."
    try:
        if Path(ca_bundle).is_dir():
            context.load_verify_locations(capath=ca_bundle)
        else:
            context.load_verify_locations(cafile=ca_bundle)
    except ssl.SSLError:
        raise ConfigurationError(
            f"the CA bundle {ca_bundle} contains no certificate", hint
        ) from None
    except OSError as failure:
        message = f"the CA bundle {ca_bundle} cannot be read: {failure.strerror}"
        raise ConfigurationError(message, hint) from None

"""An authority of the tests' own, and what a server needs to show a certificate of it."""

import ssl
from datetime import datetime
from pathlib import Path

import trustme

from linksms_cli.adapters import certificate
from linksms_cli.sms.certificate import CertificateFiles


class Authority:
    """Issues certificates for 127.0.0.1, into one pair of files after the other."""

    def __init__(self, folder: Path) -> None:
        self._authority = trustme.CA(key_type=trustme.KeyType.ECDSA)
        self.files = CertificateFiles(folder / "fullchain.pem", folder / "privkey.pem")
        self.words = ("--tls-cert", str(self.files.certificate), "--tls-key", str(self.files.key))
        self.bundle = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(self.bundle)
        self.issue()

    def issue(
        self,
        *names: str,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
        key_type: trustme.KeyType = trustme.KeyType.ECDSA,
    ) -> None:
        """Put another pair in the place of the one before."""
        issued = self._authority.issue_cert(
            *(names or ("127.0.0.1",)),
            not_before=not_before,
            not_after=not_after,
            key_type=key_type,
        )
        issued.private_key_pem.write_to_path(self.files.key)
        self.files.certificate.write_bytes(b"".join(one.bytes() for one in issued.cert_chain_pems))

    def context(self) -> ssl.SSLContext:
        """Return what a server shows the certificate with."""
        return certificate.load(self.files).context

    def trusting(self) -> ssl.SSLContext:
        """Return what a client trusts the authority with."""
        return ssl.create_default_context(cafile=str(self.bundle))

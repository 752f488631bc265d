"""What the guide says about TLS, as of its version 5.1 (2025-07-03), Appendix 2."""

from dataclasses import dataclass
from enum import StrEnum

REMOVED_ON = "2025-10-15"

# OpenSSL's name: the guide's (IANA's). TLS 1.3 has one name for both.
_SUPPORTED = {
    "TLSv1.3": {
        name: name
        for name in (
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
        )
    },
    "TLSv1.2": {
        "ECDHE-RSA-AES128-GCM-SHA256": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "ECDHE-RSA-AES256-GCM-SHA384": "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "ECDHE-RSA-CHACHA20-POLY1305": "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    },
}
_REMOVED = {
    "DHE-RSA-AES128-GCM-SHA256": "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
    "DHE-RSA-AES256-GCM-SHA384": "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
    "ECDHE-RSA-AES256-SHA384": "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
    "ECDHE-RSA-AES128-SHA256": "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
    "ECDHE-RSA-AES128-SHA": "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "AES256-SHA256": "TLS_RSA_WITH_AES_256_CBC_SHA256",
    "AES128-SHA256": "TLS_RSA_WITH_AES_128_CBC_SHA256",
}


class TlsStanding(StrEnum):
    """What the guide says about a TLS version with a cipher."""

    RECOMMENDED = "recommended"
    LEGACY = "legacy"
    REMOVED = "removed"
    UNLISTED = "unlisted"
    TOO_OLD = "too old"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A connection's version and cipher in the guide's words, and its standing there."""

    version: str
    cipher: str
    standing: TlsStanding


def judge(version: str, cipher: str) -> Judgement:
    """Judge a connection's TLS version and cipher, both as OpenSSL names them."""
    named = version.replace("TLSv1", "TLS 1") if "." in version else version.replace("v", " ")
    supported = _SUPPORTED.get(version)
    if supported is None:
        name, standing = _REMOVED.get(cipher, cipher), TlsStanding.TOO_OLD
    elif cipher in supported:
        newest = version == "TLSv1.3"
        name = supported[cipher]
        standing = TlsStanding.RECOMMENDED if newest else TlsStanding.LEGACY
    elif cipher in _REMOVED:
        name, standing = _REMOVED[cipher], TlsStanding.REMOVED
    else:
        name, standing = cipher, TlsStanding.UNLISTED
    return Judgement(version=named, cipher=name, standing=standing)

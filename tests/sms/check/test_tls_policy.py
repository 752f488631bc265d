"""The guide's Appendix 2, cipher by cipher, against its numbers and OpenSSL's names."""

import ssl

import pytest

from linksms_cli.sms.check.tls_policy import Judgement, TlsStanding, judge

# Typed from the guide: IANA name and number.
RECOMMENDED = {
    "TLS_AES_128_GCM_SHA256": 0x1301,
    "TLS_AES_256_GCM_SHA384": 0x1302,
    "TLS_CHACHA20_POLY1305_SHA256": 0x1303,
}
LEGACY = {
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": 0xC02F,
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": 0xC030,
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256": 0xCCA8,
}
REMOVED = {
    "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256": 0x9E,
    "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384": 0x9F,
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384": 0xC028,
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256": 0xC027,
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA": 0xC013,
    "TLS_RSA_WITH_AES_256_CBC_SHA256": 0x3D,
    "TLS_RSA_WITH_AES_128_CBC_SHA256": 0x3C,
}


@pytest.fixture(scope="module")
def openssl_names() -> dict[int, str]:
    """OpenSSL's name of each cipher it knows, by its number on the wire."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers("ALL:@SECLEVEL=0")
    return {cipher["id"] & 0xFFFF: cipher["name"] for cipher in context.get_ciphers()}


@pytest.mark.parametrize(
    ("version", "shown", "ciphers", "standing"),
    [
        ("TLSv1.3", "TLS 1.3", RECOMMENDED, TlsStanding.RECOMMENDED),
        ("TLSv1.2", "TLS 1.2", LEGACY, TlsStanding.LEGACY),
        ("TLSv1.2", "TLS 1.2", REMOVED, TlsStanding.REMOVED),
    ],
)
def test_every_cipher_of_the_guide_is_judged_as_it_says(
    openssl_names: dict[int, str],
    version: str,
    shown: str,
    ciphers: dict[str, int],
    standing: TlsStanding,
) -> None:
    for name, number in ciphers.items():
        judged = judge(version, openssl_names[number])
        assert judged == Judgement(version=shown, cipher=name, standing=standing)


@pytest.mark.parametrize(
    ("version", "cipher", "judged"),
    [
        (
            "TLSv1.2",
            "ECDHE-ECDSA-AES128-GCM-SHA256",
            Judgement(
                version="TLS 1.2",
                cipher="ECDHE-ECDSA-AES128-GCM-SHA256",
                standing=TlsStanding.UNLISTED,
            ),
        ),
        (
            "TLSv1",
            "ECDHE-RSA-AES128-SHA",
            Judgement(
                version="TLS 1",
                cipher="TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
                standing=TlsStanding.TOO_OLD,
            ),
        ),
        (
            "SSLv3",
            "X",
            Judgement(version="SSL 3", cipher="X", standing=TlsStanding.TOO_OLD),
        ),
        (
            "TLSv1.1",
            "X",
            Judgement(version="TLS 1.1", cipher="X", standing=TlsStanding.TOO_OLD),
        ),
    ],
)
def test_what_the_guide_does_not_list(version: str, cipher: str, judged: Judgement) -> None:
    assert judge(version, cipher) == judged

"""Signatures of forwarded reports, by the conventions of Standard Webhooks.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hmac
from collections.abc import Sequence

from linksms_cli.sms.value import InvalidValueError

_PREFIX = "whsec_"
# What the specification asks of a key, in octets.
_SHORTEST, _LONGEST = 24, 64


def read_keys(secret: str) -> tuple[bytes, ...]:
    """Return the keys in a secret: one, or several with blanks between them while they change.

    Raises InvalidValueError, which never quotes it.
    """
    keys = tuple(_key(word) for word in secret.split())
    if not keys:
        raise InvalidValueError("is empty")
    return keys


def _key(word: str) -> bytes:
    try:
        key = base64.b64decode(word.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not _SHORTEST <= len(key) <= _LONGEST:
        raise InvalidValueError(
            "is not a signing secret",
            f"Write {_PREFIX} and {_SHORTEST} to {_LONGEST} random bytes in Base64: "
            f"echo {_PREFIX}$(openssl rand -base64 32)",
        )
    return key


def signature(keys: Sequence[bytes], webhook_id: str, timestamp: int, body: bytes) -> str:
    """Return the value of `webhook-signature`: one for each key. `timestamp` is seconds of Unix."""
    content = f"{webhook_id}.{timestamp}.".encode() + body
    signed = (base64.b64encode(hmac.digest(key, content, "sha256")).decode() for key in keys)
    return " ".join(f"v1,{each}" for each in signed)

import base64
import hashlib
import hmac

import pytest

from linksms_cli.sms.forward.signing import read_keys, signature
from linksms_cli.sms.value import InvalidValueError

# The reference libraries test their `sign` with this:
# https://github.com/standard-webhooks/standard-webhooks/tree/main/libraries
SECRET = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, TIMESTAMP, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("secret", [SECRET, f"whsec_{SECRET}", f" whsec_{SECRET}\n"])
def test_the_reference_vector(secret: str) -> None:
    assert signature(read_keys(secret), ID, TIMESTAMP, BODY) == SIGNATURE


def test_a_key_that_is_being_changed_signs_beside_the_next() -> None:
    other = base64.b64encode(bytes(range(32))).decode()
    old, new = signature(read_keys(f"whsec_{SECRET} whsec_{other}"), ID, TIMESTAMP, BODY).split()
    assert old == SIGNATURE
    content = f"{ID}.{TIMESTAMP}.".encode() + BODY
    made = hmac.new(bytes(range(32)), content, hashlib.sha256).digest()
    assert new == f"v1,{base64.b64encode(made).decode()}"


@pytest.mark.parametrize(
    "secret",
    ["", " ", "whsec_", "whsec_c2hvcnQ=", "not base64!", "whsk_abc", f"{SECRET}!", "A" * 88]
    + [base64.b64encode(bytes(length)).decode() for length in (23, 65)],
)
def test_what_is_no_key_is_refused_without_being_repeated(secret: str) -> None:
    with pytest.raises(InvalidValueError) as wrong:
        read_keys(secret)
    assert not secret.strip() or secret.strip() not in f"{wrong.value.problem}"


def test_a_key_may_be_as_long_as_the_specification_allows() -> None:
    longest = bytes(64)
    assert read_keys(base64.b64encode(longest).decode()) == (longest,)

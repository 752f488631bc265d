"""What a once-key is found by: stores hold it, so it never changes."""

from itertools import permutations

from linksms_cli.sms.mt.submission import OnceConflictError, OnceKey

KEY = OnceKey("https://h/x", 7, "invoice-é")


def test_a_key_has_the_digest_that_stores_hold() -> None:
    assert KEY.name == "https://h/x\n7\ninvoice-é"
    assert KEY.digest.hex() == "359cade971b7ae4c97b0c4653aefd7892af945e1c939f441d215f6fffe523f61"


def test_a_key_belongs_to_one_gateway_and_one_service() -> None:
    others = [KEY._replace(base_url="https://h"), KEY._replace(service_id=8), KEY._replace(key="")]
    assert all(one.digest != other.digest for one, other in permutations([KEY, *others], 2))


def test_a_conflict_says_how_many_got_the_other_message() -> None:
    assert OnceConflictError(2).reached == 2

"""What a target gets: the event, or the request as it came with few of its headers."""

from datetime import UTC, datetime

import pytest

from linksms_cli.sms.dlr.reading import Unreadable
from linksms_cli.sms.dlr.receiving import Callback, told
from linksms_cli.sms.forward.due import Due
from linksms_cli.sms.forward.posting import Posting, posting
from linksms_cli.sms.forward.signing import signature
from linksms_cli.sms.forward.target import ForwardAs, Target, shown

NOW = datetime(2026, 11, 27, 12, 0, 0, 900_000, tzinfo=UTC)
STAMP = 1795780800
KEY = bytes(range(32))
LOGIN = {"Authorization": "Basic dTpw"}
WEBHOOK = {"webhook-id": "dlr_1", "webhook-timestamp": str(STAMP)}


def posted(url: str, form: ForwardAs, keys: tuple[bytes, ...] = (), query: str = "a=1") -> Posting:
    headers = (
        ("content-type", "text/xml"),
        ("content-encoding", "gzip"),
        ("authorization", "Basic SECRET"),
        ("webhook-id", "theirs"),
    )
    came = Callback(
        "2026-11-27T11:00:00.000Z",
        "127.0.0.1",
        "PUT",
        query,
        headers,
        b"\xffbody",
        (Unreadable(fault="no"),),
    )
    due = Due(7, "dlr_1", 0, None, came, told(came, came.contents[0], 7))
    target = Target(url=url, form=form, name="h", headers=(("X-Key", "v"),))
    return posting(
        target, due, keys=keys, record=lambda one: {"id": one.number, "é": "\ud800"}, now=NOW
    )


def test_an_event_is_posted_as_json() -> None:
    body = b'{"id": 7, "\xc3\xa9": "\xed\xa0\x80"}'
    assert posted("https://u:p@h/in?x=1", ForwardAs.EVENT) == Posting(
        "POST",
        "https://h/in?x=1",
        body,
        LOGIN | {"Content-Type": "application/json", "X-Key": "v"} | WEBHOOK,
    )


@pytest.mark.parametrize(
    ("url", "query", "leads_to"),
    [
        ("https://u:p@h/in?x=1", "a=1", "https://h/in?x=1&a=1"),
        ("https://u:p@h/in", "a=1", "https://h/in?a=1"),
        ("https://u:p@h/in", "", "https://h/in"),
    ],
)
def test_a_request_is_posted_as_it_came(url: str, query: str, leads_to: str) -> None:
    kept = {"Content-Type": "text/xml", "Content-Encoding": "gzip", "X-Key": "v"}
    assert posted(url, ForwardAs.RAW, query=query) == Posting(
        "PUT", leads_to, b"\xffbody", LOGIN | kept | WEBHOOK
    )


@pytest.mark.parametrize("form", ForwardAs)
def test_what_is_sent_is_what_is_signed(form: ForwardAs) -> None:
    one = posted("https://h/", form, keys=(KEY,))
    assert one.headers["webhook-signature"] == signature([KEY], "dlr_1", STAMP, one.body)


def test_a_target_of_one_url_and_form_is_another_in_each_store() -> None:
    def digest(url: str, form: ForwardAs, secret: bytes) -> bytes:
        return Target(url=url, form=form, name="h").digest(secret)

    digests = {
        digest(url, form, secret)
        for url in ("https://h/a", "https://h/b")
        for form in ForwardAs
        for secret in (b"one", b"other")
    }
    assert len(digests) == 8
    # It stands in stores: another one would forward everything again.
    assert digest("https://h/a", ForwardAs.RAW, b"one").hex().startswith("f0fa747802c9ad4d")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://u:SECRET@h:8443/", "https://h:8443/"),
        ("https://h", "https://h/"),
        ("https://h/SECRET", "https://h/…"),
        ("https://h/?SECRET", "https://h/…"),
    ],
)
def test_of_a_target_its_host_is_shown(url: str, said: str) -> None:
    assert shown(url) == said

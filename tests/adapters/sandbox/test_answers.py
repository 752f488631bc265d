"""Every answer that a test number gives, as a client of the standard library sees it."""

import gzip
import http.client
import re
import time

import pytest

from tests.adapters.sandbox.conftest import Client

# 16, 17 or 18 octets in base64.
MESSAGE_ID = re.compile("[A-Za-z0-9+/]{22}==|[A-Za-z0-9+/]{23}=|[A-Za-z0-9+/]{24}")


def test_a_plain_number_is_queued_and_gets_an_id(client: Client) -> None:
    answered = client.send("+99955501234")
    assert answered.status == 200
    assert answered.headers["content-type"] == "text/plain; charset=utf-8"
    code, description, message_id = answered.fields
    assert (code, description) == ("1005", "Queued")
    assert MESSAGE_ID.fullmatch(message_id)
    assert [message["message_id"] for message in client.messages] == [message_id]


def test_ids_hold_all_that_base64_holds(client: Client) -> None:
    ids = {client.send().fields[2] for _ in range(60)}
    assert len(ids) == 60
    assert all(any(character in each for each in ids) for character in "+/=")


@pytest.mark.parametrize("code", [1000, 1001, 1005, 1007, 1008, 1011, 1012, 1013])
def test_an_acceptance_asked_for_has_an_id(client: Client, code: int) -> None:
    answered = client.send(f"+9991000{code:04}")
    assert int(answered.fields[0]) == code
    assert MESSAGE_ID.fullmatch(answered.fields[2])


@pytest.mark.parametrize(
    ("to", "answer"),
    [
        ("+99910000003", b"3;Maximum throttling exceeded;"),
        ("+99910000103", b"103;Invalid password;"),
        ("+99910001009", b"1009;Billed OK and NOT Delivered;"),
        ("+99910002104", b"2104;Unknown subscriber;"),
        ("+99910007777", b"7777;A code that nobody knows;"),
        ("+99930000009", b"2108;Invalid destination: +99930000009 names no odd report (1 to 8);"),
    ],
)
def test_other_codes_have_none(client: Client, to: str, answer: bytes) -> None:
    assert client.send(to).body == answer


def test_001_is_never_answered(client: Client) -> None:
    with client.submitting("+99920000001") as connection:
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(1)
    (received,) = client.messages
    assert (received["result_code"], received["effect"]) == (None, "never answered")


def test_002_resets_the_connection_after_the_request(client: Client) -> None:
    with client.submitting("+99920000002") as connection, pytest.raises(ConnectionResetError):
        connection.recv(1)
    assert len(client.messages) == 1


def test_003_is_no_answer(client: Client) -> None:
    answered = client.send("+99920000003")
    assert (answered.status, answered.body) == (200, b"The service is taking a break.")


def test_004_is_http_500(client: Client) -> None:
    answered = client.send("+99920000004")
    assert (answered.status, answered.body) == (500, b"500 Internal Server Error\n")


def test_005_is_a_redirect(client: Client) -> None:
    answered = client.send("+99920000005")
    assert (answered.status, answered.headers["location"]) == (302, "/moved")
    assert client.request("GET", "/moved").status == 404


def test_006_is_cut_off(client: Client) -> None:
    with client.submitting("+99920000006") as connection:
        response = http.client.HTTPResponse(connection)
        response.begin()
        with pytest.raises(http.client.IncompleteRead) as failure:
            response.read()
    (received,) = client.messages
    assert received["message_id"] is not None
    whole = f"1005;Queued;{received['message_id']}".encode()
    assert failure.value.partial == whole[: len(whole) // 2]


def test_007_is_html(client: Client) -> None:
    answered = client.send("+99920000007")
    assert answered.headers["content-type"] == "text/html"
    assert answered.body.startswith(b"<!DOCTYPE html>")


def test_008_is_empty(client: Client) -> None:
    answered = client.send("+99920000008")
    assert (answered.status, answered.headers["content-length"], answered.body) == (200, "0", b"")


def test_009_has_no_id(client: Client) -> None:
    assert client.send("+99920000009").body == b"1005;Queued;"
    assert client.messages[0]["message_id"] is not None


def test_010_trickles(client: Client) -> None:
    with client.submitting("+99920000010") as connection:
        begun = time.monotonic()
        received = [connection.recv(1) for _ in range(3)]
        assert b"".join(received) == b"HTT"
        # 40 seconds in all; the first octet comes at once.
        assert time.monotonic() - begun > 0.2


def test_011_is_10_mb(client: Client) -> None:
    body = client.send("+99920000011").body
    assert len(body) == 10 * 1024 * 1024
    assert body.startswith(b"1005;Queued;")


def test_012_is_compressed(client: Client) -> None:
    answered = client.send("+99920000012")
    assert answered.headers["content-encoding"] == "gzip"
    expected = f"1005;Queued;{client.messages[0]['message_id']}"
    assert gzip.decompress(answered.body).decode() == expected


def test_013_has_a_semicolon_in_its_description(client: Client) -> None:
    body = client.send("+99920000013").body.decode()
    assert body == f"1005;Queued; to be sent soon;{client.messages[0]['message_id']}"


@pytest.mark.parametrize(
    ("status", "header"),
    [
        (200, None),
        (301, ("location", "/moved")),
        (401, ("www-authenticate", 'Basic realm="sandbox"')),
        (404, None),
        (405, ("allow", "GET, POST")),
        (407, ("proxy-authenticate", 'Basic realm="sandbox"')),
        (408, None),
        (429, ("retry-after", "1")),
        (503, None),
        (599, None),
        (999, None),
    ],
)
def test_a_status(client: Client, status: int, header: tuple[str, str] | None) -> None:
    answered = client.send(f"+99920000{status}")
    assert answered.status == status
    assert b";" not in answered.body
    assert header is None or answered.headers[header[0]] == header[1]


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body(client: Client, status: int) -> None:
    answered = client.send(f"+99920000{status}")
    assert (answered.status, answered.body) == (status, b"")
    assert "content-length" not in answered.headers


def test_an_interim_status_is_all_that_comes(client: Client) -> None:
    request = f"POST /?{client.query('+99920000103')} HTTP/1.1\r\n\r\n".encode()
    assert client.raw(request).startswith(b"HTTP/1.1 103 Early Hints\r\n")

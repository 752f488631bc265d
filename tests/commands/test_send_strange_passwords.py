"""Passwords of every strange character: the gateway gets them as they are, and nobody else does.

The gateway of these tests is one that repeats what it got, in the spellings that servers use.
"""

import html
import json
from socket import socket
from urllib.parse import parse_qs, quote_plus

import pytest

from tests.conftest import Linksms, account
from tests.loopback import Recorder, http

STRANGE = [
    *map(chr, range(32, 127)),
    *"\xa0\xad\xe9\xff\u0141\u20ac\u200b\u200e\u2028\u202e\u2066\ufeff\ufffd\U0001f511\U0010ffff",
]
# An environment holds no NUL, and what is not UTF-8 as half a surrogate pair.
UNFIT = [*map(chr, range(1, 32)), *"\x7f\x80\x9f\udcff"]


class Parrot(Recorder):
    """Rejects a message and says for whom, with the password as it came and as it was meant."""

    def __init__(self) -> None:
        super().__init__()
        self.passwords: list[str] = []

    def respond(self, connection: socket, request: bytes) -> None:
        query = request.split(b" ")[1].partition(b"?")[2].decode("ascii")
        (password,) = parse_qs(query, strict_parsing=True)["Password"]
        self.passwords.append(password)
        raw = query.partition("Password=")[2].partition("&")[0]
        spelt = (password, raw, quote_plus(password), html.escape(password), json.dumps(password))
        connection.sendall(http(f"2104;not for {' or '.join(spelt)};".encode()))


@pytest.mark.parametrize("form", ["--json", "--verbose"])
def test_a_password_is_sent_as_it_is_and_shown_in_no_spelling(call: Linksms, form: str) -> None:
    words = ("send", "-t", "+99955501234", "-f", "LINK", "--no-store", form, "Hi")
    passwords = [f"Zebra{character}Gnu" for character in STRANGE]
    with Parrot() as gateway:
        for password in passwords:
            done = call(*words, env=account(gateway.url, password=password))
            assert done.code == 5, (password, done)
            for half in ("Zebra", "Gnu"):
                assert half not in done.stdout + done.stderr, (password, done)
    assert gateway.passwords == passwords


@pytest.mark.parametrize("character", UNFIT, ids=ascii)
def test_what_cannot_be_a_password_is_refused_and_not_shown(call: Linksms, character: str) -> None:
    words = ("send", "-t", "+99955501234", "-f", "LINK", "--no-store", "--json", "Hi")
    with Recorder() as gateway:
        done = call(*words, env=account(gateway.url, password=f"Zebra{character}Gnu"))
    assert (done.code, done.stdout, gateway.requests) == (3, "", [])
    assert "LINKSMS_PASSWORD contains a" in done.stderr
    assert "Zebra" not in done.stderr
    assert "Gnu" not in done.stderr

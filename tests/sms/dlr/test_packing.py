"""A body that came compressed is unpacked within its limit, whatever a header says of it."""

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.sms.dlr.formats.fields import UnreadableError
from linksms_cli.sms.dlr.packing import TooLargeError, unpacked
from tests.reporting import report

DELIVERED = report()
PACKED = gzip.compress(DELIVERED)
DAMAGED = PACKED[:20] + b"\xff" * 20


def test_gzip_is_unpacked_whatever_the_headers_say() -> None:
    assert unpacked(gzip.compress(DELIVERED), 1000) == DELIVERED
    assert unpacked(DELIVERED, 1000) == DELIVERED


def check_that_it_is_not_unpacked(bomb: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError):
            unpacked(bomb, 64 * 1024)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1024 * 1024


def test_gzip_has_a_limit() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 64 * 1024
    check_that_it_is_not_unpacked(bomb)
    assert len(unpacked(gzip.compress(b"\0" * 1000), 1000)) == 1000
    with pytest.raises(TooLargeError):
        unpacked(gzip.compress(b"\0" * 1001), 1000)


@pytest.mark.parametrize(
    "body",
    [
        DAMAGED,
        gzip.compress(DELIVERED)[:-1],
        gzip.compress(DELIVERED)[:40],
        b"\x1f\x8b",
        b"\x1f\x8bx",
    ],
    ids=["damaged", "but for its last byte", "its start", "its mark", "its mark and a byte"],
)
def test_gzip_that_is_not_whole_says_so(body: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"gzip body that is (damaged|cut short)"):
        unpacked(body, 1000)


def test_gzip_that_is_cut_short_says_so_at_its_limit_too() -> None:
    with pytest.raises(UnreadableError, match="cut short"):
        unpacked(gzip.compress(b"\0" * 1000)[:-1], 1000)


@pytest.mark.parametrize("bits", [15, -15], ids=["zlib", "raw"])
def test_deflate_is_unpacked_whatever_the_headers_say(bits: int) -> None:
    assert unpacked(deflated(DELIVERED, bits), 1000) == DELIVERED
    bomb = deflated(b"\0" * 50_000_000, bits)
    assert len(bomb) < 64 * 1024
    check_that_it_is_not_unpacked(bomb)


def test_deflate_may_look_like_text_but_for_its_control_characters() -> None:
    packed = deflated(b"a", -15)
    assert packed.isascii()
    assert unpacked(packed, 1000) == b"a"


def deflated(plain: bytes, bits: int) -> bytes:
    packer = zlib.compressobj(wbits=bits)
    return packer.compress(plain) + packer.flush()


def test_what_is_not_compressed_stays_as_it_is() -> None:
    for body in (b"x\x9c", b"x\x01=1&id=a", b"id=\xc5&resultCode=1", b"\xff\xfe", b"hello"):
        assert unpacked(body, 1000) == body


@given(st.binary(max_size=200))
def test_any_bytes_behind_gzip_are_unpacked_or_refused(raw: bytes) -> None:
    packed = gzip.compress(raw)
    assert zlib.decompress(packed, wbits=31) == unpacked(packed, 1000)

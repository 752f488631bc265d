"""Seeds with changes: cut, doubled, spliced, and with octets that parsers trip over."""

from typing import NamedTuple

from hypothesis import strategies as st

# What means something to one parser or another, or to a terminal, a shell or a spreadsheet.
TRIPPING = (
    *(b"\0", b"\x1b[2J", b"\x9b1m", b"\xff", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\r\n", b"\n"),
    *(b'"', b"'", b"\\", b"\\ud800", b"%00", b"%zz", b"&", b";", b"=", b"<!DOCTYPE a [", b"]]>"),
    *(b"9" * 400, b"-1", b"1e999", b"NaN", b"null", b"[" * 3000, b"{" * 3000, b"<a>" * 3000),
    *(b"{0.__class__}", b"$(id)", b"=cmd|'/C calc'!A0", b"../../etc/passwd", b"a" * 70_000),
    *("é\u0301\u200b\U0001f600".encode(), "١٢٣".encode(), "＋９９９".encode()),
)


class Change(NamedTuple):
    """From `start` on, `length` octets become others; both are taken modulo what there is."""

    start: int
    length: int
    octets: bytes


CHANGES = st.lists(
    st.builds(
        Change,
        start=st.integers(0, 1 << 16),
        length=st.one_of(st.integers(0, 3), st.integers(0, 1 << 16)),
        octets=st.one_of(st.just(b""), st.binary(max_size=4), st.sampled_from(TRIPPING)),
    ),
    min_size=1,
    max_size=6,
)


def changed(seed: bytes, changes: list[Change]) -> bytes:
    """Make changes to a seed, one after the other."""
    for start, length, octets in changes:
        place = start % (len(seed) + 1)
        seed = seed[:place] + octets + seed[place + length % (len(seed) - place + 1) :]
    return seed


def from_seeds(seeds: tuple[bytes, ...]) -> st.SearchStrategy[bytes]:
    """Return a strategy for what may come: seeds with changes, and octets that mean nothing."""
    return st.one_of(st.builds(changed, st.sampled_from(seeds), CHANGES), st.binary(max_size=200))

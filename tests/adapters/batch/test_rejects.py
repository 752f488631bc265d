"""The rows to be mended: all of each row, in the batch's own shape, to be given again."""

import os
import string
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.adapters.batch.reading import Rows
from linksms_cli.adapters.batch.rejects import Rejects
from linksms_cli.adapters.batch.source import BatchSource
from linksms_cli.errors import UsageError
from linksms_cli.sms.formula import defused


@contextmanager
def opened(path: Path) -> Iterator[Rows]:
    with closing(BatchSource(str(path), None)) as source:
        yield Rows(source, by_option={}, delimiter=None)


def rejected(folder: Path, batch: bytes, reason: str = "why") -> bytes:
    """Return what is written if every row of a batch is rejected."""
    path, written = folder / "batch", folder / "rejected"
    path.write_bytes(batch)
    with opened(path) as rows, closing(Rejects(written, rows)) as rejects:
        rejects.begin()
        for record in rows:
            rejects.add(record, reason)
    return written.read_bytes()


@pytest.mark.parametrize(
    ("batch", "written"),
    [
        (b"to;text\r\n1;x\r\n", b"to;text;error\r\n1;x;why\r\n"),
        (b"to,text\n1,x", b"to,text,error\n1,x,why\n"),
        (b"to\ttext\n1\ta,b\n", b"to\ttext\terror\n1\ta,b\twhy\n"),
        # Blank cells, short rows, and columns without a name keep their places.
        (b"to,name,,text\n1,,,x\n1\n", b"to,name,,text,error\n1,,,x,why\n1,,,,why\n"),
        (b"to,text,,\n1,x,,,,\n", b"to,text,,,error\n1,x,,,why\n"),
        # What is too much stands before the reason, and what cannot be split is left as it is.
        (b"to,text\n1,a,b\n", b"to,text,error\n1,a,b,why\n"),
        (b'to,text\n1,"a" b\n2,x\n', b'to,text,error\n1,"a" b,why\n2,x,why\n'),
        (b'to,text\n1,"a\r\nb, ""c"""\n', b'to,text,error\n1,"a\r\nb, ""c""",why\n'),
        # Bytes that are no UTF-8, and every mark of the encoding.
        (b"to,text\n1,sm\xf6rg\n", b"to,text,error\n1,sm\xf6rg,why\n"),
        (b"\xef\xbb\xbfto;text\n1;\xc3\xa5\n", b"\xef\xbb\xbfto;text;error\n1;\xc3\xa5;why\n"),
        ("\ufeffto\ttext\r\n1\tå\r\n".encode("utf-16-le"),
         "\ufeffto\ttext\terror\r\n1\tå\twhy\r\n".encode("utf-16-le")),
        (b"sep=;\r\nto;text\r\n1;x\r\n", b"sep=;\r\nto;text;error\r\n1;x;why\r\n"),
        # A reason of the time before is replaced; a column of somebody's own is not.
        (b"to,text,error\n1,x,old\n", b"to,text,error\n1,x,why\n"),
        (b"to,text,error\n1,a,b,old\n", b"to,text,error\n1,a,b,why\n"),
        (b"to,error,text\n1,own,x\n", b"to,error,text,linksms_error\n1,own,x,why\n"),
        (b"1\r\n2\r\n", b"to,error\r\n1,why\r\n2,why\r\n"),
        (b'{"to": 1, "n": 1.0}\r\n', b'{"to": 1, "n": 1.0, "error": "why"}\r\n'),
        (b'{"to": [], "a": null}\n', b'{"to": [], "a": null, "error": "why"}\n'),
        (b'{ }\n', b'{"error": "why"}\n'),
        (b'{"to": "1", "error": "old"}\n', b'{"to": "1", "error": "why"}\n'),
        (b'{"to": "\\ud800", "error": ""}\n', b'{"to": "\\ud800", "error": "why"}\n'),
        (b'{"to": "1"\n', b'{"line": "{\\"to\\": \\"1\\"", "error": "why"}\n'),
    ],
)  # fmt: skip
def test_a_row_is_written_as_the_batch_has_it(tmp_path: Path, batch: bytes, written: bytes) -> None:
    assert rejected(tmp_path, batch) == written


CELLS = st.text(
    st.one_of(st.sampled_from(" ,;\"'\n\r\t|=å€"), st.sampled_from(string.ascii_letters)),
    max_size=6,
)


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=5),
    delimiter=st.sampled_from(",;\t|"),
    ends=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    reason=CELLS,
)
def test_whatever_the_cells_they_are_read_again_as_they_were(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, str]],
    delimiter: str,
    ends: str,
    encoding: str,
    reason: str,
) -> None:
    folder = tmp_path_factory.mktemp("rejects")
    table = [("to", "a", "b"), *rows]
    text = "".join(delimiter.join(map(quoted, row)) + ends for row in table)
    first = rejected(folder, text.encode(encoding), reason)
    (folder / "first").write_bytes(first)
    with opened(folder / "batch") as before, opened(folder / "first") as after:
        assert after.delimiter == before.delimiter
        assert after.source.encoding == before.source.encoding
        assert after.header == (*before.header, "error")
        read = [record.cells for record in before]
        why = defused(reason, delimiter)
        told = {"error": why} if why.strip() else {}
        assert [record.cells for record in after] == [{**cells, **told} for cells in read]
    # Given again and rejected again, it says the newer reason, and nothing else has changed.
    assert rejected(folder, first, reason) == first


@pytest.mark.parametrize(
    ("batch", "written"),
    [
        (b"to;text\n+46;=1\n", b'to;text;error\n+46;=1;"\'=2;@3"\n'),
        (b"to,text\n+46,=1\n", b"to,text,error\n+46,=1,'=2;'@3\n"),
        (b'to;text\n1;"a" =1\n', b'to;text;error\n1;"a" =1;"\'=2;@3"\n'),
        (b'{"to": "=1"}\n', b'{"to": "=1", "error": "=2;@3"}\n'),
    ],
)
def test_a_reason_is_not_a_formula_and_a_cell_is_what_the_batch_has(
    tmp_path: Path, batch: bytes, written: bytes
) -> None:
    assert rejected(tmp_path, batch, "=2;@3") == written


def test_what_stands_in_the_file_stays_until_the_batch_begins(tmp_path: Path) -> None:
    path, written = tmp_path / "batch", tmp_path / "rejected"
    path.write_text("to,text\n1,x\n")
    written.write_text("half mended\n")
    with opened(path) as rows, closing(Rejects(written, rows)) as rejects:
        assert written.read_text() == "half mended\n"
        rejects.begin()
        assert written.read_text() == "to,text,error\n"


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    path = tmp_path / "batch"
    path.write_text("to,text\n1,x\n")
    with opened(path) as rows:
        with pytest.raises(UsageError, match="no/rejected cannot be written: No such file"):
            Rejects(tmp_path / "no" / "rejected", rows)
        rejects = Rejects(Path("/dev/full"), rows)
        with closing(rejects), pytest.raises(UsageError, match="No space left on device"):
            rejects.begin()


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        rejected(tmp_path, b"to,text\n1,x\n")
    finally:
        os.umask(old)
    assert (tmp_path / "rejected").stat().st_mode & 0o777 == 0o600

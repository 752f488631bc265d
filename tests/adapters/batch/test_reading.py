"""Files as people have them: each row is read or says what is wrong, and stops no other."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linksms_cli.adapters.batch.lines import LONGEST
from linksms_cli.adapters.batch.reading import Rows, Shape
from linksms_cli.adapters.batch.source import BatchSource
from linksms_cli.errors import UsageError
from linksms_cli.sms.batch.record import Record

Cells = list[dict[str, str] | str]


@contextmanager
def opened(
    path: Path, by_option: dict[str, str] | None = None, delimiter: str | None = None
) -> Iterator[Rows]:
    with closing(BatchSource(str(path), None)) as source:
        yield Rows(source, by_option=by_option or {}, delimiter=delimiter)


def read(tmp_path: Path, batch: bytes | str) -> Cells:
    """Return the cells of each row, or what is wrong with it."""
    path = tmp_path / "batch"
    path.write_bytes(batch if isinstance(batch, bytes) else batch.encode())
    with opened(path) as rows:
        records = list(rows)
        assert records == list(rows)  # it is read as often as it is asked for
    assert [record.number for record in records] == list(range(1, len(records) + 1))
    return [shown(record) for record in records]


def shown(record: Record) -> dict[str, str] | str:
    return record.problem.message if record.problem else dict(record.cells)


@pytest.mark.parametrize(
    ("batch", "cells"),
    [
        # Numbers alone, as an editor, a database and a spreadsheet save them.
        ("1\n2\n", [{"to": "1"}, {"to": "2"}]),
        ("\ufeff+46 70\r\n\r\n \r\n+46-71", [{"to": "+46 70"}, {"to": "+46-71"}]),
        ("+4670,\r\n+4671,,\r\n,\r\n", [{"to": "+4670"}, {"to": "+4671"}, {}]),
        ("070\u2011123 45\n'+4670\n", [{"to": "070\u2011123 45"}, {"to": "'+4670"}]),
        ("4,67E+10\n+4670\n", [{"to": "4,67E+10"}, {"to": "+4670"}]),
        # Tables.
        ("to,text\n1,a\n", [{"to": "1", "text": "a"}]),
        ("to;text\r\n1;a,b\r\n", [{"to": "1", "text": "a,b"}]),
        ('"to"\t"te,xt"\n1\ta\n', [{"to": "1", "te,xt": "a"}]),
        ("to|text\n1|a\n", [{"to": "1", "text": "a"}]),
        ("\n , \nto,text\n\n1,a\n,\n", [{"to": "1", "text": "a"}]),
        (" to , text \n 1 , a \n", [{"to": " 1 ", "text": " a "}]),
        (
            'to,text\n1,"a\r\n\r\nb"\n2,c\n',
            [{"to": "1", "text": "a\r\n\r\nb"}, {"to": "2", "text": "c"}],
        ),
        (
            "to,text,,\n1,a,,\n2,b,,,,\n3\n",
            [{"to": "1", "text": "a"}, {"to": "2", "text": "b"}, {"to": "3"}],
        ),
        ("sep=;\r\nto;te,xt\r\n1;a\r\n", [{"to": "1", "te,xt": "a"}]),
        ('"sep=|"\nto|text\n1|a\n', [{"to": "1", "text": "a"}]),
        ('to,text\n1,5" pipe\n', [{"to": "1", "text": '5" pipe'}]),
        # Objects.
        (
            '{"to": "1", "n": 2, "yes": true, "no": null, "x": 1.5}\n',
            [{"to": "1", "n": "2", "yes": "true", "x": "1.5"}],
        ),
        ('\n{"to": "å"}\r\n\n{}\n', [{"to": "å"}, {}]),
        ('{"to": "\\ud83d\\ude00"}\n', [{"to": "😀"}]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_as_people_have_it(
    tmp_path: Path, batch: str, cells: Cells, encoding: str
) -> None:
    assert read(tmp_path, batch.removeprefix("\ufeff").encode(encoding)) == cells


@pytest.mark.parametrize(
    ("batch", "cells"),
    [
        ('to,text\n1,"a" b\n2,c\n', ["a quote stands inside of a cell", {"to": "2", "text": "c"}]),
        # The third quote belongs to the cell, as a reader sees that is not strict.
        (
            'to,text\n1,"5" pipe"\n2,c\n',
            ["a quote stands inside of a cell", {"to": "2", "text": "c"}],
        ),
        (
            "to,text\n1,a,b\n2,c\n",
            ["the row has 3 cells, and the header 2", {"to": "2", "text": "c"}],
        ),
        ("to,text,\n1,a,b\n", ["a cell stands in a column without a name"]),
        (
            b"to,text\n1,\xf6\n2,c\n",
            ["the cell 'text' is not UTF-8: byte 0xf6", {"to": "2", "text": "c"}],
        ),
        (
            b"\xff\xfet\x00o\x00\n\x001\x00\n\x00\x00\xd8\n\x00",
            [{"to": "1"}, "the cell 'to' holds half of a character: U+D800"],
        ),
        (
            "to,text\n1,a\0b\n2,c\n",
            ["the cell 'text' holds a NUL character", {"to": "2", "text": "c"}],
        ),
        ('{"to": 1}\n{"to": "2"}\n', ["the value of 'to' is a number", {"to": "2"}]),
        ('{"to": "1", "a": []}\n', ["the value of 'a' is not a text"]),
        ('{"to": "1", "to": "2"}\n', ["'to' is in the object twice"]),
        ('{"to": "1"}\n[]\n"x"\n', [{"to": "1"}, *["the line is not a JSON object"] * 2]),
        ('{"to": "\\udc00"}\n', ["the cell 'to' holds half of a character: U+DC00"]),
        (
            '{"to": "1"\n',
            ["the line is not JSON: Expecting ',' delimiter: line 2 column 1 (char 11)"],
        ),
    ],
    ids=range(13),
)
def test_what_one_row_has_wrong_is_said_of_that_row(
    tmp_path: Path, batch: bytes | str, cells: Cells
) -> None:
    assert read(tmp_path, batch) == cells


@pytest.mark.parametrize(
    ("batch", "says", "hint"),
    [
        (b"", "is empty", "a row for each message"),
        (b"\xef\xbb\xbf", "holds nothing but blank lines", "a row for each message"),
        (b",\n,\n", "has no header row", "like to,text"),
        (b"to,name,to\n", "the column 'to' is in the header twice", "Rename one"),
        (b"to,a,a\n", "the column 'a' is in the header twice", "Rename one"),
        (b"Mobil;Namn\n", "the first row is 'Mobil', 'Namn'", "--column to=Mobil,"),
        (b"Phone Number,x\n", "the first row is", "--column to='Phone Number',"),
        (b"a,b\n", "no column is called 'to'; the first row is 'a', 'b'", "--column to=COLUMN,"),
        (b"+4670,x\n", "there is no header row: the first row is '+4670', 'x'", "like to,text"),
        (b"+4670,x,x\n", "there is no header row: the first row is '+4670', 'x', 'x'", "like to"),
        (b'"to" x,text\n', "the header row cannot be read: a quote stands", "Quote the whole"),
        (b'to,text\n1,x\n2,"a\nb\n', "line 3: a quote is not closed", "Close it"),
        (b'to,text\n1,"a" b,"c\n2,d\n', "line 2: a quote is not closed", "Close it"),
        (b'[{"to": "1"}]\n', "is JSON, but an array", "jq -c '.[]'"),
        (b'{\n"to": "1"}\n', "is JSON, but spread over lines", "jq -c ."),
        (
            "to\n1\n".encode("utf-16-le"),
            "is in UTF-16LE without a byte order mark",
            "iconv -f UTF-16LE",
        ),
        ("to\n1\n".encode("utf-16")[:-1], "ends in the middle of a character", "Save it as UTF-8"),
    ],
)
def test_what_makes_all_of_the_file_uncertain_is_an_error(
    tmp_path: Path, batch: bytes, says: str, hint: str
) -> None:
    with pytest.raises(UsageError) as failure:
        read(tmp_path, batch)
    assert says in failure.value.message
    assert hint in (failure.value.hint or "")


def test_objects_in_objects_without_end_are_one_row(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, '{"a": ' * 100_000)
    assert isinstance(problem, str)
    assert problem.startswith("the line is not JSON: maximum recursion depth exceeded")


LONG = "x" * (3 * LONGEST)
TOO_LONG = f"the line is longer than {LONGEST} characters"


@pytest.mark.parametrize(
    ("batch", "cells"),
    [
        (f"1\n{LONG}\n2\n", [{"to": "1"}, TOO_LONG, {"to": "2"}]),
        (f"to,text\n1,{LONG}\r\n2,a\r\n", [TOO_LONG, {"to": "2", "text": "a"}]),
        (f'to,text\n1,"{LONG}"\n2,a\n', [TOO_LONG, {"to": "2", "text": "a"}]),
        (f'{{"to": "1"}}\n{{"to": "{LONG}"}}\n{{"to": "2"}}', [{"to": "1"}, TOO_LONG, {"to": "2"}]),
        (f"to,text\n1,{LONG}", [TOO_LONG]),
        # A cell that is long, but within a line that is not too long, is for the guards to judge.
        ("to,text\n1," + "x" * 200_000, [{"to": "1", "text": "x" * 200_000}]),
    ],
    ids=range(6),
)
def test_a_line_that_is_too_long_is_the_problem_of_its_row(
    tmp_path: Path, batch: str, cells: Cells
) -> None:
    assert read(tmp_path, batch) == cells


@pytest.mark.parametrize("batch", [f'to,text\n1,"{LONG}\n', f'to,text\n1,"a\n{LONG}"\n'])
def test_a_long_line_with_a_quote_that_is_open_is_an_error(tmp_path: Path, batch: str) -> None:
    with pytest.raises(UsageError, match="line 2: a quote is not closed"):
        read(tmp_path, batch)


@pytest.mark.parametrize("line", ["1 " * LONGEST, "9" * 100_000, "(" * 100_000])
def test_a_long_first_line_is_not_looked_at_any_closer_than_a_number_is_long(
    tmp_path: Path, line: str
) -> None:
    # A pattern for numbers would take minutes for it, and it is no number anyway.
    with pytest.raises(UsageError, match=r"no column is called 'to'|cannot be read: the line"):
        read(tmp_path, line)


def test_the_shape_is_told_by_the_first_character(tmp_path: Path) -> None:
    path = tmp_path / "batch"
    shapes = {"+4670\n": Shape.LIST, "to\n1\n": Shape.TABLE, ' {"to": "1"}\n': Shape.LINES}
    for text, shape in shapes.items():
        path.write_text(text)
        with opened(path) as rows:
            assert rows.shape is shape
    # Who names columns or a delimiter has a table.
    path.write_text("1;2\n3;4\n")
    with opened(path, {"to": "1"}, ";") as rows:
        assert [record.cells for record in rows] == [{"1": "3", "2": "4"}]


@given(
    rows=st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5),
            min_size=1,
            max_size=4,
        ).filter(lambda cells: any(map(str.strip, cells))),
        max_size=6,
    ),
    delimiter=st.sampled_from(",;\t|"),
)
def test_what_a_csv_writer_writes_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str
) -> None:
    header = ["to", "text", "c", "d"]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([header, *rows])
    expected = [
        {name: cell for name, cell in zip(header, row, strict=False) if cell.strip()}
        for row in rows
    ]
    assert read(tmp_path_factory.mktemp("csv"), text.getvalue()) == expected


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=4)


@given(st.lists(st.dictionaries(WORDS, WORDS), min_size=1, max_size=5))
def test_what_a_json_writer_writes_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]
) -> None:
    text = "\n".join(json.dumps(row) for row in rows)
    expected = [{name: cell for name, cell in row.items() if cell.strip()} for row in rows]
    assert read(tmp_path_factory.mktemp("json"), text) == expected


@given(st.one_of(st.binary(), st.text('to,;"\r\n{}[]\\x00+46').map(str.encode)))
@example(b"\xff\xfe")
@example(b'to\n"\n')
@example(b"to\r1\r\r2")
def test_any_bytes_are_rows_or_one_error(
    tmp_path_factory: pytest.TempPathFactory, batch: bytes
) -> None:
    with suppress(UsageError):
        read(tmp_path_factory.mktemp("any"), batch)


def test_of_a_stdin_that_others_have_read_from_the_rest_is_the_batch(tmp_path: Path) -> None:
    path = tmp_path / "batch"
    path.write_bytes(b"+4670\n+4671\n+4672\n")
    with path.open("rb", buffering=0) as shared:
        assert shared.readline() == b"+4670\n"
        with closing(BatchSource("-", io.BufferedReader(shared))) as source:
            rows = Rows(source, by_option={}, delimiter=None)
            assert [dict(record.cells) for record in rows] == [{"to": "+4671"}, {"to": "+4672"}]
            rest = source.sha256
    path.write_bytes(b"+4671\n+4672\n")
    with closing(BatchSource(str(path), None)) as source:
        assert source.sha256 == rest

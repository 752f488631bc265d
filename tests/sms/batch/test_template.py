"""A template: cells in their places, braces as themselves, and nothing else special."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.errors import UsageError
from linksms_cli.sms.batch.template import parse

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="{}"), max_size=8)
NAMES = TEXTS.filter(str.strip)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hi", "Hi"),
        ("", ""),
        ("Hi {name}!", "Hi Änne!"),
        ("{name}{name}", "ÄnneÄnne"),
        ("{ name }", "Änne"),
        ("{{name}} {{}} }}{{", "{name} {} }{"),
        ("{{{name}}}", "{Änne}"),
        ("%s $name \\{name}", "%s $name \\Änne"),
        ("{a.b} {0} {x!r} {y:>5}", "dot zero bang colon"),
    ],
)
def test_a_cell_stands_in_its_place(text: str, filled: str) -> None:
    cells = {"name": " Änne ", "a.b": "dot", "0": "zero", "x!r": "bang", "y:>5": "colon"}
    assert parse(text).filled(cells) == filled


def test_a_cell_is_never_read_as_a_template() -> None:
    assert parse("{a}").filled({"a": "{b} {{"}) == "{b} {{"


@pytest.mark.parametrize(
    ("text", "brace", "position"),
    [("a}", "}", 1), ("{", "{", 0), ("{}", "{", 0), ("{{a}", "}", 3), ("{a{b}", "{", 0)],
)
def test_a_brace_by_itself_is_an_error_that_says_where(
    text: str, brace: str, position: int
) -> None:
    with pytest.raises(UsageError) as failure:
        parse(text)
    assert failure.value.message == f"the template has a '{brace}' at position {position} by itself"


def test_a_column_that_is_not_there_is_named() -> None:
    template = parse("{a} {b} {c}")
    assert template.missing(("a", "c")) == "b"
    assert template.missing({"a", "b", "c"}) is None
    with pytest.raises(KeyError, match="'b'"):
        template.filled({"a": "1"})


@given(st.lists(st.tuples(TEXTS, NAMES, st.text(max_size=8)), max_size=5), st.text(max_size=8))
def test_any_text_and_any_cells_stand_where_they_are_put(
    pieces: list[tuple[str, str, str]], last: str
) -> None:
    cells = {name.strip(): cell for _, name, cell in pieces}
    text = "".join(f"{before}{{{name}}}" for before, name, _ in pieces)
    text += last.replace("{", "{{").replace("}", "}}")
    expected = "".join(before + cells[name.strip()].strip() for before, name, _ in pieces) + last
    assert parse(text).filled(cells) == expected

"""The picture of how things grow, drawn from curves."""

from xml.etree import ElementTree as ET

from derived import curves

MACHINE = {
    "date": "2026-11-27",
    "commit": "abc1234",
    "cores": 2,
    "processor": "<fast> & new",
    "system": "Linux 6.18",
    "python": "3.11.7",
    "sqlite": "3.40.1",
}
SVG = "{http://www.w3.org/2000/svg}"


def drawn(*lines: tuple[str, list[float | None]]) -> ET.Element:
    curve = {
        "title": "Send a batch",
        "unit": "s",
        "across": "rows",
        "sizes": [1, 1000, 1_000_000],
        "lines": dict(lines),
    }
    return ET.fromstring(curves.drawn([curve], MACHINE))  # noqa: S314 - ours


def texts(picture: ET.Element) -> list[str]:
    return [text.text or "" for text in picture.iter(f"{SVG}text")]


def test_each_line_has_its_name_and_its_last_figure_beside_its_end() -> None:
    picture = drawn(("planned", [0.5, 1.0, 1234.5]), ("sent", [0.5, 50.0, None]))
    shown = texts(picture)
    assert "Send a batch, s" in shown
    assert "planned 1,234" in shown
    assert "sent 50" in shown
    assert [text for text in shown if text in {"1", "10", "100", "1k", "10k", "100k", "1M"}][
        -7:
    ] == ["1", "10", "100", "1k", "10k", "100k", "1M"]
    assert len(list(picture.iter(f"{SVG}circle"))) == 5


def test_names_of_lines_that_end_together_do_not_cover_each_other() -> None:
    picture = drawn(("one", [1.0, 1.0, 2.0]), ("two", [1.0, 1.0, 2.0]))
    (one, two) = (
        float(text.get("y", ""))
        for text in picture.iter(f"{SVG}text")
        if (text.text or "").startswith(("one ", "two "))
    )
    assert two - one >= 12


def test_it_says_where_and_when_it_was_measured() -> None:
    assert {"Measured 2026-11-27, commit abc1234", "2 cores of <fast> & new"} <= set(
        texts(drawn(("one", [1.0, 1.0, 1.0])))
    )

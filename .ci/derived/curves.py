"""The picture of how time and memory grow, drawn from a run of the benchmarks that is kept."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

# What `python tests/benchmarks growth --scale 1 --into FILE` has written.
RUN = Path(__file__).parents[2] / "tests" / "benchmarks" / "growth.json"

_WIDTH, _HEIGHT, _COLUMNS = 420, 230, 2
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 132, 34, 40
_ROOM = 14  # between two labels at the right
# Colours that can be told apart on white and on GitHub's black, also by those who see no red.
_STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600 }
  .small { font-size: 11px; fill: #59636e }
  .grid { stroke: #d1d9e0; stroke-width: 1 }
  .line { fill: none; stroke-width: 2 }
  .c0 { stroke: #0969da } .c1 { stroke: #bc4c00 } .c2 { stroke: #1a7f37 }
  circle { stroke: none } circle.c0 { fill: #0969da } circle.c1 { fill: #bc4c00 }
  circle.c2 { fill: #1a7f37 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .small { fill: #9198a1 } .grid { stroke: #3d444d }
    .c0 { stroke: #58a6ff } .c1 { stroke: #f0883e } .c2 { stroke: #3fb950 }
    circle.c0 { fill: #58a6ff } circle.c1 { fill: #f0883e } circle.c2 { fill: #3fb950 }
  }
"""


def files() -> dict[str, str]:
    """Return the picture's name and its SVG; nothing before a run is kept."""
    if not RUN.exists():
        return {}
    run = json.loads(RUN.read_text("utf-8"))
    return {"growth.svg": drawn(run["parts"]["growth"]["curves"], run["machine"])}


def drawn(curves: Sequence[Mapping[str, Any]], machine: Mapping[str, Any]) -> str:
    """Return all curves as one SVG, each in a panel of its own, both axes logarithmic."""
    width = _WIDTH * _COLUMNS
    height = _HEIGHT * math.ceil((len(curves) + 1) / _COLUMNS)
    pieces = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"',
        f'width="{width}" height="{height}" aria-label="How time and memory grow">',
        f"<style>{_STYLE}</style>",
    ]
    for place, curve in enumerate([*curves, None]):
        x, y = place % _COLUMNS * _WIDTH, place // _COLUMNS * _HEIGHT
        pieces.append(f'<g transform="translate({x} {y})">')
        pieces += _panel(curve) if curve else _caption(machine)
        pieces.append("</g>")
    return "\n".join([*pieces, "</svg>"]) + "\n"


def _caption(machine: Mapping[str, Any]) -> Iterator[str]:
    """Yield where and when the run was."""
    lines = [
        f"Measured {machine['date']}, commit {machine['commit']}",
        f"{machine['cores']} cores of {machine['processor']}",
        machine["system"],
        f"Python {machine['python']}, SQLite {machine['sqlite']}",
        "Both axes are logarithmic.",
    ]
    for number, line in enumerate(lines):
        yield _text(_LEFT, _TOP + 30 + 18 * number, line, "small")


class _Axis:
    """A logarithmic axis from a power of ten to another, in pixels."""

    def __init__(self, values: Iterable[float], start: float, end: float) -> None:
        known = [value for value in values if value > 0]
        self._low = math.floor(math.log10(min(known)))
        self._high = max(math.ceil(math.log10(max(known))), self._low + 1)
        self._start, self._end = start, end

    def at(self, value: float) -> float:
        """Return where a value lies; nothing lies where the axis begins."""
        share = (math.log10(value) - self._low) / (self._high - self._low) if value > 0 else 0
        return round(self._start + share * (self._end - self._start), 1)

    def ticks(self) -> list[float]:
        """Return the powers of ten."""
        return [10.0**power for power in range(self._low, self._high + 1)]


def _panel(curve: Mapping[str, Any]) -> Iterator[str]:
    sizes: list[float] = curve["sizes"]
    values = [value for line in curve["lines"].values() for value in line if value is not None]
    across = _Axis(sizes, _LEFT, _WIDTH - _RIGHT)
    up = _Axis(values, _HEIGHT - _BOTTOM, _TOP)
    yield _text(_LEFT, 18, f"{curve['title']}, {curve['unit']}", "title")
    for tick in up.ticks():
        y = up.at(tick)
        yield f'<path class="grid" d="M{_LEFT} {y}H{_WIDTH - _RIGHT}"/>'
        yield _text(_LEFT - 6, y + 4, _short(tick), "small", "end")
    for tick in across.ticks():
        yield _text(across.at(tick), _HEIGHT - _BOTTOM + 16, _short(tick), "small", "middle")
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    yield _text(middle, _HEIGHT - _BOTTOM + 32, curve["across"], "small", "middle")
    labels: list[tuple[float, str]] = []
    for number, (name, line) in enumerate(curve["lines"].items()):
        points = [
            (across.at(size), up.at(value))
            for size, value in zip(sizes, line, strict=True)
            if value is not None
        ]
        path = " ".join(f"{x} {y}" for x, y in points)
        yield f'<path class="line c{number}" d="M{path}"/>'
        for x, y in points:
            yield f'<circle class="c{number}" cx="{x}" cy="{y}" r="3"/>'
        last = [value for value in line if value is not None][-1]
        labels.append((points[-1][1], f"{name} {_figure(last)}"))
    yield from _labels(labels)


def _labels(labels: list[tuple[float, str]]) -> Iterator[str]:
    """Yield the names of the lines beside their ends, none over another."""
    below = -math.inf
    for y, name in sorted(labels):
        below = max(y + 4, below + _ROOM)
        yield _text(_WIDTH - _RIGHT + 8, below, name)


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "") -> str:
    attributes = (f' class="{kind}"' if kind else "") + (
        f' text-anchor="{anchor}"' if anchor else ""
    )
    return f'<text x="{x:g}" y="{y:g}"{attributes}>{escape(text)}</text>'


def _short(value: float) -> str:
    """Return a power of ten as it stands at an axis."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"

"""What was measured: figures, what they were to reach, and both as a table or as a record."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

_NAME, _VALUE, _SPREAD, _GOAL = 34, 12, 20, 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One thing measured some times, in a unit ("" for a ratio), and what it is to reach."""

    name: str
    samples: Sequence[float]
    unit: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def median(self) -> float:
        """The middle sample."""
        return statistics.median(self.samples)

    @property
    def spread(self) -> tuple[float, float]:
        """Between what the middle half of the samples lies."""
        if len(self.samples) < 2:
            return self.samples[0], self.samples[0]
        low, _, high = statistics.quantiles(self.samples, n=4, method="inclusive")
        return low, high

    @property
    def is_reached(self) -> bool | None:
        """Whether the median is what it is to be; None where nothing is asked of it."""
        if self.most is None and self.least is None:
            return None
        return (self.most is None or self.median <= self.most) and (
            self.least is None or self.median >= self.least
        )

    def record(self) -> dict[str, Any]:
        """Return it for a program."""
        low, high = self.spread
        return {
            "name": self.name,
            "unit": self.unit or "ratio",
            "median": self.median,
            "low": low,
            "high": high,
            "samples": list(self.samples),
            "most": self.most,
            "least": self.least,
            "reached": self.is_reached,
        }

    def line(self) -> str:
        """Return it for a person, no wider than a terminal."""
        value = f"{number(self.median)} {self.unit}".rstrip()
        low, high = self.spread
        spread = f"{number(low)} to {number(high)}" if len(self.samples) > 1 else ""
        goal = ""
        if self.most is not None:
            goal = f"≤ {number(self.most)}"
        if self.least is not None:
            goal = f"≥ {number(self.least)}"
        missed = "" if self.is_reached in {True, None} else "!"
        row = f"{self.name:<{_NAME}}{value:>{_VALUE}}{spread:>{_SPREAD}}{goal:>{_GOAL}}{missed}"
        return row.rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """How something grows: for each size across, a value of each line, in a unit."""

    title: str
    across: str
    unit: str
    sizes: Sequence[int]
    lines: Mapping[str, Sequence[float | None]]

    @classmethod
    def of(
        cls,
        title: str,
        across: str,
        unit: str,
        sizes: Sequence[int],
        points: Sequence[Mapping[str, float | None]],
    ) -> Self:
        """Return the curve of what was measured size by size."""
        lines = {name: [point[name] for point in points] for name in points[0]}
        return cls(title=title, across=across, unit=unit, sizes=sizes, lines=lines)

    def table(self) -> list[str]:
        """Return it for a person: the sizes, and below them the values."""
        rows = {self.across: self.sizes, **self.lines}
        return [
            f"{self.title}, {self.unit}",
            *(
                f"  {name:<20}" + "".join(f"{_number_or_dash(value):>11}" for value in values)
                for name, values in rows.items()
            ),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one part of the benchmarks has measured."""

    title: str
    figures: Sequence[Figure]
    curves: Sequence[Curve] = ()
    missing: Sequence[str] = ()  # rivals that are not there, and why
    notes: Sequence[str] = ()

    def record(self) -> dict[str, Any]:
        """Return it for a program."""
        return {
            "title": self.title,
            "figures": [figure.record() for figure in self.figures],
            "curves": [asdict(curve) for curve in self.curves],
            "missing": list(self.missing),
            "notes": list(self.notes),
        }

    def lines(self) -> list[str]:
        """Return it for a person."""
        return [
            self.title,
            *(f"  {figure.line()}" for figure in self.figures),
            *(f"  {line}" for curve in self.curves for line in curve.table()),
            *(f"  missing: {rival}" for rival in self.missing),
            *(f"  {note}" for note in self.notes),
        ]


def ratios(these: Sequence[float], those: Sequence[float]) -> list[float]:
    """Return by how much these are more than those, round by round."""
    return [this / that for this, that in zip(these, those, strict=True)]


def _number_or_dash(value: float | None) -> str:
    return "–" if value is None else number(value)


def number(value: float) -> str:
    """Return a number with the digits that a measurement bears."""
    size = abs(value)
    if size >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if size >= 10 else f"{value:.2f}"

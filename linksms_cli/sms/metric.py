"""Figures for a monitoring system."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class MetricKind(StrEnum):
    """Whether a figure only grows while the program runs, or says how things are now."""

    COUNTER = "counter"
    GAUGE = "gauge"


class Metric(NamedTuple):
    """A figure by its name, and its value for each set of labels: none, or always the same.

    The name is Prometheus's; that of a counter ends in `_total`.
    """

    name: str
    kind: MetricKind
    about: str
    samples: tuple[tuple[Mapping[str, str], float], ...]


def counter(name: str, about: str, *samples: tuple[Mapping[str, str], float]) -> Metric:
    """Return a figure that only grows."""
    return Metric(name, MetricKind.COUNTER, about, samples)


def gauge(name: str, about: str, *samples: tuple[Mapping[str, str], float]) -> Metric:
    """Return a figure that says how things are."""
    return Metric(name, MetricKind.GAUGE, about, samples)

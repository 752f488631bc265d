"""Figures as Prometheus reads them."""

from collections.abc import Iterable, Iterator

from prometheus_client import core
from prometheus_client.exposition import generate_latest

from linksms_cli.sms.metric import Metric, MetricKind


def written(metrics: Iterable[Metric]) -> bytes:
    """Return figures in Prometheus's text format, version 0.0.4, which everybody reads."""
    return generate_latest(_Collected(metrics))


class _Collected:
    """Takes the place of a registry of the library's own figures, which lock at each count."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[core.Metric]:
        for one in self._metrics:
            is_counter = one.kind is MetricKind.COUNTER
            family = core.Metric(one.name.removesuffix("_total"), one.about, one.kind.value)
            for labels, value in one.samples:
                family.add_sample(one.name if is_counter else family.name, dict(labels), value)
            yield family

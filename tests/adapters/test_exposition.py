"""Figures as Prometheus reads them: a counter by its full name, a gauge by its own."""

from linksms_cli.adapters.exposition import written
from linksms_cli.sms.metric import counter, gauge


def test_each_figure_has_its_kind_its_meaning_and_its_values() -> None:
    document = written(
        [
            counter("linksms_things_total", "Things.", ({"kind": "a"}, 2), ({"kind": "b"}, 0)),
            gauge("linksms_level", "A level.", ({}, 0.5)),
            counter("linksms_nothing_total", "Never seen."),
        ]
    )
    assert document.decode().splitlines() == [
        "# HELP linksms_things_total Things.",
        "# TYPE linksms_things_total counter",
        'linksms_things_total{kind="a"} 2.0',
        'linksms_things_total{kind="b"} 0.0',
        "# HELP linksms_level A level.",
        "# TYPE linksms_level gauge",
        "linksms_level 0.5",
        "# HELP linksms_nothing_total Never seen.",
        "# TYPE linksms_nothing_total counter",
    ]

"""What reaches a target while it goes down and comes up, and the receiver is killed under load.

The long form is a benchmark, with 20,000 reports and ten kills: python tests/benchmarks forwarding.
"""

from pathlib import Path

from tests.benchmarks.parts.forwarding import survive


def test_all_that_was_acknowledged_reaches_the_target_in_order(tmp_path: Path) -> None:
    seen = survive(tmp_path, reports=1600, kills=2)
    assert (seen.kills, seen.acknowledged) == (2, 1600)
    assert (seen.missing, seen.disordered) == (0, 0)

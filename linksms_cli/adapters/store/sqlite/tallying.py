"""Add up the reports of a store that was written before it kept tallies."""

from typing import Any

from linksms_cli.sms.dlr.tally import PartStatus, Tally, key_of


class TallyOfRows:
    """A window function: what the reports of a message add up to, row by row."""

    def __init__(self) -> None:
        self._tally = Tally()

    def step(self, *row: Any) -> None:
        """Add a row."""
        part, code, operator_code, time, segments, received_at, duplicate, own_parts = row
        self._tally.own_parts = own_parts
        if not duplicate:
            key = key_of(part, code, operator_code, time)
            self._tally.add(PartStatus(part, code, time, segments, received_at), key)

    def value(self) -> str:
        """Return what stands in the row that was added last."""
        return str(self._tally)

    def finalize(self) -> str:
        """Return the last value."""
        return self.value()

    def inverse(self, *row: Any) -> None:
        """Take a row away: never asked for, since every frame begins with the first row."""
        raise NotImplementedError

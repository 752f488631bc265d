"""A set of rows of a batch that takes a bit for each row, however many there are."""


class RowSet:
    """Row numbers, from 0."""

    def __init__(self) -> None:
        self._bits = bytearray()
        self._count = 0

    def add(self, row: int) -> None:
        """Put a row in."""
        place, bit = row >> 3, 1 << (row & 7)
        if place >= len(self._bits):
            self._bits.extend(bytes(max(place + 1 - len(self._bits), len(self._bits) // 8)))
        if not self._bits[place] & bit:
            self._bits[place] |= bit
            self._count += 1

    def __contains__(self, row: int) -> bool:
        """Return whether a row is in."""
        place = row >> 3
        return place < len(self._bits) and bool(self._bits[place] & 1 << (row & 7))

    def __len__(self) -> int:
        """Return how many are in."""
        return self._count

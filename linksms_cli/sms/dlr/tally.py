"""Add up the reports of one message, in a form that a store can keep and go on from.

Only the best report of each part is kept, and a short key for each report that came, to know it
again. So what has to be read for the next report does not grow with their number.
"""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from linksms_cli.sms import timestamp
from linksms_cli.sms.codes import Certainty, explain
from linksms_cli.sms.dlr.delivery import MOST_PARTS, Delivery, added_up

# Reports of one message that a tally knows again. Nearly no message has more: of nine parts each
# has been queued, sent and delivered by then. Of those that do, the store looks the others up.
MOST_KEYS = 32
# Deliveries of no more parts are remembered; others are added up each time.
_FEW = 9


class PartStatus(NamedTuple):
    """What one report says of a message.

    `part` is None where it speaks for every part. `timestamp` is the operator's, `received_at`
    our own clock's.
    """

    part: int | None
    result_code: int
    timestamp: str | None
    segments: int | None
    received_at: str


class _Standing(NamedTuple):
    """Where a part stands: its best report so far, by what makes one report better than another.

    Final over temporary, then yes or no over unknown, then the later time, then the later arrival.
    """

    final: bool
    certain: bool
    order: str
    arrival: int
    code: int
    moment: str


class Tally:
    """The reports of one message, added one after the other in the order of their arrival.

    `own_parts` is our own count of the message's parts, where it is known.
    """

    __slots__ = ("_arrivals", "_best", "_keys", "_seen", "_segments", "own_parts")

    def __init__(self, own_parts: int | None = None) -> None:
        self.own_parts = own_parts
        self._best: dict[int | None, _Standing] = {}
        self._segments: int | None = None
        self._seen = 0
        self._arrivals = 0
        self._keys: list[str] = []

    @classmethod
    def of(cls, text: str) -> "Tally":
        """Return the tally that was written so. Raises ValueError where none was."""
        counts, standings, keys = text.split("|")
        arrivals, segments, seen, own_parts = counts.split(",")
        tally = cls(_number(own_parts))
        tally._arrivals, tally._segments = int(arrivals), _number(segments)
        tally._seen = int(seen)
        for written in standings.split(";") if standings else ():
            part, code, moment, arrival = written.split(",")
            tally._best[_number(part)] = _standing(moment, int(arrival), int(code))
        tally._keys = keys.split(",") if keys else []
        return tally

    def __str__(self) -> str:
        """Write it in a line, for a store."""
        standings = ";".join(
            f"{'' if part is None else part},{best.code},{best.moment},{best.arrival}"
            for part, best in self._best.items()
        )
        segments, own_parts = self._segments or "", self.own_parts or ""
        counts = f"{self._arrivals},{segments},{self._seen},{own_parts}"
        return f"{counts}|{standings}|{','.join(self._keys)}"

    def add(self, report: PartStatus, key: str) -> None:
        """Count a report in, and know it again by its key, unless too many are known already."""
        part, segments = report.part, report.segments
        # A report that says no time of its own is as late as its arrival.
        moment = timestamp.in_utc(report.timestamp or "") or report.received_at
        standing = _standing(moment, self._arrivals, report.result_code)
        best = self._best.get(part)
        if best is None or standing > best:
            self._best[part] = standing
        # Fewer than the part's own place allows counts nothing: part 2 is not one of one. Neither
        # does a number that no message can have.
        if segments and (part or 0) < segments <= MOST_PARTS:
            self._segments = min(self._segments or segments, segments)
        if part is not None and part >= self._seen:
            self._seen = part + 1
        self._arrivals += 1
        if len(self._keys) < MOST_KEYS:
            self._keys.append(key)

    def knows(self, key: str) -> bool:
        """Return whether a report with this key has been added, among those that are known."""
        return key in self._keys

    @property
    def knows_all(self) -> bool:
        """Whether no report has been added that it does not know."""
        return self._arrivals <= MOST_KEYS

    def delivery(self) -> Delivery:
        """Return the state of the message.

        A report's `segments` decides against our own count of parts. Where reports disagree the
        least counts, so that no later report takes back that a message is final. No fewer parts
        are expected than the last one seen says.
        """
        ranked = sorted(self._best.items(), key=_by_standing)
        codes = tuple([(part, best.code) for part, best in ranked])
        add_up = added_up if len(codes) <= _FEW else added_up.__wrapped__
        return add_up(codes, self._segments, self._seen, self.own_parts)


def key_of(part: int | None, code: int, operator_code: str | None, time: str | None) -> str:
    """Return what two reports of one message share if, and only if, one is the other again."""
    operator_code = operator_code or ""
    # The length tells where one text ends and the other begins.
    written = f"{part},{code},{len(operator_code)},{operator_code}{time or ''}"
    octets = written.encode("utf-8", "surrogatepass")
    return hashlib.blake2s(octets, digest_size=8).hexdigest()


def fold(reports: Iterable[PartStatus], own_parts: int | None) -> Delivery:
    """Add up the reports of one message, as `Tally` does, given in the order of their arrival."""
    tally = Tally(own_parts)
    for report in reports:
        tally.add(report, "")
    return tally.delivery()


def _number(written: str) -> int | None:
    return int(written) if written else None


def _by_standing(entry: tuple[int | None, _Standing]) -> _Standing:
    return entry[1]


def _standing(moment: str, arrival: int, number: int) -> _Standing:
    code = explain(number)
    certain = code.final and code.delivered is not Certainty.UNKNOWN
    return _Standing(code.final, certain, timestamp.order(moment), arrival, number, moment)

"""The rounds that are fired: the requests of each kind of report, in each format."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from linksms_cli.adapters.sandbox.firing import kinds, ways
from linksms_cli.adapters.sandbox.firing.kinds import ReportKind, WayOfSending
from linksms_cli.adapters.sandbox.reports import SimulatedReport, Written, write
from linksms_cli.sms.dlr.report import Format
from linksms_cli.sms.sandbox.firing import PREFIX, Case, FiringOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One request: a body with its type, or a query; `headers` go with it."""

    written: Written
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One case, and the requests that make it."""

    case: Case
    shots: tuple[Shot, ...]
    sending: WayOfSending


def rounds(order: FiringOrder, *, run: str, now: datetime, guarded: bool) -> Iterator[Round]:
    """Yield the rounds in their order; `run` is in every id, so that no run repeats another's.

    What can happen to messages comes in each of the formats, the ways of sending in the first of
    them. With `guarded`, one comes without the headers that all others have.
    """
    maker = _Maker(run=run, now=now)
    for format_, kind in _kinds(order.formats, guarded=guarded):
        if kind.name not in order.skipped:
            yield maker.round(kind, format_)


def _kinds(formats: tuple[Format, ...], *, guarded: bool) -> Iterator[tuple[Format, ReportKind]]:
    for format_ in formats:
        shapes = kinds.SHAPES if format_ is Format.JSON else ()
        for kind in (*kinds.MESSAGES, *shapes):
            yield format_, kind
    first = formats[0]
    bodies = () if first is Format.QUERY else ways.BODIES
    unproven = (ways.UNPROVEN,) if guarded else ()
    for kind in (*bodies, *ways.CONNECTIONS, *unproven):
        yield first, kind


class _Maker:
    """Makes rounds, each with ids of its own."""

    def __init__(self, *, run: str, now: datetime) -> None:
        self._run = run
        self._now = now
        self._count = 0

    def round(self, kind: ReportKind, format_: Format) -> Round:
        """Return the round of a kind of report in a format."""
        case = Case(
            name=kind.name,
            format=format_,
            title=kind.title,
            mend=kind.mend,
            to_be_refused=kind.to_be_refused,
        )
        own_id = self._new_id()
        shots = []
        for place, code in enumerate(kind.codes):
            report_id = self._new_id() if kind.message_each else own_id
            if kind.parts is not None:
                report_id = f"{own_id}${kind.parts[place]}"
            report = kind.change(self._report(report_id, code, len(kind.parts or (0,))))
            shots.append(_shot(kind, write(report, format_)))
        return Round(case=case, shots=tuple(shots), sending=kind.sending)

    def _new_id(self) -> str:
        self._count += 1
        return f"{PREFIX}{self._run}-{self._count:03}"

    def _report(self, report_id: str, code: int, segments: int) -> SimulatedReport:
        return SimulatedReport(
            ref_id=None,
            report_id=report_id,
            operator="no.telenor",
            sent=self._now - timedelta(seconds=2),
            stamp=self._now,
            result_code=code,
            operator_result_code="2",
            segments=segments,
            custom={
                "received": self._now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
                "source": "2333",
                "destination": "+99955501234",
            },
        )


def _shot(kind: ReportKind, written: Written) -> Shot:
    if kind.rewrite is not None:
        body = kind.rewrite(json.loads(written.body)).encode()
        written = replace(written, body=body)
    if not kind.packed:
        return Shot(written=written)
    packed = replace(written, body=gzip.compress(written.body))
    return Shot(written=packed, headers=(("Content-Encoding", "gzip"),))

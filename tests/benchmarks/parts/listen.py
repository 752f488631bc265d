"""How many reports `listen` takes in, beside a server with nothing to do."""

import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from linksms_cli.adapters.store.sqlite import database
from tests.benchmarks.figures import Figure, Result, ratios
from tests.benchmarks.receivers import (
    FORMS,
    GROWING,
    RANDOM,
    Load,
    Server,
    Start,
    empty,
    listen,
    listen_and_forget,
    listen_over_tls,
    webhook,
)
from tests.benchmarks.stores import fill_reports
from tests.benchmarks.turns import Run

RIVALS = ("wrk", "webhook")
ROUNDS = 5

# A turn, in seconds: at most, for figures; less where only its running is tested.
_SECONDS, _SCALE = 3, 30
_MANY, _FEW = 128, 8
_STORED = 10_000_000
# More than are deleted beside the load, in all turns together.
_OLD = 5_000_000


@dataclass(kw_only=True)
class _Contender:
    """A server, what it is asked, and what came of it round by round."""

    start: Start
    form: str = "JSON"
    connections: int = _MANY
    ids: str = RANDOM
    state: Path | None = None
    loads: list[Load] = field(default_factory=list)

    def take_turn(self, seconds: float) -> None:
        """Start, take in, and end."""
        with (
            tempfile.TemporaryDirectory() as folder,
            Server(start=self.start, folder=Path(folder), state=self.state) as server,
        ):
            if self.start is webhook:
                time.sleep(0.5)  # it says nothing when it is ready
            self.loads.append(server.post(self.form, self.connections, seconds, self.ids))

    def rates(self) -> list[float]:
        """Return the reports a second of each round."""
        return [load.rate for load in self.loads]


def measure(run: Run) -> Result:
    """Let each have its turn, again and again."""
    length = min(_SECONDS, run.scaled(_SCALE))
    title = f"listen: durable reports, {run.rounds} turns of {length} s each, {_MANY} connections"
    if not run.rivals.has("wrk"):
        return Result(title=title, figures=[], missing=run.rivals.told(*RIVALS))
    contenders = _contenders(run)
    old = run.folder / "old"
    fill_reports(old, run.scaled(_OLD))
    contenders[_DELETING] = _Contender(start=listen_and_forget, state=old)
    for _ in range(run.rounds):
        for contender in contenders.values():
            contender.take_turn(length)
    deleted = run.scaled(_OLD) - _left(old)
    figures = [Figure(name=f"deleted of {run.scaled(_OLD):,} old ones", samples=[deleted])]
    for name, contender in contenders.items():
        ours = contender.start not in {empty, webhook} and contender.connections == _MANY
        least = 15_000 if name == "JSON" else None
        figures.append(Figure(name=name, samples=contender.rates(), unit="/s", least=least))
        if ours or name.startswith("webhook"):
            costs = [1e6 * load.cost for load in contender.loads]
            most = 65 if name == "JSON" else None
            figures.append(Figure(name="  processor a report", samples=costs, unit="µs", most=most))
            waits = [1e3 * load.p99 for load in contender.loads]
            most = 50 if name == "JSON" else None
            figures.append(Figure(name="  99 of 100 within", samples=waits, unit="ms", most=most))
    return Result(
        title=title,
        figures=[*figures, *_goals(contenders)],
        missing=run.rivals.told(*RIVALS),
    )


def _contenders(run: Run) -> dict[str, _Contender]:
    contenders = {_NOTHING: _Contender(start=empty)}
    contenders |= {form: _Contender(start=listen, form=form) for form in FORMS}
    stored = run.scaled(_STORED)
    full = run.kept / f"{stored}-reports"
    if not full.exists():
        fill_reports(full, stored)
    contenders[f"JSON, {stored:,} stored"] = _Contender(start=listen, state=full)
    contenders[_GROWING] = _Contender(start=listen, ids=GROWING)
    contenders[f"{_GROWING}, {stored:,} stored"] = _Contender(start=listen, ids=GROWING, state=full)
    contenders[f"JSON, {_FEW} connections"] = _Contender(start=listen, connections=_FEW)
    contenders["JSON over TLS"] = _Contender(start=listen_over_tls)
    if run.rivals.has("webhook"):
        contenders["webhook"] = _Contender(start=webhook)
    return contenders


def _left(folder: Path) -> int:
    with closing(database.connect(folder)) as store:
        (count,) = store.execute(
            "SELECT count(*) FROM callback WHERE received_at < '2026-07'"
        ).fetchone()
    return int(count)


_NOTHING = "the same server, an empty 200"
_DELETING = "JSON, deleting old ones"
_GROWING = "growing ids"


def _goals(contenders: dict[str, _Contender]) -> list[Figure]:
    """Return how they stand to one another."""
    least = {"JSON": 0.6, "XML": 0.7, "GET": 0.7}
    mine = contenders["JSON"].rates()
    goals = []
    for name, contender in contenders.items():
        rates = contender.rates()
        if name == _NOTHING:
            goals.append(Figure(name="JSON / an empty 200", samples=ratios(mine, rates), least=0.6))
        elif name == "webhook":
            goals.append(Figure(name="JSON / webhook", samples=ratios(mine, rates), least=3))
        elif "stored" in name:
            few = contenders[name.rpartition(", ")[0]].rates()
            figure = Figure(name=f"{name} / none", samples=ratios(rates, few), least=1)
            goals.append(figure)
        elif contender.start in {listen_and_forget, listen_over_tls}:
            goals.append(Figure(name=f"{name} / JSON", samples=ratios(rates, mine)))
        elif name in FORMS and name != "JSON":
            samples = ratios(rates, mine)
            goals.append(Figure(name=f"{name} / JSON", samples=samples, least=least.get(name)))
    return goals

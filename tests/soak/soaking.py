"""Sandbox, batches, receiver and target at work under faults, each killed in turn.

Two designs were weighed. A model could be told each event as it comes, and judge it at once: it
would stop at the first fault, but events of several processes come in no order, so each judgement
would have to allow for what is still on its way. So every party keeps a book, the two ways between
them too, and the books are compared when nothing is under way any more: each rule is then exact.
"""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from tests.conftest import account
from tests.program import private_environment
from tests.soak import books
from tests.soak.books import Books
from tests.soak.flatness import Sample, sample
from tests.soak.parties import Gateway, Party, Receiver, SentBatch, Target
from tests.soak.reported import owed
from tests.soak.sending import Sending
from tests.stored import query

# A party is killed at work: after so many steps more, or so many seconds.
_STEPS, _PATIENCE = 3, 10.0
_SAMPLED_EVERY = 1.0
_LOOK = 0.5
PARTIES = ("gateway", "batch", "receiver", "target")


class Strike(NamedTuple):
    """A kill: so many seconds after the begin, and of whom."""

    at: float
    party: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a soak is to be: `strikes` in their order, and an end after so many seconds.

    Batches have so many `rows`, and send so many messages a second. Every second time that the
    receiver is killed, so is its forwarder if `forwarder_too`; its claims then last another 40 s.
    `patience` is for how many seconds what is under way at the end is waited for: a report that the
    target has often not taken may be tried again after minutes.
    """

    strikes: Sequence[Strike]
    seconds: float
    rows: int
    rate: float
    seed: int
    forwarder_too: bool = True
    patience: float = 400.0


def planned(seconds: float, *, gap: float, rows: int, rate: float, seed: int) -> Plan:
    """Return a plan: first each in turn, then for two fifths of the time the batch and the target.

    So the gateway and the receiver come of age, and it can be seen whether they need more and more.
    """
    times = [gap * number for number in range(1, int(seconds / gap))]
    storm = [at for at in times if at < 0.6 * seconds]
    calm = times[len(storm) :]
    strikes = [Strike(at, PARTIES[number % 4]) for number, at in enumerate(storm)]
    strikes += [Strike(at, ("batch", "target")[number % 2]) for number, at in enumerate(calm)]
    return Plan(strikes=strikes, seconds=seconds, rows=rows, rate=rate, seed=seed)


class Soak:
    """All parties at work while the block runs, in a folder; `state` is what LINKSMS_STATE is."""

    def __init__(self, plan: Plan, folder: Path, state: str) -> None:
        self._plan = plan
        self._folder = folder
        self._state = state
        self._chance = random.Random(plan.seed)  # noqa: S311 - faults need no secrecy
        self._ends = ExitStack()
        self._is_over = threading.Event()
        self._samples: list[Sample] = []
        self._complaints: list[str] = []
        home = folder / "home"
        home.mkdir()
        self._environment = {
            "PATH": os.environ["PATH"],
            "PYTHONWARNINGS": "error",
            **private_environment(folder, home, state),
        }

    def __enter__(self) -> Self:
        plan, folder, chance = self._plan, self._folder, self._chance
        with ExitStack() as ends:
            self._target = Target(folder / "came")
            ends.callback(self._target.close)
            self._receiver = Receiver(
                folder,
                self._target,
                self._environment,
                chance,
                forwarder_too=plan.forwarder_too,
            )
            ends.callback(self._receiver.close)
            self._gateway = Gateway(folder, self._receiver.url, self._environment, chance)
            ends.callback(self._gateway.close)
            self._gateway.open()
            self._sending = Sending(
                folder,
                self._environment | account(self._gateway.url),
                rows=plan.rows,
                rate=plan.rate,
                chance=chance,
            )
            self._ends = ends.pop_all()
        return self

    def __exit__(self, *_failure: object) -> None:
        self._is_over.set()
        self._sending.close()
        self._ends.close()

    def run(self) -> Books:
        """Work and kill as planned, wait until nothing is under way, and return the books."""
        watching = threading.Thread(target=self._watch, name="watching")
        self._sending.start()
        watching.start()
        began = time.monotonic()
        try:
            for strike in self._plan.strikes:
                time.sleep(max(began + strike.at - time.monotonic(), 0))
                self._strike(self._parties[strike.party])
            time.sleep(max(began + self._plan.seconds - time.monotonic(), 0))
            self._settle()
        finally:
            self._is_over.set()
            watching.join()
        self._end()
        return self._books()

    @property
    def kills(self) -> dict[str, int]:
        """How often each was killed."""
        return {name: party.kills for name, party in self._parties.items()}

    @property
    def _parties(self) -> dict[str, Party]:
        batch = SentBatch(self._sending, self._gateway)
        parties: tuple[Party, ...] = (self._gateway, batch, self._receiver, self._target)
        return dict(zip(PARTIES, parties, strict=True))

    def _strike(self, party: Party) -> None:
        """Kill a party at its work, and have it come back."""
        before, patience = party.steps, time.monotonic() + _PATIENCE
        while party.steps < before + _STEPS and time.monotonic() < patience:
            time.sleep(0.002)
        time.sleep(self._chance.uniform(0, 0.03))
        party.kill()
        time.sleep(self._chance.uniform(0, 0.5))
        party.start()

    def _watch(self) -> None:
        """Look at those who live long, once a second."""
        while not self._is_over.wait(_SAMPLED_EVERY):
            for name, server in (
                ("gateway", self._gateway.server),
                ("receiver", self._receiver.server),
            ):
                children = server.children()
                processes = [(name, server.process.pid)]
                processes += [("forwarder", child) for child in children]
                for party, process in processes:
                    if found := sample(party, server.kills, process, server.age):
                        self._samples.append(found)

    def _settle(self) -> None:
        """Let the last batch end, and what is owed to the receiver and the target arrive."""
        self._sending.stop()
        self._sending.join()
        deadline = time.monotonic() + self._plan.patience
        while time.monotonic() < deadline and not self._is_settled():
            time.sleep(_LOOK)

    def _is_settled(self) -> bool:
        taken = books.taken(self._gateway.server.told[-1])
        if owed(taken, self._receiver.posted):
            return False
        ((stored,),) = query(self._state, "SELECT count(*) FROM callback")
        return bool(stored == len({one.webhook_id for one in self._target.came()}))

    def _end(self) -> None:
        """End those that serve, as a supervisor does."""
        for name, server in (
            ("gateway", self._gateway.server),
            ("receiver", self._receiver.server),
        ):
            if code := server.end():
                self._complaints.append(f"{name} ended {code}")
        done = self._linksms("store", "check", "--json")
        if done.returncode:
            self._complaints.append(f"store check: {done.stdout.decode()}")

    def _books(self) -> Books:
        return Books(
            rows=self._sending.rows,
            submitted=self._gateway.submitted,
            taken=[books.taken(file) for file in self._gateway.server.told],
            submissions=books.submissions(self._state),
            out=self._sending.out,
            runs=self._sending.runs(),
            posted=self._receiver.posted,
            reports=books.reports(self._state),
            told=[books.told(file) for file in self._receiver.server.told],
            arrived=books.arrived(self._target.came()),
            statuses=self._sending.statuses(),
            samples=self._samples,
            complaints=[*self._complaints, *self._sending.complaints, *self._said()],
        )

    def _said(self) -> Iterator[str]:
        """Yield what a process has said that none should."""
        for said in (self._gateway.server.said, self._receiver.server.said, self._sending.said):
            text = said.read_text()
            if "Traceback" in text:
                yield f"{said.name}: {text[text.index('Traceback') :][:2000]}"

    def _linksms(self, *words: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [sys.executable, "-m", "linksms_cli", *words],
            capture_output=True,
            check=False,
            env=self._environment,
        )

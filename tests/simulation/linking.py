"""Connections of simulated processes to a real PostgreSQL server, whose locks block.

Each statement that others can see something of is a step, and so is each commit: others have
their turns while a transaction is open. A strand whose statement waits for a lock stops until the
server has answered: the explorer sees that, and lets somebody else go on. The connections of a
process that is killed break, whatever is under way there.
"""

import re
import select
import threading
import time
from collections import defaultdict
from collections.abc import Generator
from typing import Any, ClassVar

import psycopg
from psycopg.pq import TransactionStatus

from linksms_cli.adapters.store.postgres.link import Link
from tests.simulation.clockwork import servers_time
from tests.simulation.processes import Killed, Process, Strand, current

# The statements that can see something of others, or do something to them.
_SEEN = re.compile(
    r"\b(once_key|submission|batch|forward_target|forward|callback|pg_(?:try_)?advisory_\w+)\b"
)
_CHANGES = re.compile(r"^\s*(?:INSERT|UPDATE|DELETE|COPY)\b|FOR UPDATE|advisory")
# Seconds after which a statement without an answer is looked at, between two looks, and in which
# the server has surely gone on.
_QUIET = 0.002
_PAUSE = 0.0005
_PATIENCE = 60.0


class Server:
    """What is seen of the server: who waits for a lock there."""

    def __init__(self, address: str) -> None:
        self._looking = psycopg.connect(address, autocommit=True)
        self._links: defaultdict[Process, list[SteppingLink]] = defaultdict(list)
        self._asking: list[SteppingLink] = []
        # The server's processes whose clients are gone.
        self._left: set[int] = set()

    def close(self) -> None:
        """Look no more."""
        self._looking.close()

    def add(self, link: "SteppingLink") -> None:
        """Have a connection break at the end of the process that has made it."""
        process = current().process
        if process not in self._links:
            process.at_end.append(lambda: self._leave(process))
        self._links[process].append(link)

    def await_answer(self, asking: "SteppingLink") -> None:
        """Stop the strand that calls until the server has answered, if it waits for a lock."""
        strand = current()
        has_acted = strand.has_acted
        self._asking.append(asking)
        try:
            while not self._has_answered(asking):
                strand.stop(ready=lambda: self._has_answered(asking))
        finally:
            self._asking.remove(asking)
            strand.has_acted = has_acted

    def settle(self) -> None:
        """Wait until everybody who has asked for something has an answer, or waits for a lock."""
        deadline = time.monotonic() + _PATIENCE
        while self._is_at_work():
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(_PAUSE)

    def _leave(self, process: Process) -> None:
        for one in self._links.pop(process):
            self._left.add(one.backend)
            one.pgconn.finish()
        self.settle()

    def _is_at_work(self) -> bool:
        asking = {one.backend for one in self._asking if not one.is_readable}
        if not asking and not self._left:
            return False
        rows = self._looking.execute("SELECT pid FROM pg_locks WHERE NOT granted").fetchall()
        if self._left:
            query = "SELECT pid FROM pg_stat_activity WHERE pid = ANY(%s)"
            self._left = {pid for (pid,) in self._looking.execute(query, (list(self._left),))}
        return bool((asking | self._left) - {pid for (pid,) in rows})

    def _has_answered(self, asking: "SteppingLink") -> bool:
        self.settle()
        return asking.is_readable


class SteppingCursor(psycopg.Cursor[Any]):
    """Makes steps of statements, and has the server know the time of the run."""

    connection: "SteppingLink"

    def execute(self, query: Any, *given: Any, **options: Any) -> Any:
        if _is_simulated():
            self.connection.step(query.decode())
            query = query.replace(b"clock_timestamp()", f"timestamptz '{servers_time()}'".encode())
        return super().execute(query, *given, **options)

    def executemany(self, query: Any, *given: Any, **options: Any) -> None:
        if _is_simulated():
            self.connection.step(query.decode())
        super().executemany(query, *given, **options)


class SteppingLink(Link):
    """A connection of a simulated process."""

    server: ClassVar[Server]

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.cursor_factory = SteppingCursor
        self.backend = self.info.backend_pid
        self._changes = False
        if _is_simulated():
            self.server.add(self)

    @property
    def is_readable(self) -> bool:
        """Whether the server has said something."""
        return bool(select.select([self.pgconn.socket], [], [], 0)[0])

    def step(self, statement: str) -> None:
        """Stop before a statement that others may see, unless nothing has come of the last stop."""
        strand = current()
        if strand.process.killed:
            raise Killed
        found = _SEEN.search(statement)
        name = found[1] if found else None
        if statement == "COMMIT":
            name, self._changes = "commit" if self._changes else None, False
        elif name and _CHANGES.search(statement):
            self._changes = True
        if name:
            if strand.has_acted:
                strand.stop(name)
            strand.has_acted = True

    def wait(self, gen: Generator[Any, Any, Any], *args: Any, **options: Any) -> Any:
        """Wait for the server; others go on if that waits for a lock."""
        if not _is_simulated():
            return super().wait(gen, *args, **options)
        if current().process.killed:
            raise Killed
        returned = super().wait(self._watched(gen), interval=_QUIET)
        if self.info.transaction_status is TransactionStatus.IDLE:
            self.server.settle()
        return returned

    def _watched(self, steps: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        try:
            wanted = next(steps)
            while True:
                ready = yield wanted
                if not ready:
                    self.server.await_answer(self)
                wanted = steps.send(ready)
        except StopIteration as end:
            return end.value


def _is_simulated() -> bool:
    return isinstance(threading.current_thread(), Strand)

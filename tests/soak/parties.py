"""Who works in a soak, each a process of its own that is killed and comes back."""

import random
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from tests.admin import TestGateway
from tests.ports import free_port
from tests.restarted import RestartedServer, RestartedTarget
from tests.soak import books
from tests.soak.sending import FAULTS, Sending
from tests.soak.ways import Exchange, Trouble, Way

# Of a thousand requests.
_TO_GATEWAY = {Trouble.LATE: 30, Trouble.LOST: 5, Trouble.UNHEARD: 5, Trouble.HALF: 5}
_TO_RECEIVER = {**_TO_GATEWAY, Trouble.TWICE: 20}
_TARGET_LATENCY = 0.05
_BASE_PATH = "/smscsimplehttp"


class Party(Protocol):
    """Who can be killed and comes back."""

    @property
    def steps(self) -> int:
        """How far its work has come."""

    @property
    def kills(self) -> int:
        """How often it was killed."""

    def kill(self) -> None:
        """End it in the middle of whatever it does."""

    def start(self) -> None:
        """Have it come back."""


class Gateway:
    """The sandbox, and the way to it, which is there as long as it is."""

    def __init__(
        self, folder: Path, reports_to: str, environment: Mapping[str, str], chance: random.Random
    ) -> None:
        self._chance = chance
        self._way = ExitStack()
        self._port = int(free_port())
        self.submitted: list[books.Submitted] = []
        self.url = f"http://127.0.0.1:{self._port}{_BASE_PATH}"
        self.server = RestartedServer(
            folder,
            "sandbox",
            *("--dlr-url", reports_to, "--dlr-delay", "0.05", "--latency", "10..60"),
            environment=environment,
        )

    @property
    def steps(self) -> int:
        return len(self.submitted)

    @property
    def kills(self) -> int:
        return self.server.kills

    def start(self) -> None:
        self.server.start()
        self.open()

    def kill(self) -> None:
        self.server.kill()
        self._way.close()

    def close(self) -> None:
        """Leave nothing behind."""
        self._way.close()
        self.server.process.kill()
        self.server.process.wait()

    def open(self) -> None:
        """Have it misbehave as planned, and open the way to it."""
        admin = TestGateway(self.server.url.removesuffix(_BASE_PATH))
        for kind, fault in FAULTS.items():
            admin.fail(to=f"+9995{kind}", **fault)
        life = self.server.kills

        def note(exchange: Exchange) -> None:
            self.submitted.append(books.submitted(life, exchange))

        way = Way(self.server.port, _TO_GATEWAY, self._chance, note, port=self._port)
        self._way.enter_context(way)


class Receiver:
    """`linksms listen`, which forwards to the target, and the way to it.

    Every second time that it is killed its forwarder is too, if `forwarder_too`.
    """

    def __init__(
        self,
        folder: Path,
        target: RestartedTarget,
        environment: Mapping[str, str],
        chance: random.Random,
        *,
        forwarder_too: bool,
    ) -> None:
        self._forwarder_too = forwarder_too
        self.posted: list[books.Posted] = []
        forward = ("--forward-to", f"http://127.0.0.1:{target.port}/")
        self.server = RestartedServer(folder, "listen", *forward, environment=environment)
        self._way = Way(
            self.server.port,
            _TO_RECEIVER,
            chance,
            lambda exchange: self.posted.append(books.posted(exchange)),
        )
        self._way.__enter__()
        self.url = f"http://127.0.0.1:{self._way.port}/dlr"

    @property
    def steps(self) -> int:
        return len(self.posted)

    @property
    def kills(self) -> int:
        return self.server.kills

    def start(self) -> None:
        self.server.start()

    def kill(self) -> None:
        self.server.kill(with_children=self._forwarder_too and self.server.kills % 2 == 1)

    def close(self) -> None:
        """Leave nothing behind."""
        self.server.process.kill()
        self.server.process.wait()
        self._way.__exit__(None, None, None)


class Target(RestartedTarget):
    """What reports are forwarded to; when it is killed, it owes answers for what it has taken."""

    def __init__(self, file: Path) -> None:
        super().__init__(file, latency=_TARGET_LATENCY)

    @property
    def steps(self) -> int:
        return self.file.stat().st_size

    def close(self) -> None:
        """Leave nothing behind."""
        self.process.kill()
        self.process.communicate()


class SentBatch:
    """The batch that is sent now; it comes back by itself."""

    def __init__(self, sending: Sending, gateway: Gateway) -> None:
        self._sending = sending
        self._gateway = gateway

    @property
    def steps(self) -> int:
        return self._gateway.steps

    @property
    def kills(self) -> int:
        return self._sending.kills

    def kill(self) -> None:
        self._sending.kill()

    def start(self) -> None:
        pass

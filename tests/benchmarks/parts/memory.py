"""How much memory a command takes at most, and `listen` after many reports."""

from collections.abc import Iterator

from tests.benchmarks.figures import Figure, Result
from tests.benchmarks.gateway import account_at, running_gateway
from tests.benchmarks.receivers import Server, listen
from tests.benchmarks.turns import ENVIRONMENT, LINKSMS, Run, cost

RIVALS = ("wrk",)
ROUNDS = 3

_REPORTS = 1_000_000
_SECONDS = 5


def measure(run: Run) -> Result:
    """Run the commands some times each, and the receiver once."""
    figures = [*_commands(run)]
    if run.rivals.has("wrk"):
        figures += _receiver(run)
    return Result(
        title=f"memory: the most a command has, {run.rounds} times each",
        figures=figures,
        missing=run.rivals.told(*RIVALS),
    )


def _commands(run: Run) -> Iterator[Figure]:
    send = [*LINKSMS, "send", "-t", "+99955501234", "-f", "LINK", "Hej"]
    with running_gateway() as port:
        environment = ENVIRONMENT | account_at(port) | {"LINKSMS_STATE": str(run.folder / "sent")}
        for name, command, most in (
            ("code 1001", [*LINKSMS, "code", "1001"], 25),
            ("send, durable", send, 35),
        ):
            samples = [cost(command, environment).memory for _ in range(run.rounds)]
            yield Figure(name=name, samples=samples, unit="MiB", most=most)


def _receiver(run: Run) -> Iterator[Figure]:
    """Yield what the receiver holds at its start, and after a growing number of reports."""
    with Server(start=listen, folder=run.folder) as server:
        yield Figure(name="listen, at its start", samples=[server.memory()], unit="MiB")
        count = 0
        for step in (0.1, 0.5, 1):
            while count < run.scaled(_REPORTS) * step:
                count += server.post("JSON", 128, min(_SECONDS, _SECONDS * run.scale * 10)).reports
            name = f"listen, after {count:,} reports"
            yield Figure(name=name, samples=[server.memory()], unit="MiB", most=45)

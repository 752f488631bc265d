"""With a seed, what nobody chose is the same in every run."""

from linksms_cli.adapters.sandbox import Sandbox
from linksms_cli.sms.sandbox.settings import Latency, SandboxSettings
from tests.adapters.sandbox.conftest import client_of


def test_ids_times_and_latencies_repeat() -> None:
    def run(seed: int) -> tuple[list[str], list[object]]:
        latency = Latency(least=0.0, most=0.02)
        with Sandbox(SandboxSettings(seed=seed, latency=latency)) as sandbox:
            client = client_of(sandbox)
            bodies = [client.send().body.decode() for _ in range(5)]
            listed = client.ask("GET", "/messages").json
            return bodies, [each["received_at"] for each in listed]

    assert run(7) == run(7)
    assert run(7)[0] != run(8)[0]
    assert run(7)[1][0] == "2026-01-01T00:00:01.000Z"


def test_without_one_nothing_repeats() -> None:
    def run() -> str:
        with Sandbox() as sandbox:
            return client_of(sandbox).send().fields[2]

    assert run() != run()

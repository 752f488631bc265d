"""What `linksms listen --keep` forgets, and what it does not."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from linksms_cli.adapters.store import Store, store_in
from linksms_cli.sms.story import Chore
from tests.conftest import Linksms, account, until
from tests.ports import free_port
from tests.reporting import keep, report, request
from tests.server import running
from tests.targets import a_target

SEND = ("send", "-t", "+99955501234", "-f", "LINK", "--once", "k", "x", "--json")


def store(environment: dict[str, str]) -> Store:
    return store_in(Path(environment["LINKSMS_STATE"]))


def stored(environment: dict[str, str]) -> list[int]:
    return [event.number for event in store(environment).callbacks()]


def test_what_is_old_goes_and_a_once_key_still_holds(
    environment: dict[str, str], linksms: Linksms
) -> None:
    with running(environment, "sandbox") as sandbox:
        environment |= account(sandbox.url)
        assert linksms(*SEND).record["outcome"] == "accepted"
        with running(environment, "listen", "--keep", "1s") as server:
            assert request(server.url, report(id="m")).status == 200
            assert server.event()["id"] == "m"
            until(lambda: not stored(environment))
            until(lambda: not linksms("status", "--json").records)
            assert server.end().code == 0
        assert linksms(*SEND).record["outcome"] == "skipped"


def test_what_is_younger_stays(environment: dict[str, str]) -> None:
    keep(store(environment), report(id="old"))
    environment["LINKSMS_LISTEN_KEEP"] = "90d"
    with running(environment, "listen") as server:
        assert request(server.url, report(id="new")).status == 200
        assert server.end().code == 0
    assert stored(environment) == [1, 2]


def test_of_several_receivers_one_forgets_at_a_time(environment: dict[str, str]) -> None:
    begun = datetime.now(UTC)
    keep(store(environment), *(report(id=f"m{number}") for number in range(100)))
    with (
        store(environment).hold(Chore.FORGETTING) as is_ours,
        running(environment, "listen", "--keep", "1s"),
        running(environment, "listen", "--keep", "1s"),
    ):
        assert is_ours
        # They look each second, and all is older than that for two more.
        until(lambda: datetime.now(UTC) - begun > timedelta(seconds=3))
        assert len(stored(environment)) == 100
    with (
        running(environment, "listen", "--keep", "1s") as one,
        running(environment, "listen", "--keep", "1s") as two,
    ):
        until(lambda: not stored(environment))
        assert one.end().stderr == two.end().stderr == ""


def test_what_waits_for_a_target_is_forwarded_first(environment: dict[str, str]) -> None:
    port = int(free_port())
    words = ("--keep", "1s", "--forward-to", f"http://127.0.0.1:{port}")
    with running(environment, "listen", *words) as server:
        assert request(server.url, report(id="waits")).status == 200
        assert request(server.url, b"is no report").status == 200
        until(lambda: stored(environment) == [1])  # the other is forwarded to nobody
        server.process.kill()
    with a_target(port=port) as target, running(environment, "listen", *words):
        until(lambda: target.came)
        until(lambda: not stored(environment))
    assert json.loads(target.came[0].body)["id"] == "waits"


def test_a_receiver_that_is_killed_meanwhile_loses_nothing(environment: dict[str, str]) -> None:
    keep(store(environment), *(report(id=f"old{number}") for number in range(3000)))
    acknowledged = 0
    for _ in range(5):
        with running(environment, "listen", "--keep", "1h") as server:
            for number in range(20):
                answer = request(server.url, report(id=f"new{acknowledged}-{number}"))
                assert answer.status == 200
            acknowledged += 20
            server.process.kill()
    assert len(stored(environment)) == 3000 + acknowledged


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--keep", "90"), "--keep '90' has no unit"),
        (("--keep", "0d"), "would keep nothing"),
        (("--keep", "soon"), "is not a duration"),
        (("--keep", "90d", "--replay"), "--keep"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    linksms: Linksms, words: tuple[str, ...], said: str
) -> None:
    done = linksms("listen", *words)
    assert (done.code, done.stdout, said in done.stderr) == (2, "", True)

"""How long it takes to send one message, or to post with another tool."""

import itertools
import sys
from functools import partial
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Result
from tests.benchmarks.gateway import account_at, running_gateway
from tests.benchmarks.turns import (
    ENVIRONMENT,
    LINKSMS,
    Run,
    compared,
    milliseconds,
    seconds,
    take_turns,
)

if TYPE_CHECKING:
    from collections.abc import Callable

RIVALS = ("curl", "httpie", "apprise")
ROUNDS = 20

_ONE_LINER = "requests one-liner"


def measure(run: Run) -> Result:
    """Have all post to one gateway on loopback, in turns."""
    rivals = run.rivals
    with running_gateway() as port:
        account = account_at(port)
        url = account["LINKSMS_BASE_URL"]
        environment = ENVIRONMENT | account | {"LINKSMS_STATE": str(run.folder / "state")}
        post = f"import requests; requests.post({url!r}, params={{'Userdata': 'Hej'}})"
        send = [*LINKSMS, "send", "-t", "+99955501234", "-f", "LINK", "Hej"]
        commands = {
            _ONE_LINER: [sys.executable, "-c", post],
            "send": send,
            "send --no-store": [*send, "--no-store"],
        }
        if rivals.has("curl"):
            commands["curl"] = ["curl", "-sf", "-X", "POST", f"{url}?Userdata=Hej"]
        if rivals.has("httpie"):
            http = rivals.program("http")
            commands["httpie"] = [http, "--ignore-stdin", "POST", url, "Userdata==Hej"]
        if rivals.has("apprise"):
            apprise = rivals.program("apprise")
            commands["apprise"] = [apprise, "-b", "Hej", f"json://127.0.0.1:{port}/"]
        contenders: dict[str, Callable[[], float]] = {
            name: partial(seconds, command, environment) for name, command in commands.items()
        }
        keys = itertools.count()
        contenders["send --once"] = lambda: seconds(
            [*send, "--once", f"key-{next(keys)}"], environment
        )
        taken = take_turns(contenders, run.rounds)
    goals = [compared(taken, "send", _ONE_LINER, most=1.0)]
    if rivals.has("httpie"):
        goals.append(compared(taken, "send", "httpie", most=0.45))
    return Result(
        title=f"send: one message, durable, to a gateway on loopback, {run.rounds} turns each",
        figures=[*milliseconds(taken), *goals],
        missing=rivals.told(*RIVALS),
    )

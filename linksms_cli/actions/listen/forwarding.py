"""Forward stored reports in a process of its own, so that to receive them takes no longer.

Two designs were weighed. Threads of the receiver would share its one interpreter, and a target that
answers fast would take the time that reports need. So a second process reads the store, as any
other receiver's does, and is told nothing by the first but what to forward to.
"""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from linksms_cli.actions.listen.forward_events import ForwardEvent
from linksms_cli.actions.listen.forwarder import CONNECTIONS, Forwarder, ForwardTerms, run_all
from linksms_cli.adapters.companion import Companion
from linksms_cli.adapters.store import Store, find_store
from linksms_cli.adapters.threads import start_thread
from linksms_cli.adapters.tls import tls_context
from linksms_cli.sms.dlr.receiving import (
    ForwardFailed,
    ReceiverTrouble,
    ReportForwarded,
    StoredCallback,
)
from linksms_cli.sms.forward.due import Attempted, Due
from linksms_cli.sms.forward.posting import posting
from linksms_cli.sms.forward.signing import read_keys
from linksms_cli.sms.forward.target import ForwardAs, Target

if TYPE_CHECKING:
    from linksms_cli.adapters.http.posting import Poster

# How much later than the receiver it has its turn, should both want the processor.
_NICE = 5
_EVENTS: dict[str, type[ForwardEvent]] = {
    kind.__name__: kind for kind in (ReportForwarded, ForwardFailed, ReceiverTrouble)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarding:
    """What to forward to, for how many seconds, and signed with what.

    `answer` is how many seconds a target has for an answer; the claim to its report is renewed
    meanwhile.
    """

    targets: tuple[Target, ...] = ()
    patience: float = 86400.0
    answer: float = 90.0
    secret: str | None = field(default=None, repr=False)
    ca_bundle: str | None = None
    verbose: bool = False


NOTHING = Forwarding()


def forwarding(
    asked: Forwarding,
    store: Store,
    module: str,
    *,
    tell: Callable[[ForwardEvent], None],
) -> ExitStack:
    """Forward while the block runs; `module` has the `main` that calls `forward_all`.

    Targets are known to the store when this returns: what is stored from now on is forwarded.
    """
    ends = ExitStack()
    begin_forwards(store, asked.targets)
    if asked.targets:
        ends.enter_context(
            Companion(
                module,
                asdict(asked),
                told=lambda event: tell(_EVENTS[event.pop("kind")](**event)),
                ended=lambda how: tell(ReceiverTrouble(message=f"forwarding {how}")),
            )
        )
    return ends


def begin_forwards(store: Store, targets: Sequence[Target]) -> None:
    """Make targets known to a store, which has them for whatever is stored from now on."""
    for target in targets:
        store.forwards(target, "").close()


def forward_all(
    order: Mapping[str, Any],
    record: Callable[[StoredCallback], Mapping[str, Any]],
    user_agent: str,
) -> None:
    """Forward, in this process, until stdin ends; `record` makes the JSON object of an event."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows; elsewhere it is held back
    with suppress(OSError, AttributeError):
        os.nice(_NICE)
    asked = _read(order)
    tell = _teller()
    keys = read_keys(asked.secret) if asked.secret else ()
    stop = threading.Event()
    start_thread(threading.Thread(target=_await_end, args=(stop,), daemon=True))
    with ExitStack() as ends:
        forwarders = []
        owner = str(uuid4())
        for target in asked.targets:
            poster = ends.enter_context(closing(_poster(asked, user_agent)))
            forwarders.append(
                Forwarder(
                    find_store(os.environ),
                    target,
                    owner=owner,
                    post=_posts(poster, target, keys, record),
                    cut=poster.cut,
                    tell=tell,
                    terms=ForwardTerms(
                        patience=timedelta(seconds=asked.patience), verbose=asked.verbose
                    ),
                )
            )
        run_all(forwarders, stop)


def _await_end(stop: threading.Event) -> None:
    sys.stdin.buffer.read()
    stop.set()


def _read(order: Mapping[str, Any]) -> Forwarding:
    targets = tuple(
        Target(
            url=one["url"],
            form=ForwardAs(one["form"]),
            name=one["name"],
            headers=tuple((name, value) for name, value in one["headers"]),
        )
        for one in order["targets"]
    )
    return Forwarding(**{**order, "targets": targets})


def _teller() -> Callable[[ForwardEvent], None]:
    lock = threading.Lock()

    def tell(event: ForwardEvent) -> None:
        line = json.dumps({"kind": type(event).__name__, **asdict(event)})
        with lock, suppress(OSError):  # the receiver is gone; so is this, in a moment
            os.write(sys.stdout.fileno(), line.encode() + b"\n")

    return tell


def _poster(asked: Forwarding, user_agent: str) -> "Poster":
    from linksms_cli.adapters.http.posting import Poster

    return Poster(
        timeout=asked.answer,
        user_agent=user_agent,
        tls_context=lambda: tls_context(asked.ca_bundle),
        connections=CONNECTIONS,
    )


def _posts(
    poster: "Poster",
    target: Target,
    keys: Sequence[bytes],
    record: Callable[[StoredCallback], Mapping[str, Any]],
) -> Callable[[Due], Attempted]:
    def post(due: Due) -> Attempted:
        asked = posting(target, due, keys=keys, record=record, now=datetime.now(UTC))
        began = time.monotonic()
        receipt = poster.send(asked.method, asked.url, body=asked.body, headers=asked.headers)
        return Attempted(*receipt, elapsed_ms=round((time.monotonic() - began) * 1000))

    return post

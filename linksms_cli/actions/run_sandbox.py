"""Run a gateway of our own, and tell what comes in."""

from collections.abc import Generator
from queue import Empty, SimpleQueue

from linksms_cli.sms.sandbox import Callback, Credentials, Event, Ready

# Seconds after which a wait looks up: on Windows Ctrl-C cannot end one that is under way.
_LOOK_UP = 0.5


def run_sandbox(
    *,
    host: str,
    port: int,
    credentials: Credentials | None,
    latency: float,
    rate: int | None,
    strict: bool,
    dlr: Callback | None,
) -> Generator[Event, None, None]:
    """Yield Ready once it listens, then each message and each attempt to deliver a report.

    It runs until the iterator is closed. Raises ConfigurationError where it cannot listen.
    """
    from linksms_cli.adapters.sandbox import Sandbox

    events: SimpleQueue[Event] = SimpleQueue()
    with Sandbox(
        host=host,
        port=port,
        credentials=credentials,
        latency=latency,
        rate=rate,
        strict=strict,
        dlr=dlr,
        observe=events.put,
    ) as sandbox:
        yield Ready(url=sandbox.url)
        while True:
            try:
                yield events.get(timeout=_LOOK_UP)
            except Empty:
                continue

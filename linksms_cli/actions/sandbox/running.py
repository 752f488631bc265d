"""Run a gateway of our own, and report what comes in."""

from collections.abc import Generator, Mapping
from contextlib import suppress
from queue import Empty, SimpleQueue

from linksms_cli.sms import paths
from linksms_cli.sms.account import base_url
from linksms_cli.sms.account.keys import Key
from linksms_cli.sms.receiver_url import ReceiverUrl
from linksms_cli.sms.sandbox.message import SandboxEvent, SandboxReady
from linksms_cli.sms.sandbox.settings import SandboxSettings

# Seconds: a wait for the next event looks up so often whether a signal has come; and so long
# after it whoever shows the events has time for the last ones.
_LOOK_UP = 0.1
_PATIENCE = 1.0


def run_sandbox(
    settings: SandboxSettings, environ: Mapping[str, str]
) -> Generator[SandboxEvent, None, None]:
    """Yield SandboxReady once it listens, then each message and each attempt to deliver a report.

    It runs until Ctrl-C or SIGTERM, and yields what came before that. Raises ConfigurationError if
    it cannot listen, or LINKSMS_CA_BUNDLE cannot be read; Terminated if nobody takes the last
    events.
    """
    from linksms_cli.adapters.sandbox import Sandbox
    from linksms_cli.adapters.signals import Interruption
    from linksms_cli.adapters.tls import tls_context

    events: SimpleQueue[SandboxEvent] = SimpleQueue()
    context = None
    if settings.dlr is not None and ReceiverUrl.parse(settings.dlr.url).scheme == "https":
        bundle = paths.from_variable(Key.CA_BUNDLE.variable, environ)
        context = tls_context(str(bundle) if bundle else None)
    with Interruption(patience=_PATIENCE) as interrupted:
        with Sandbox(settings, observe=events.put, tls_context=context) as sandbox:
            local = base_url.is_loopback(settings.host)
            yield SandboxReady(url=sandbox.url, open_to=None if local else settings.host)
            while not interrupted():
                with suppress(Empty):
                    yield events.get(timeout=_LOOK_UP)
        with suppress(Empty):
            while True:
                yield events.get_nowait()

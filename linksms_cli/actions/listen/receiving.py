"""Receive delivery reports until there is a reason to stop."""

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import TypeVar

from linksms_cli.actions.config.account import find_place
from linksms_cli.actions.listen.certificate import ShownCertificate
from linksms_cli.actions.listen.forwarding import NOTHING, Forwarding, begin_forwards, forwarding
from linksms_cli.actions.listen.keeping import Keeper
from linksms_cli.actions.listen.receiver import Receiver
from linksms_cli.adapters import supervisor
from linksms_cli.adapters.signals import Interruption
from linksms_cli.adapters.store import Store, find_store
from linksms_cli.errors import ConfigurationError, ExitCode
from linksms_cli.sms.account import base_url
from linksms_cli.sms.certificate import CertificateFiles
from linksms_cli.sms.dlr.admission import Admission
from linksms_cli.sms.dlr.delivery import Delivery
from linksms_cli.sms.dlr.receiving import (
    Ending,
    ReceivedReport,
    ReceiverEvent,
    ReceiverReady,
    ReceiverStopped,
)
from linksms_cli.sms.dlr.report import split_id
from linksms_cli.sms.receiver_url import ReceiverUrl
from linksms_cli.sms.story import Story

# Seconds after which a wait looks whether to stop, and whether somebody else had the report.
_LOOK_UP = 0.1
_LOOK_INTO_STORE = 1.0
# Seconds after a signal in which whoever shows the events must take another one, and in which what
# is under way must be done: more than the server gives it.
_PATIENCE = 5.0
_CLOSING = 30.0
# Events that are shown at once, at most.
_PIECE = 500

_Event = TypeVar("_Event", bound=ReceiverEvent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where to listen, what to answer and whom to let in; `public_url` is where LINK finds it.

    With a `certificate` it speaks TLS. With `metrics`, it shows its figures at /metrics. Whoever
    takes long over each event is given them `one_by_one`, and can be stopped between two.
    """

    host: str
    port: int
    path: str
    reply: bytes = b""
    admission: Admission = field(default_factory=Admission)
    public_url: str | None = None
    metrics: bool = False
    certificate: CertificateFiles | None = None
    one_by_one: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Until:
    """When to stop by itself: a message is final, so many new reports are in, time is up.

    `final` is a message's id or that of a part of it, or the beginning of one that the store holds.
    """

    final: str | None = None
    enough: int | None = None
    timeout: float | None = None


def receive(
    listening: Listening,
    until: Until,
    environ: Mapping[str, str],
    *,
    forwards: Forwarding = NOTHING,
    forwarder: str = "",
    keep: timedelta | None = None,
) -> Generator[Sequence[ReceiverEvent], None, None]:
    """Yield ReceiverReady once it listens, then what comes in, and ReceiverStopped at the end.

    What comes in is forwarded too, by the module named `forwarder` (see `forwarding`), and what is
    older than `keep` is forgotten. A signal is a normal end too, except that SIGHUP has the
    certificate read again if there is one.

    Raises UsageError for an ambiguous beginning of a message id, ConfigurationError, StoreError,
    and Terminated where nobody takes the last events.
    """
    store = find_store(environ)
    if until.final is not None:
        until = replace(until, final=_message_id(store, until.final))
    known = _story(store, until.final)
    if known and known.final:
        yield [_final(known)]
        return
    most = 1 if listening.one_by_one else _PIECE
    certificate = _certificate(listening)
    reload = certificate.renew if certificate else None
    with Interruption(patience=_PATIENCE, hangup=True, reload=reload) as signals:
        receiver = Receiver(
            store,
            host=listening.host,
            port=listening.port,
            path=listening.path,
            reply=listening.reply,
            admission=listening.admission,
            metered=forwards.targets if listening.metrics else None,
            tls=certificate.context if certificate else None,
            renewed=partial(begin_forwards, store, forwards.targets),
        )
        kept = certificate.kept(receiver.say) if certificate else nullcontext()
        keeper = _keeper(store, keep, forwards.patience, receiver)
        with forwarding(forwards, store, forwarder, tell=receiver.say), receiver, kept, keeper:
            supervisor.notify("READY=1", environ)
            yield [ReceiverReady(url=receiver.url)]
            stopped = yield from _tell(receiver, store, until, signals, most)
            supervisor.notify("STOPPING=1", environ)
            signals.renew(_CLOSING)
        signals.renew()
        if stopped.why in {Ending.SIGNAL, Ending.TIMEOUT}:
            yield from _tell_the_rest(receiver, signals, most)
        yield [stopped]


def _keeper(
    store: Store, keep: timedelta | None, patience: float, receiver: Receiver
) -> AbstractContextManager[object]:
    if keep is None:
        return nullcontext()
    return Keeper(store, keep, patience=timedelta(seconds=patience), tell=receiver.say)


def base_url_host(environ: Mapping[str, str]) -> str | None:
    """Return the host of the gateway that the user sends through, if a profile or so says it."""
    try:
        url = find_place(None, environ).values.base_url
    except ConfigurationError:
        return None
    return base_url.parts(url).host if url else None


def _certificate(listening: Listening) -> ShownCertificate | None:
    if listening.certificate is None:
        return None
    # What a proxy's clients know is the name of the proxy.
    url = listening.public_url if not listening.admission.proxies else None
    return ShownCertificate(listening.certificate, ReceiverUrl.parse(url).host if url else None)


def _tell(
    receiver: Receiver, store: Store, until: Until, signals: Interruption, most: int
) -> Generator[Sequence[ReceiverEvent], None, ReceiverStopped]:
    """Yield what comes in, `most` at once, until there is a reason to stop, and return it."""
    now = time.monotonic()
    deadline = now + until.timeout if until.timeout is not None else None
    look = now
    new = 0
    while not signals():
        now = time.monotonic()
        if deadline is not None and now >= deadline:
            waited = until.final is not None or until.enough is not None
            code = ExitCode.PENDING if waited else ExitCode.DONE
            return ReceiverStopped(why=Ending.TIMEOUT, exit_code=code)
        if until.final and now >= look:
            # Another receiver on the store may have had the report.
            look = now + _LOOK_INTO_STORE
            known = _story(store, until.final)
            if known and known.final:
                yield from _pieces(receiver.told(), most)
                return _final(known)
        wait = _LOOK_UP if deadline is None else max(min(_LOOK_UP, deadline - now), 0.001)
        for events in _pieces(receiver.told(wait), most):
            for place, event in enumerate(events, start=1):
                if not isinstance(event, ReceivedReport):
                    continue
                new += not event.duplicate
                stopped = _reason(event, new, until, store)
                if stopped:
                    yield events[:place]
                    return stopped
            yield events
            if signals() or (deadline is not None and time.monotonic() >= deadline):
                break  # more may come in than is told
    return ReceiverStopped(why=Ending.SIGNAL, exit_code=ExitCode.DONE)


def _reason(event: ReceivedReport, new: int, until: Until, store: Store) -> ReceiverStopped | None:
    """Return whether this report, the `new`th new one, is what was waited for."""
    if event.report.message_id == until.final and event.delivery.final:
        return _final(event.delivery)
    if until.enough is not None and new >= until.enough:
        return ReceiverStopped(why=Ending.ENOUGH, exit_code=_so_far(store, until.final))
    return None


def _so_far(store: Store, message_id: str | None) -> ExitCode:
    """Return what to end with before the message that was waited for, if one was, is final."""
    if message_id is None:
        return ExitCode.DONE
    known = _story(store, message_id)
    return known.exit_code if known else ExitCode.PENDING


def _tell_the_rest(
    receiver: Receiver, signals: Interruption, most: int
) -> Iterator[Sequence[ReceiverEvent]]:
    """Yield what came in before the end; the store has it too, should nobody read on.

    Who reads slowly gets more time with each piece, but not who takes long over a single event.
    """
    while rest := list(_pieces(receiver.told(), most)):
        for events in rest:
            if most > 1:
                signals.renew()
            yield events


def _pieces(events: Iterator[_Event], most: int) -> Iterator[Sequence[_Event]]:
    """Give events in pieces that can be shown at once; it waits for nothing but the first."""
    while piece := list(islice(events, most)):
        yield piece


def _final(known: Delivery | Story) -> ReceiverStopped:
    return ReceiverStopped(why=Ending.FINAL, exit_code=known.exit_code, outcome=known.outcome)


def _message_id(store: Store, asked: str) -> str:
    """Return the message id that is meant, which may be one that the store does not know yet."""
    if store.exists():
        with closing(store.stories()) as stories:
            if found := stories.find(asked):
                return found
    return split_id(asked)[0]


def _story(store: Store, message_id: str | None) -> Story | None:
    if message_id is None or not store.exists():
        return None
    with closing(store.stories()) as stories:
        return stories.story(message_id)

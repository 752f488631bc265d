"""Submit an order: one result for each recipient, an intent before it, nothing sent twice."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from linksms_cli.actions.sender import Sender, Terms
from linksms_cli.adapters.gateway import Gateway
from linksms_cli.adapters.signals import Interruption
from linksms_cli.adapters.store import database
from linksms_cli.adapters.store.ledger import NoLedger, StoredLedger
from linksms_cli.adapters.store.once import OnceConflictError, OnceKey
from linksms_cli.adapters.tls import tls_context
from linksms_cli.errors import StoreError
from linksms_cli.sms.account import base_url as base_urls
from linksms_cli.sms.account.profile import Account, Settings
from linksms_cli.sms.mt.order import Order, refusals
from linksms_cli.sms.mt.result import Outcome, Problem, Result
from linksms_cli.sms.mt.result_of import ResultOf, after_waiting


class _Place(NamedTuple):
    """Where an order goes, and where that is remembered: the person's own, or a sandbox's."""

    settings: Settings
    store: Path | None
    proxies: bool


def submit(
    order: Order,
    settings: Settings | None,
    terms: Terms,
    *,
    store: bool,
    environ: Mapping[str, str],
) -> Iterator[Result]:
    """Yield each recipient's result, in the order given, as soon as it is stored.

    Without `settings` a sandbox and a store of its own take the order, and end with it. Ctrl-C and
    SIGTERM end it in order: a request that is out becomes `unknown`, what has not gone out
    `not_sent`; then KeyboardInterrupt or Terminated is raised.

    Raises, before anything is stored or sent: ConfigurationError where the CA bundle or the proxy
    cannot be used, StoreError where the store cannot be opened.
    """
    with ExitStack() as stack:
        interrupted = stack.enter_context(Interruption())
        if settings is None:
            place = _sandbox(stack, reports=terms.wait is not None and not terms.dry_run)
        else:
            folder = database.state_folder(environ) if store else None
            place = _Place(settings=settings, store=folder, proxies=True)
        yield from _results(order, place, terms, interrupted, stack)
    interrupted.raise_if_any()


def _sandbox(stack: ExitStack, *, reports: bool) -> _Place:
    """Start a gateway and a store that end with the command, and a receiver where one waits."""
    from linksms_cli.adapters.sandbox import Sandbox
    from linksms_cli.sms.sandbox import Callback

    folder = Path(stack.enter_context(TemporaryDirectory(prefix="linksms-")))
    callback = None
    if reports:
        from linksms_cli.actions.receiver import Receiver

        callback = Callback(url=stack.enter_context(Receiver(folder)).url)
    sandbox = stack.enter_context(Sandbox(dlr=callback))
    account = Account(
        base_url=sandbox.url,
        service_id=1,
        username="sandbox",
        password="sandbox",  # noqa: S106 - our own gateway takes any
    )
    return _Place(settings=Settings(name=None, account=account), store=folder, proxies=False)


def _results(
    order: Order, place: _Place, terms: Terms, interrupted: Interruption, stack: ExitStack
) -> Iterator[Result]:
    result_of = ResultOf(order=order, profile=place.settings.name)
    refusal = next(refusals(order), None)
    if refusal:
        yield from _each(order, lambda recipient: result_of.refused(recipient, refusal))
        return
    # What is configured is read before a key is claimed or an intent stored, by a dry run too.
    gateway = _gateway(place, stack)
    stored = _open_store(order, place.store, terms, stack)
    if order.key and stored:
        account = place.settings.account
        problem = stack.enter_context(_taken_key(order, account, terms, stored, interrupted))
        if problem:
            busy = problem.kind == "once_busy"
            make = result_of.unknown if busy else result_of.refused
            yield from _each(order, lambda recipient: make(recipient, problem))
            return
    _warn_of_plain_http(place.settings.account, terms)
    sender = Sender(
        order,
        place.settings,
        terms,
        gateway=gateway,
        ledger=stored or NoLedger(),
        interrupted=interrupted,
    )
    slots = _slots(order)
    results = _each(order, lambda recipient: sender.one(recipient, next(slots[recipient])))
    if terms.wait is None or terms.dry_run or stored is None:
        yield from results
    else:
        yield from _awaited(results, terms.wait, terms, stored, interrupted)


def _gateway(place: _Place, stack: ExitStack) -> Gateway:
    ca_bundle = place.settings.ca_bundle
    gateway = Gateway(
        place.settings.account,
        tls_context=lambda: tls_context(ca_bundle),
        proxies=place.proxies,
    )
    stack.callback(gateway.close)
    return gateway


def _awaited(
    results: Iterator[Result],
    seconds: float,
    terms: Terms,
    ledger: StoredLedger,
    interrupted: Interruption,
) -> Iterator[Result]:
    """Yield the results once what was accepted is final, or the wait is over."""
    from linksms_cli.actions.await_delivery import await_delivery, warn_of_silence
    from linksms_cli.adapters.store.stories import Stories

    warn_of_silence(ledger.folder, terms.warn)
    sent = []
    for result in results:
        if result.outcome is Outcome.ACCEPTED and result.message_id:
            terms.accepted(result)
        sent.append(result)
    ids = [r.message_id for r in sent if r.outcome is Outcome.ACCEPTED and r.message_id]
    with Stories(ledger.folder) as stories:
        found = await_delivery(
            stories, ids, seconds=seconds, interrupted=interrupted, tell=terms.tell
        )
    for result in sent:
        if result.outcome is Outcome.ACCEPTED:
            delivery = found.get(result.message_id or "")
            settled = after_waiting(result, delivery, seconds, interrupted=interrupted())
            try:
                ledger.settle(settled)
            except StoreError as failure:
                terms.warn(f"the outcome could not be stored: {failure.message}")
            yield settled
        else:
            yield result


def _each(order: Order, make: Callable[[str], Result]) -> Iterator[Result]:
    """Yield a result for each recipient; one given twice is made once."""
    made: dict[str, Result] = {}
    for recipient in order.recipients:
        if recipient in made and not order.allow_duplicates:
            twice = Problem(
                kind="duplicate",
                message="given twice, and sent once",
                hint="To send it as often as it is given, add --allow-duplicates.",
            )
            yield made[recipient]._replace(outcome=Outcome.SKIPPED, error=twice)
        else:
            made[recipient] = make(recipient)
            yield made[recipient]


def _slots(order: Order) -> dict[str, Iterator[int]]:
    """Give each recipient its places in the order's payload, whatever order they were named in."""
    slots: dict[str, list[int]] = {}
    for slot, recipient in enumerate(sorted(order.distinct)):
        slots.setdefault(recipient, []).append(slot)
    return {recipient: iter(found) for recipient, found in slots.items()}


def _open_store(
    order: Order, folder: Path | None, terms: Terms, stack: ExitStack
) -> StoredLedger | None:
    if folder is None or (terms.dry_run and not database.exists(folder)):
        return None
    ledger = StoredLedger(folder, read_only=terms.dry_run)
    stack.callback(ledger.close)
    if order.key and ledger.created:
        terms.warn(
            f"the store was made just now in {folder}: "
            "the key protects from now on, and only where this store is kept"
        )
    return ledger


def _warn_of_plain_http(account: Account, terms: Terms) -> None:
    base_url = base_urls.parts(account.base_url)
    if base_url.scheme == "http" and not base_url.is_loopback and not terms.dry_run:
        terms.warn("plain HTTP: the password can be read by everybody on the way")


@contextmanager
def _taken_key(
    order: Order, account: Account, terms: Terms, ledger: StoredLedger, interrupted: Interruption
) -> Iterator[Problem | None]:
    """Hold and claim the order's key while the block runs, or say why that cannot be."""
    key = OnceKey(account.base_url, account.service_id, order.key or "")
    with ExitStack() as stack:
        if not terms.dry_run:
            holding = ledger.hold(key, timeout=terms.timeout, interrupted=interrupted)
            if not stack.enter_context(holding):
                yield Problem(
                    kind="once_busy",
                    message=f"another process is sending under the key {key.key!r}",
                    hint="Run the same command when it has ended: it tells what became of it.",
                )
                return
        problem: Problem | None = None
        try:
            ledger.claim(key, order.payload())
        except OnceConflictError:
            problem = Problem(
                kind="once_conflict",
                message=f"the key {key.key!r} was used for another message",
                hint="Use a new key for a new message.",
            )
        yield problem

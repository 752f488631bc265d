"""Submit an order: one result for each recipient, an intent before it, nothing sent twice."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial

from linksms_cli.actions.send.sender import Sender
from linksms_cli.actions.send.terms import Route, Teller, Terms
from linksms_cli.adapters.gateway import Gateway
from linksms_cli.adapters.signals import Interruption
from linksms_cli.adapters.store import Outbox, Store, find_store
from linksms_cli.adapters.tls import tls_context
from linksms_cli.sms.account import base_url as base_urls
from linksms_cli.sms.account.profile import Account, Settings
from linksms_cli.sms.mt.order import Order, refusals
from linksms_cli.sms.mt.result import Problem, Result
from linksms_cli.sms.mt.result_of import ResultOf
from linksms_cli.sms.outcome import Outcome


def submit(
    order: Order,
    settings: Settings | None,
    terms: Terms,
    teller: Teller,
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
            from linksms_cli.actions.send.sandbox import to_sandbox

            route = to_sandbox(stack, reports=terms.wait is not None and not terms.dry_run)
        else:
            kept = find_store(environ) if store else None
            route = Route(settings=settings, store=kept, proxies=True)
        yield from _results(order, route, terms, teller, interrupted, stack)
    interrupted.raise_if_any()


def _results(
    order: Order,
    route: Route,
    terms: Terms,
    teller: Teller,
    interrupted: Interruption,
    stack: ExitStack,
) -> Iterator[Result]:
    result_of = ResultOf(order=order, profile=route.settings.name)
    refusal = next(refusals(order), None)
    if refusal:
        yield from _each(order, lambda recipient: result_of.refused(recipient, refusal))
        return
    # What is configured is read before a key is claimed or an intent stored, by a dry run too.
    gateway = _gateway(route, stack)
    store = route.store
    outbox = _open_outbox(order, store, terms, teller, stack)
    claim: int | None = None
    if order.key and store and outbox:
        from linksms_cli.actions.send.keys import taken_key

        account = route.settings.account
        taking = taken_key(order, account, terms, store, outbox, interrupted)
        taken = stack.enter_context(taking)
        if isinstance(taken, Problem):
            make = result_of.unknown if taken.kind == "once_busy" else result_of.refused
            yield from _each(order, partial(make, problem=taken))
            return
        claim = taken
    if not terms.dry_run:
        _warn_of_plain_http(route.settings.account, teller)
    sender = Sender(
        order,
        route.settings,
        terms,
        teller,
        gateway=gateway,
        outbox=outbox,
        claim=claim,
        interrupted=interrupted,
    )
    slots = _slots(order)
    results = _each(order, lambda recipient: sender.one(recipient, next(slots[recipient])))
    if terms.wait is None or terms.dry_run or store is None or outbox is None:
        yield from results
    else:
        from linksms_cli.actions.send.waiting import awaited

        yield from awaited(results, terms.wait, teller, store, outbox, interrupted)


def _gateway(route: Route, stack: ExitStack) -> Gateway:
    ca_bundle = route.settings.ca_bundle
    gateway = Gateway(
        route.settings.account,
        tls_context=lambda: tls_context(ca_bundle),
        proxies=route.proxies,
    )
    stack.callback(gateway.close)
    return gateway


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


def _open_outbox(
    order: Order, store: Store | None, terms: Terms, teller: Teller, stack: ExitStack
) -> Outbox | None:
    if store is None or (terms.dry_run and not store.exists()):
        return None
    outbox = store.outbox(read_only=terms.dry_run)
    stack.callback(outbox.close)
    if order.key and outbox.created:
        teller.warn(
            f"the store was made just now in {store.place}: "
            "the key protects from now on, and only where this store is kept"
        )
    return outbox


def _warn_of_plain_http(account: Account, teller: Teller) -> None:
    base_url = base_urls.parts(account.base_url)
    if base_url.scheme == "http" and not base_url.is_loopback:
        teller.warn("plain HTTP: the password can be read by everybody on the way")

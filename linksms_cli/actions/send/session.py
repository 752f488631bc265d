"""A session opens gateway, store and signals once, and sends one order after another."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property, partial
from typing import TYPE_CHECKING

from linksms_cli.actions.send.opening import Opened, Opening
from linksms_cli.actions.send.sender import Sender
from linksms_cli.actions.send.terms import Observer, Route, Terms, ToAccount, ToSandbox
from linksms_cli.actions.send.turns import Turn
from linksms_cli.adapters.signals import Interruption
from linksms_cli.sms.account import base_url as base_urls
from linksms_cli.sms.account.profile import Account
from linksms_cli.sms.mt.order import Order, refusals
from linksms_cli.sms.mt.result import Problem, Result
from linksms_cli.sms.mt.result_of import ResultOf, repeat

if TYPE_CHECKING:
    from linksms_cli.sms.mt.submission import Submission


class Session:
    """Takes orders one after the other; what they need is opened with the first that needs it.

    The rules that one order and many share stand here and in `Sender`: guards first, an intent
    before each request, its outcome after it, nothing sent twice.
    """

    def __init__(
        self,
        route: ToAccount,
        terms: Terms,
        observer: Observer,
        *,
        interrupted: Interruption,
        ends: ExitStack,
    ) -> None:
        self._route = route
        self._terms = terms
        self._observer = observer
        self._interrupted = interrupted
        self._opening = Opening(route, terms, observer, interrupted=interrupted, ends=ends)

    def send(self, order: Order) -> Iterator[Result]:
        """Yield each recipient's result, in the order given, as soon as it is stored.

        Raises, before anything of the order is stored or sent: ConfigurationError where the CA
        bundle or the proxy cannot be used, StoreError where the store cannot be opened.
        """
        result_of = ResultOf(order=order, profile=self._route.settings.name)
        refusal = next(refusals(order), None)
        if refusal:
            yield from _each(order, partial(result_of.refused, problem=refusal))
            return
        if order.charge and self._terms.wait is None:  # a wait says so itself
            _ = self._charge_is_warned_of
        # What is configured is read before a key is claimed or an intent stored, by a dry run too.
        _ = self._opening.gateway, self._opening.outbox
        with self._claimed(order) as claim:
            if isinstance(claim, Problem):
                make = result_of.unknown if claim.kind == "once_busy" else result_of.refused
                yield from _each(order, partial(make, problem=claim))
                return
            earlier = self._earlier(order, claim)
            slots = _slots(order)

            def take(recipient: str) -> Result:
                slot = next(slots[recipient])
                turn = Turn(order, recipient, slot=slot, claim=claim, earlier=earlier.get(slot))
                return self._sender.take(turn)

            yield from self._awaited(_each(order, take))

    def opened(self) -> Opened:
        """Return what a session has opened, for a batch, which takes many turns at once.

        Raises ConfigurationError and StoreError as `send` does.
        """
        gateway, outbox = self._opening.gateway, self._opening.outbox
        if not self._terms.dry_run:
            _warn_of_plain_http(self._route.settings.account, self._observer)
        if outbox and outbox.replaced and self._route.store:
            self._observer.warn(
                f"another store lay in {self._route.store.place} before: this one knows nothing of "
                "what its batches sent"
            )
        return Opened(
            settings=self._route.settings,
            gateway=gateway,
            store=self._route.store,
            outbox=outbox,
            signals=lambda: self._interrupted.count,
        )

    def _awaited(self, results: Iterator[Result]) -> Iterator[Result]:
        """Yield the results, at once or after the wait."""
        store, outbox, seconds = self._route.store, self._opening.outbox, self._terms.wait
        if seconds is None or self._terms.dry_run or store is None or outbox is None:
            return results
        from linksms_cli.actions.send.waiting import awaited

        return awaited(results, seconds, self._observer, store, outbox, self._interrupted)

    @contextmanager
    def _claimed(self, order: Order) -> Iterator[int | Problem | None]:
        """Hold and claim the order's once-key while the block runs, if it has one.

        The block is given the claim, None where there is none, or why the key cannot be had.
        """
        if order.key is None or self._opening.keys is None:
            yield None
            return
        with self._opening.keys.taken(order, order.key) as taken:
            yield taken

    def _earlier(self, order: Order, claim: int | None) -> "dict[int, Submission]":
        """Return what has been sent under a key, by its place in the payload.

        It is read before anything leaves, and all is loaded that its results are made of: should
        the store fail later, what is sent now has its result all the same.
        """
        if claim is None or self._opening.outbox is None:
            return {}
        found = {
            slot: submission
            for slot in range(len(order.distinct))
            if (submission := self._opening.outbox.earlier(claim, slot))
        }
        if found:
            _ = self._opening.stories
        return found

    @cached_property
    def _charge_is_warned_of(self) -> bool:
        """Whether a person was told, once, that nothing here receives reports about charges."""
        store = self._route.store
        if store is not None and store.has_receiver():
            return False
        self._observer.warn(
            "LINK's guide requires delivery reports for charged messages, and no receiver runs "
            "here: start `linksms listen`, unless another system receives them"
        )
        return True

    @cached_property
    def _sender(self) -> Sender:
        if not self._terms.dry_run:
            _warn_of_plain_http(self._route.settings.account, self._observer)
        return Sender(
            self._route.settings,
            self._terms,
            self._observer,
            gateway=self._opening.gateway,
            outbox=self._opening.outbox,
            reported=self._opening.reported,
            interrupted=self._interrupted,
        )


@contextmanager
def open_session(route: Route, terms: Terms, observer: Observer) -> Iterator[Session]:
    """Open a session for the block.

    Ctrl-C, SIGTERM and a terminal that is closed end it in order: a request that is out becomes
    `unknown`, what has not gone out `not_sent`; at the end of the block KeyboardInterrupt or
    Terminated is raised.
    """
    with ExitStack() as ends:
        interrupted = ends.enter_context(Interruption(tick=observer.stopping, hangup=True))
        match route:
            case ToSandbox():
                from linksms_cli.actions.send.sandbox import start_sandbox

                waits = terms.wait is not None and not terms.dry_run
                opened = start_sandbox(ends, reports=waits)
            case ToAccount():
                opened = route
        yield Session(opened, terms, observer, interrupted=interrupted, ends=ends)
    interrupted.raise_if_any()


def _each(order: Order, make: Callable[[str], Result]) -> Iterator[Result]:
    """Yield a result for each recipient; one given twice is made once."""
    made: dict[str, Result] = {}
    for recipient in order.recipients:
        if recipient in made and not order.allow_duplicates:
            yield repeat(made[recipient])
        else:
            made[recipient] = make(recipient)
            yield made[recipient]


def _slots(order: Order) -> dict[str, Iterator[int]]:
    """Give each recipient its places in the order's payload, whatever order they were named in."""
    slots: dict[str, list[int]] = {}
    for slot, recipient in enumerate(sorted(order.distinct)):
        slots.setdefault(recipient, []).append(slot)
    return {recipient: iter(found) for recipient, found in slots.items()}


def _warn_of_plain_http(account: Account, observer: Observer) -> None:
    base_url = base_urls.parts(account.base_url)
    if base_url.scheme == "http" and not base_url.is_loopback:
        observer.warn("plain HTTP: the password can be read by everybody on the way")

"""The route and the terms of a send, and the observer of what happens."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from linksms_cli.adapters.store import Store, find_store
from linksms_cli.sms.account.profile import Settings
from linksms_cli.sms.mt.result import Result

if TYPE_CHECKING:
    from linksms_cli.sms.dlr.delivery import Delivery


class ToAccount(NamedTuple):
    """Through an account's own gateway, remembered in a store; None where nothing is remembered."""

    settings: Settings
    store: Store | None
    proxies: bool = True


class ToSandbox:
    """To a gateway and a store of our own, which end with the session."""


Route = ToAccount | ToSandbox


def to_account(settings: Settings, *, store: bool, environ: Mapping[str, str]) -> ToAccount:
    """Return the route through an account, which `store` remembers or not."""
    return ToAccount(settings=settings, store=find_store(environ) if store else None)


class Terms(NamedTuple):
    """How orders are submitted. `timeout` is in seconds, for each attempt in all.

    With `wait` what was accepted is waited for, so many seconds, until it is final. No more than
    `concurrency` requests are out at once.
    """

    timeout: float
    retries: int
    dry_run: bool
    resend_unknown: bool
    wait: float | None = None
    concurrency: int = 1


class Observer(NamedTuple):
    """Is called with what happens besides results.

    `warn` with what everybody should know, `detail` with each attempt, `accepted` with each result
    that will be waited for, `progress` with a message id whose state has changed since. `stopping`
    is called every second once a signal has come, in the middle of whatever is done then.
    """

    warn: Callable[[str], None]
    detail: Callable[[str], None]
    accepted: Callable[[Result], None]
    progress: "Callable[[str, Delivery], None]"
    stopping: Callable[[], None] = lambda: None

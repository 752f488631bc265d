"""How an order is submitted: on what terms, by what route, and who is told what meanwhile."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from linksms_cli.adapters.store import Store
from linksms_cli.sms.account.profile import Settings
from linksms_cli.sms.mt.result import Result

if TYPE_CHECKING:
    from linksms_cli.sms.dlr.delivery import Delivery


class Terms(NamedTuple):
    """How an order is submitted. `timeout` is in seconds, for each attempt in all.

    With `wait` what was accepted is waited for, so many seconds, until it is final.
    """

    timeout: float
    retries: int
    dry_run: bool
    resend_unknown: bool
    wait: float | None = None


class Route(NamedTuple):
    """Where an order goes, and the store that remembers it; None where nothing is remembered."""

    settings: Settings
    store: Store | None
    proxies: bool


class Teller(NamedTuple):
    """Tells a person what the results do not say.

    `warn` what everybody should know, `detail` what only a person who asked for it wants to,
    `accepted` each recipient and id that will be waited for, `progress` what happens to an id then.
    """

    warn: Callable[[str], None]
    detail: Callable[[str], None]
    accepted: Callable[[Result], None]
    progress: "Callable[[str, Delivery], None]"

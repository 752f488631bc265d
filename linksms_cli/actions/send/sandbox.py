"""A route of its own for an order: a gateway, a store and a receiver that end with the command."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from linksms_cli.actions.send.terms import Route
from linksms_cli.adapters.sandbox import Sandbox
from linksms_cli.adapters.store import store_in
from linksms_cli.sms.account.profile import Account, Settings
from linksms_cli.sms.sandbox.settings import ReportTarget, SandboxSettings


def to_sandbox(stack: ExitStack, *, reports: bool) -> Route:
    """Start a gateway and a store that end with the command, and a receiver where one waits."""
    store = store_in(Path(stack.enter_context(TemporaryDirectory(prefix="linksms-"))))
    callback = None
    if reports:
        from linksms_cli.actions.listen.receiver import Receiver

        callback = ReportTarget(url=stack.enter_context(Receiver(store)).url)
    sandbox = stack.enter_context(Sandbox(SandboxSettings(dlr=callback)))
    account = Account(
        base_url=sandbox.url,
        service_id=1,
        username="sandbox",
        password="sandbox",  # noqa: S106 - our own gateway takes any
    )
    return Route(settings=Settings(name=None, account=account), store=store, proxies=False)

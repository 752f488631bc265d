"""Start a gateway, a store and a receiver that end with the session, for `send --sandbox`."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from linksms_cli.actions.send.terms import ToAccount
from linksms_cli.adapters.sandbox import Sandbox
from linksms_cli.adapters.store import store_in
from linksms_cli.sms.account.profile import Account, Settings
from linksms_cli.sms.sandbox.settings import ReportTarget, SandboxSettings


def start_sandbox(ends: ExitStack, *, reports: bool) -> ToAccount:
    """Start a gateway and a store, and a receiver where one waits for reports; return the route."""
    store = store_in(Path(ends.enter_context(TemporaryDirectory(prefix="linksms-"))))
    target = None
    if reports:
        from linksms_cli.actions.listen.receiver import Receiver

        target = ReportTarget(url=ends.enter_context(Receiver(store)).url)
    sandbox = ends.enter_context(Sandbox(SandboxSettings(dlr=target)))
    account = Account(
        base_url=sandbox.url,
        service_id=1,
        username="sandbox",
        password="sandbox",  # noqa: S106 - our own gateway takes any
    )
    return ToAccount(settings=Settings(name=None, account=account), store=store, proxies=False)

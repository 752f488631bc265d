"""The certificate that a receiver shows: read again on demand, and looked at once a day."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from linksms_cli.adapters import certificate
from linksms_cli.adapters.threads import start_thread
from linksms_cli.errors import ConfigurationError
from linksms_cli.sms import timestamp
from linksms_cli.sms.certificate import CertificateFiles
from linksms_cli.sms.dlr.receiving import CertificateRead, ReceiverTrouble

if TYPE_CHECKING:
    import ssl

# Seconds between two looks at how long it is still valid.
_DAY = 86_400.0


class ShownCertificate:
    """A certificate that is shown from now on, until `renew` finds another in its files.

    `host` is the name that clients know the receiver by, if it is known. Raises ConfigurationError.
    """

    def __init__(self, files: CertificateFiles, host: str | None) -> None:
        self._files = files
        self._host = host
        self._loaded = certificate.load(files, host)
        self._orders: SimpleQueue[bool] = SimpleQueue()  # whether to go on

    def context(self) -> "ssl.SSLContext":
        """Return what a new connection is to use."""
        return self._loaded.context

    def renew(self) -> None:
        """Have the files read again, soon and in another thread: signals call this."""
        self._orders.put(True)

    @contextmanager
    def kept(self, tell: Callable[[CertificateRead | ReceiverTrouble], None]) -> Iterator[None]:
        """Renew it when asked to while the block runs, and tell what that came to."""
        self._warn(tell)
        thread = threading.Thread(target=self._keep, args=(tell,), name="certificate", daemon=True)
        start_thread(thread)
        try:
            yield
        finally:
            self._orders.put(False)
            thread.join()

    def _keep(self, tell: Callable[[CertificateRead | ReceiverTrouble], None]) -> None:
        while True:
            try:
                if not self._orders.get(timeout=_DAY):
                    return
                self._loaded = certificate.load(self._files, self._host)
            except Empty:
                late = self._loaded.facts.lateness(time.time())
                if late:
                    tell(ReceiverTrouble(message=f"{late}: renew it, then send SIGHUP"))
            except ConfigurationError as failure:
                message = f"{failure.message}; the certificate that was read before is still used"
                tell(ReceiverTrouble(message=message))
            else:
                until = self._loaded.facts.valid_until
                tell(
                    CertificateRead(
                        valid_until=timestamp.of_seconds(until) if until is not None else None,
                        read_at=timestamp.of_seconds(time.time()),
                    )
                )
                self._warn(tell)

    def _warn(self, tell: Callable[[CertificateRead | ReceiverTrouble], None]) -> None:
        for warning in self._loaded.facts.warnings(time.time()):
            tell(ReceiverTrouble(message=warning))

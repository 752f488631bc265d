"""Try somebody's receiver with reports of every kind."""

from collections.abc import Iterator, Mapping
from functools import partial

from linksms_cli.sms import paths
from linksms_cli.sms.account.keys import Key
from linksms_cli.sms.sandbox.firing import FiringEvent, FiringOrder


def fire_reports(order: FiringOrder, environ: Mapping[str, str]) -> Iterator[FiringEvent]:
    """Yield the grade of each case, then the summary; or that the receiver cannot be reached.

    Certificates are verified with LINKSMS_CA_BUNDLE, if it is set. Raises ConfigurationError if
    that cannot be read.
    """
    from linksms_cli.adapters.sandbox.firing.volley import fire
    from linksms_cli.adapters.tls import tls_context

    bundle = paths.from_variable(Key.CA_BUNDLE.variable, environ)
    yield from fire(order, partial(tls_context, str(bundle) if bundle else None))

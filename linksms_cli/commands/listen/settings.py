"""What the options of `linksms listen` ask for: an address, who may report, when to stop."""

import os
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from linksms_cli.actions.listen.receiving import Listening, Until
from linksms_cli.commands import options
from linksms_cli.commands.listen.options import ListenOptions
from linksms_cli.commands.listen.options.door import HEADER, PASSWORD, DoorOptions
from linksms_cli.errors import ConfigurationError, UsageError
from linksms_cli.sms import duration, secret
from linksms_cli.sms.certificate import CertificateFiles
from linksms_cli.sms.dlr import admission
from linksms_cli.sms.dlr.admission import Admission
from linksms_cli.sms.receiver_url import ReceiverUrl

# What a path or a header's name is made of (RFC 3986, 3.3; RFC 9110, 5.6.2).
_PATH = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def read_until(asked: ListenOptions) -> Until:
    """Return when to stop. Raises UsageError."""
    if asked.until_final is not None and not asked.until_final.strip():
        raise UsageError("--until-final needs a message id", "It was given an empty one.")
    timeout = asked.timeout
    return Until(
        final=asked.until_final,
        enough=asked.exit_after,
        timeout=duration.seconds(timeout, "--timeout") if timeout is not None else None,
    )


def read_listening(asked: DoorOptions) -> Listening:
    """Return where to listen, and whom to let in. Raises UsageError, ConfigurationError."""
    return Listening(
        host=asked.host,
        port=asked.port,
        path=_path(asked.path, metrics=asked.metrics),
        reply=asked.reply_body or b"",
        admission=_admission(asked, os.environ),
        public_url=_public_url(asked.public_url),
        metrics=asked.metrics,
        certificate=_certificate(asked),
    )


def read_keep(asked: ListenOptions) -> timedelta | None:
    """Return how old what is stored may become. Raises UsageError."""
    if asked.keep is None:
        return None
    age = duration.age(asked.keep, "--keep")
    if not age:
        raise UsageError(f"--keep {asked.keep!r} would keep nothing", "Write it like 90d.")
    return timedelta(seconds=age)


def read_since(asked: ListenOptions) -> datetime | None:
    """Return from when on stored reports are asked for. Raises UsageError."""
    return options.when(asked.since, "--since") if asked.since is not None else None


def _path(typed: str, *, metrics: bool) -> str:
    if not _PATH.fullmatch(typed):
        raise UsageError(
            f"--path {typed!r} is not a valid path", "Write it like /dlr, without a query."
        )
    if typed.removesuffix("/") == "/healthz":
        raise UsageError("--path /healthz is taken", "It answers whether linksms is running.")
    if metrics and typed.removesuffix("/") == "/metrics":
        raise UsageError("--path /metrics is taken", "With --metrics, figures are shown there.")
    return typed


def _certificate(asked: DoorOptions) -> CertificateFiles | None:
    if asked.tls_cert is None and asked.tls_key is None:
        return None
    if asked.tls_cert is None or asked.tls_key is None:
        raise UsageError("--tls-cert and --tls-key need each other", "Give both, or none.")
    return CertificateFiles(asked.tls_cert, asked.tls_key)


def _public_url(typed: str | None) -> str | None:
    if typed is None:
        return None
    try:
        ReceiverUrl.parse(typed)
    except ValueError as wrong:
        message = f"--public-url {wrong}"
        raise UsageError(message, "Write it like https://sms.example.com/dlr.") from None
    return typed


def _admission(asked: DoorOptions, environ: Mapping[str, str]) -> Admission:
    user, header = asked.auth, asked.require_header
    if user is not None and (not user or ":" in user):
        raise UsageError(
            f"--auth {user!r} is not a valid user name", "Give a name without a colon."
        )
    if header is not None and not _TOKEN.fullmatch(header):
        raise UsageError(
            f"--require-header {header!r} is not a valid header name", "Write it like X-Token."
        )
    return Admission(
        auth=(user, _secret(PASSWORD, "--auth", environ)) if user is not None else None,
        header=(header.lower(), _secret(HEADER, "--require-header", environ))
        if header is not None
        else None,
        networks=admission.networks(asked.allow or []),
        proxies=admission.networks(asked.trusted_proxy or [], "--trusted-proxy"),
    )


def _secret(variable: str, option: str, environ: Mapping[str, str]) -> str:
    value = secret.shown_to_us(variable, environ)
    if value is None:
        message = f"{option} needs a secret, and {variable} is not set"
        raise ConfigurationError(
            message, f"Set {variable}: there is no option for it, because other users could see it."
        )
    return value

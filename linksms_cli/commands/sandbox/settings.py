"""What the options of `linksms sandbox` ask for, as the sandbox's settings."""

import re
from collections.abc import Mapping

from linksms_cli.commands.sandbox.options import TOKEN_VARIABLE
from linksms_cli.errors import ConfigurationError, UsageError
from linksms_cli.sms import authority, duration, secret
from linksms_cli.sms.dlr.report import Format
from linksms_cli.sms.header import read_header
from linksms_cli.sms.sandbox.firing import FiringOrder
from linksms_cli.sms.sandbox.settings import Access, ReportTarget, read_auth

# What a header can carry without quoting (RFC 6750, 2.1 has fewer).
_TOKEN = re.compile("[!-~]+")


def report_target(
    *,
    url: str | None,
    format_: Format | None,
    delay: str | None,
    headers: list[str],
    auth: str | None,
) -> ReportTarget | None:
    """Return where reports go and how, None if they go nowhere. Raises UsageError."""
    if url is None:
        return None
    return ReportTarget(
        url=url,
        format=format_ or Format.JSON,
        delay=duration.seconds(delay or "0", "--dlr-delay", longest=duration.LONGEST_ANSWER),
        headers=tuple(read_header(typed, "--dlr-header") for typed in headers),
        auth=None if auth is None else read_auth(auth, "--dlr-auth"),
    )


def firing_order(
    *,
    url: str,
    formats: list[Format],
    headers: list[str],
    expected_body: bytes | None,
    skipped: list[str],
) -> FiringOrder:
    """Return what is fired at a receiver. Raises UsageError."""
    return FiringOrder(
        url=url,
        formats=tuple(dict.fromkeys(formats)) or tuple(Format),
        headers=tuple(read_header(typed, "--header") for typed in headers),
        expected_body=expected_body,
        skipped=tuple(skipped),
    )


def access(
    *, token: str | None, hosts: list[str], listening_on: str, environ: Mapping[str, str]
) -> Access:
    """Return who may use the admin interface. Raises UsageError, ConfigurationError."""
    for host in hosts:
        try:
            name, port = authority.read(host)
        except ValueError as wrong:
            raise UsageError(f"--admin-host {host!r} {wrong}", "Write it like sandbox.") from None
        if port is not None or not name:
            raise UsageError(f"--admin-host {host!r} is not a name", "Leave the port out.")
    return Access(
        token=_token(token, environ),
        hosts=frozenset({listening_on, *(host.strip("[]") for host in hosts)}),
    )


def _token(typed: str | None, environ: Mapping[str, str]) -> str | None:
    if typed is not None:
        if not _TOKEN.fullmatch(typed):
            raise UsageError("--admin-token is not a valid token", "Use visible ASCII characters.")
        return typed
    kept = secret.shown_to_us(TOKEN_VARIABLE, environ)
    if kept is not None and not _TOKEN.fullmatch(kept):
        message = f"{TOKEN_VARIABLE} is not a valid token"
        raise ConfigurationError(message, "Use visible ASCII characters, without spaces.")
    return kept

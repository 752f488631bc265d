"""Who may use the admin interface: this machine or who has the token, and no page of others.

A browser on this machine can be made to ask for anything by any page that it shows. So a request
must name a host of ours (a name of somebody else's may have been made to lead here: DNS
rebinding), and must not say that a page from elsewhere sent it.
"""

import hmac
import ipaddress

from linksms_cli.adapters.sandbox.answers import AdminRefusalError
from linksms_cli.adapters.sandbox.exchange import Request
from linksms_cli.sms import authority
from linksms_cli.sms.account import base_url
from linksms_cli.sms.sandbox.settings import Access

_TOKEN_HINT = "Send it as 'Authorization: Bearer TOKEN'."  # noqa: S105 - a hint


class Doorkeeper:
    """Judges requests to the admin interface."""

    def __init__(self, access: Access) -> None:
        self._token = None if access.token is None else access.token.encode()
        self._hosts = frozenset(host.lower() for host in access.hosts)

    def check_page(self, asked: Request) -> None:
        """Admit a request for the inbox's own files, which hold nothing.

        Raises AdminRefusalError.
        """
        named = asked.header("host")
        if named is not None and not self._is_ours(named, asked.local):
            raise _refusal(
                403,
                "the Host header names neither this machine nor a host that the sandbox knows",
                "Use localhost or the address, or start the sandbox with --admin-host NAME.",
            )
        origin = asked.header("origin")
        if origin is not None and origin.lower() != f"http://{named}".lower():
            raise _refusal(
                403,
                "the request comes from a page of another site",
                "Ask from outside a browser, or from the sandbox's own page.",
            )

    def check(self, asked: Request) -> None:
        """Admit a request that reads or changes something. Raises AdminRefusalError."""
        self.check_page(asked)
        if self._token is None:
            if not _is_this_machine(asked.peer):
                raise _refusal(
                    403,
                    "without a token only this machine may use the admin interface",
                    "Start the sandbox with --admin-token, or LINKSMS_SANDBOX_TOKEN set.",
                )
            return
        given = asked.header("authorization")
        if given is None:
            raise _refusal(401, "the admin interface needs its token", _TOKEN_HINT)
        scheme, _, token = given.partition(" ")
        right = hmac.compare_digest(token.strip().encode("latin-1", "replace"), self._token)
        if scheme.lower() != "bearer" or not right:
            raise _refusal(401, "this is not the admin interface's token", _TOKEN_HINT)

    def _is_ours(self, named: str, local: str) -> bool:
        """Return whether a host is this machine: no name of others can stand for an address."""
        try:
            host, _ = authority.read(named.strip().lower())
        except ValueError:
            return False
        host = host.removesuffix(".")
        known = host in self._hosts or host == local.removeprefix("::ffff:")
        return known or base_url.is_loopback(host)


def _is_this_machine(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback


def _refusal(status: int, message: str, hint: str) -> AdminRefusalError:
    return AdminRefusalError(status, "not_admitted", message, hint)

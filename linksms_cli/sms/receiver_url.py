"""The URL of somebody's receiver, as people give it: where it leads, and who logs in there."""

from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit

# What may stand in a path and in a query as it is (RFC 3986, 3.3 and 3.4), '%' among it: what is
# encoded already stays so.
_IN_PATH = "/%:@!$&'()*+,;=~"
_IN_QUERY = f"{_IN_PATH}?"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverUrl:
    """A URL in its parts; `path` is what a request line carries, `/` at least, query and all.

    `authority` is host and port as they were written, `host` without the brackets of IPv6.
    """

    scheme: str
    authority: str
    host: str
    port: int
    path: str
    login: tuple[str, str] | None = field(repr=False)

    @classmethod
    def parse(cls, url: str) -> "ReceiverUrl":
        """Read a URL. Raises ValueError, which does not repeat it: a secret may be in it."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise ValueError("is not the URL of a receiver") from None
        if parts.scheme not in {"http", "https"} or not host or " " in host or port == 0:
            raise ValueError("is not the URL of a receiver")
        path, query = quote(parts.path or "/", safe=_IN_PATH), quote(parts.query, safe=_IN_QUERY)
        login = None
        if parts.username is not None:
            login = unquote(parts.username), unquote(parts.password or "")
        return cls(
            scheme=parts.scheme,
            authority=parts.netloc.rpartition("@")[2],
            host=host,
            port=port or (443 if parts.scheme == "https" else 80),
            path=f"{path}?{query}" if query else path,
            login=login,
        )

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The header that its user and password ask for, if it has some."""
        return () if self.login is None else (basic(*self.login),)

    def with_query(self, query: str) -> str:
        """Return what a request line carries, with more in the query."""
        return f"{self.path}{'&' if '?' in self.path else '?'}{query}" if query else self.path

    def url(self, path: str) -> str:
        """Return the URL of a path there, without user and password."""
        return f"{self.scheme}://{self.authority}{path}"


def basic(user: str, password: str) -> tuple[str, str]:
    """Return the header that says who somebody is (RFC 7617, in UTF-8)."""
    return "Authorization", f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"

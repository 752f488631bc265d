"""The authority of a URL, host and port, as RFC 3986 (3.2) writes and reads it."""

import re

_FORM = re.compile(r"(?P<host>\[[^]]*\]|[^:]*)(:(?P<port>.*))?", re.DOTALL)
_NAME = re.compile("[A-Za-z0-9._-]+")
_PORT = re.compile("[0-9]{1,5}")
# RFC 1035, 2.3.4: octets in one label of a name, and in the name as it is written.
_LONGEST_LABEL = 63
_LONGEST_NAME = 253


def written(host: str, port: int) -> str:
    """Return host and port as a URL has them; an IPv6 address stands in brackets there."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def read(text: str) -> tuple[str, int | None]:
    """Return the host, an IPv6 address without its brackets, and the port where there is one.

    Raises ValueError with a sentence's end that says what is wrong; it never quotes the text.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError("has no host")
    host, port = found["host"], found["port"]
    if host.startswith("["):
        host = host[1:-1]
        _check_address(host)
    else:
        _check_name(host)
    if port is None:
        return host, None
    if not _PORT.fullmatch(port) or int(port) not in range(1, 65536):
        raise ValueError("has a port that does not exist")
    return host, int(port)


def _check_address(host: str) -> None:
    import ipaddress

    try:
        usable = ipaddress.IPv6Address(host).scope_id is None
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("has an IPv6 address that cannot be used")


def _check_name(host: str) -> None:
    if not _NAME.fullmatch(host):
        raise ValueError("has no host")
    labels = host.removesuffix(".").split(".")
    if len(host) > _LONGEST_NAME or not all(0 < len(one) <= _LONGEST_LABEL for one in labels):
        raise ValueError(
            "has an invalid host name: each part has 1 to 63 characters, the whole at most 253"
        )

"""The limits of an HTTP server: seconds, octets and connections."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLimits:
    """Limits for one connection, and for all of a server together.

    A client that keeps to the first group is never cut; one that does not is. The second group
    bounds memory: who goes beyond it is read from later, and who holds most of it for longest
    gives way.
    """

    # Seconds for a request to arrive whole, from the connection or from the last answer on.
    request_seconds: float = 15
    # Seconds for an answer to be taken, once the system takes no more of it.
    answer_seconds: float = 15
    # Octets of a head; of a body that is kept; and of what is read and thrown away, so that a
    # client that is still talking hears its refusal.
    head: int = 32 * 1024
    body: int = 64 * 1024
    refused: int = 16 * 1024 * 1024
    # Fields that a head may have.
    fields: int = 100

    # Octets that are read at once, and whole requests of one connection that may wait for their
    # answers. What has come beyond them waits unread.
    read: int = 16 * 1024
    ahead: int = 16
    # Octets that requests and unsent answers may take in all. A request counts for more than its
    # own octets: for what Python needs to hold it, too.
    held: int = 64 * 1024 * 1024
    # Connections at a time; over TLS, where each takes up to 60 KiB, and what it holds besides.
    connections: int = 8192
    tls_connections: int = 2048

    # Seconds that requests under way have to finish when the server closes. Those who stop a
    # container kill it after 10.
    closing_seconds: float = 3

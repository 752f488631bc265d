"""How long a store on a server may take for things, before it is taken for gone or stuck."""

from dataclasses import dataclass, replace

# By these a server sees within 25 s that the machine of a client is gone.
_KEEPALIVES = (
    "SET LOCAL tcp_keepalives_idle = 10; SET LOCAL tcp_keepalives_interval = 5; "
    "SET LOCAL tcp_keepalives_count = 3"
)
# Seconds for a server to come back, and to say what became of a commit, if its client tries again.
_MOMENTS, _DOUBT = 1.0, 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long things may take, in seconds.

    `statement` is for one statement; `idle` for a client in mid-transaction that says nothing, whom
    others wait for; `patience` for a server to come back that was there before; `doubt` to find out
    what became of a commit in which the connection broke.
    """

    statement: float = 30.0
    idle: float = 10.0
    patience: float = 0.0
    doubt: float = 10.0

    @property
    def hastened(self) -> "Limits":
        """Those of a client that tries again by itself."""
        return replace(self, patience=min(self.patience, _MOMENTS), doubt=min(self.doubt, _DOUBT))

    @property
    def settings(self) -> str:
        """What a transaction says of them to the server."""
        return (
            f"SET LOCAL statement_timeout = {self.statement * 1000:.0f}; "
            f"SET LOCAL idle_in_transaction_session_timeout = {self.idle * 1000:.0f}; {_KEEPALIVES}"
        )


NORMAL = Limits()

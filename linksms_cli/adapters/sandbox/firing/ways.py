"""The ways in which an HTTP client may send: each is a kind of report of its own."""

from linksms_cli.adapters.sandbox.firing.kinds import MESSAGES, SHAPES, ReportKind, WayOfSending

AT_ONCE = 50
_KEPT_ALIVE = 3

# How an HTTP client may send a body.
BODIES = (
    ReportKind(
        name="gzip",
        title="a body compressed with gzip",
        mend="Unpack a body whose Content-Encoding is gzip.",
        packed=True,
    ),
    ReportKind(
        name="chunked",
        title="a body in chunks, without a length",
        mend="Read bodies with Transfer-Encoding: chunked.",
        sending=WayOfSending.CHUNKED,
    ),
    ReportKind(
        name="expect",
        title="Expect: 100-continue",
        mend="Answer 'HTTP/1.1 100 Continue' and wait for the body, or read on and answer 200.",
        sending=WayOfSending.ASKING_FIRST,
    ),
    ReportKind(
        name="slow",
        title="a body that comes in pieces, over a second",
        mend="Wait for the whole body (Content-Length) before you read it.",
        sending=WayOfSending.SLOWLY,
    ),
)

# How an HTTP client may use connections.
CONNECTIONS = (
    ReportKind(
        name="http_1_0",
        title="HTTP/1.0",
        mend="Answer HTTP/1.0 requests too.",
        sending=WayOfSending.OLD,
    ),
    ReportKind(
        name="keep_alive",
        title=f"{_KEPT_ALIVE} reports on one connection",
        mend="Read each body to its end (Content-Length), and keep the connection or answer with "
        "'Connection: close'.",
        codes=(1001,) * _KEPT_ALIVE,
        message_each=True,
        sending=WayOfSending.KEEP_ALIVE,
    ),
    ReportKind(
        name="beside_slow",
        title="a report while another client is slow",
        mend="Serve clients in parallel: one that is slow must not hold up the others.",
        sending=WayOfSending.BESIDE_A_SLOW_ONE,
    ),
    ReportKind(
        name="at_once",
        title=f"{AT_ONCE} reports at once",
        mend=f"Take {AT_ONCE} connections at a time: raise the number of workers, or the backlog.",
        codes=(1001,) * AT_ONCE,
        message_each=True,
        sending=WayOfSending.TOGETHER,
    ),
)

UNPROVEN = ReportKind(
    name="without_header",
    title="a report without the headers that you gave",
    mend="Refuse it with 401 or 403, if the headers are what proves that LINK is reporting.",
    sending=WayOfSending.UNPROVEN,
    to_be_refused=True,
)

EVERY = (*MESSAGES, *SHAPES, *BODIES, *CONNECTIONS, UNPROVEN)

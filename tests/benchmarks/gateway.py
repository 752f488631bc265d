"""A gateway that takes everything, in a process of its own, as quick as asyncio has it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_GATEWAY = """
import asyncio, itertools, sys
latency = float(sys.argv[1])
ids = itertools.count()
class Client(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.received = transport, b""
    def data_received(self, data):
        self.received += data
        while b"\\r\\n\\r\\n" in self.received:
            self.received = self.received.partition(b"\\r\\n\\r\\n")[2]
            if latency:
                loop.call_later(latency, self.answer)
            else:
                self.answer()
    def answer(self):
        if not self.transport.is_closing():
            said = b"1005;Queued;id-%d" % next(ids)
            head = b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(said)
            self.transport.write(head + said)
loop = asyncio.new_event_loop()
serving = loop.run_until_complete(loop.create_server(Client, "127.0.0.1", 0, backlog=512))
print(serving.sockets[0].getsockname()[1], flush=True)
loop.run_forever()
"""


@contextmanager
def running_gateway(latency: float = 0) -> Iterator[int]:
    """Give the port of a gateway on loopback that answers after `latency` seconds."""
    command = [sys.executable, "-c", _GATEWAY, str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def account_at(port: int) -> dict[str, str]:
    """Return the variables of an account at that gateway."""
    return {
        "LINKSMS_BASE_URL": f"http://127.0.0.1:{port}/smscsimplehttp",
        "LINKSMS_SERVICE_ID": "1",
        "LINKSMS_USERNAME": "u",
        "LINKSMS_PASSWORD": "p",
    }

"""What a report holds reaches a target and a command as data, and never as a header or a word."""

import json
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import until
from tests.reporting import report, request
from tests.server import Server, running
from tests.targets import a_target

BREAK = "x\r\nX-Evil: 1\r\n\r\nGET /evil HTTP/1.1\r\n\r\n"
NASTY = {
    "operator": BREAK,
    "refId": "$(touch owned) `touch owned`; touch owned #",
    "operatorResultCode": "' \" \\ \x00 -x --help",
    "customParameters": {BREAK: BREAK, "source": "\u2028\u202e", "destination": BREAK},
}


def sent_raw(server: Server, content_type: bytes, body: bytes) -> int:
    """Post with a Content-Type that no client library would send; return the status."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as client:
        client.sendall(
            b"POST /dlr HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: "
            + content_type
            + b"\r\nContent-Length: %d\r\n\r\n" % len(body)
            + body
        )
        return int(client.makefile("rb").readline().split()[1])


@pytest.mark.parametrize("form", ["raw", "event"])
def test_nothing_of_a_report_becomes_a_header(environment: dict[str, str], form: str) -> None:
    with a_target() as target:
        words = ("--forward-to", target.url, "--forward-as", form)
        with running(environment, "listen", *words) as server:
            assert request(server.url, report(id="n", **NASTY)).status == 200
            query = "?id=q&resultCode=1001&operator=%0d%0aX-Evil:%201&refId=%00"
            assert request(server.url + query).status == 200
            for kind in (b"a\xff\xfe;x=\x80", b'text/plain; \tx="y', b"x" * 6000):
                assert sent_raw(server, kind, report(id="k", **NASTY)) == 200
            for kind in (b"a\rX-Evil: 1", b"a\nX-Evil: 1", b"a\x00b"):
                assert sent_raw(server, kind, report(id="refused")) == 400
            until(lambda: len(target.came) == 5)
            assert server.end().stderr == ""
    names = {"host", "user-agent", "accept", "accept-encoding", "content-length", "content-type"}
    for came in target.came:
        assert set(came.headers) <= names | {"webhook-id", "webhook-timestamp"}
        assert came.path.partition("?")[0] == "/"
    if form == "event":
        assert {one.headers["content-type"] for one in target.came} == {"application/json"}
        events = [json.loads(one.body) for one in target.came]
        assert next(one for one in events if one["id"] == "n")["operator"] == BREAK
    else:
        bodies = [one.body for one in target.came]
        assert bodies.count(report(id="n", **NASTY)) == 1
        assert bodies.count(report(id="k", **NASTY)) == 3


def test_nothing_of_a_report_becomes_a_word_of_a_command(
    environment: dict[str, str], tmp_path: Path
) -> None:
    seen, environment["HOME"] = tmp_path / "seen", str(tmp_path)
    command = f"cd {tmp_path}; tr '\\0' ' ' < /proc/$$/cmdline >> {seen}; cat >> {tmp_path}/came"
    with running(environment, "listen", "--exec", command) as server:
        assert request(server.url, report(id="n", **NASTY)).status == 200
        event = server.event()
        assert server.end().code == 0
    assert seen.read_text().rstrip() == f"/bin/sh -c {command}"
    assert json.loads((tmp_path / "came").read_text()) == event
    assert (event["event"], event["operator"]) == ("report", BREAK)
    assert not list(tmp_path.rglob("owned"))

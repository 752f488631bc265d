"""The password is nowhere: a marked one goes through every outcome, and everything is searched."""

import base64
import html
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
import trustme

from tests.admin import gateway_of_tests
from tests.loopback import Proxy, Recorder, http, server_context

MARKED = "Zebra&Gnu é;42"
SPELLINGS = [
    MARKED,
    quote(MARKED, safe=""),
    quote_plus(MARKED),
    base64.b64encode(MARKED.encode()).decode(),
    base64.b64encode(f"u:{MARKED}".encode()).decode(),
    base64.urlsafe_b64encode(MARKED.encode()).decode(),
    repr(MARKED)[1:-1],
    MARKED.encode("unicode_escape").decode(),
    "Zebra",
]
# A site that turns on every log and every print there is, before the program starts.
SITE = """
import http.client, logging, sys
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
for name in ("urllib3", "requests"):
    logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger(name).propagate = True
http.client.HTTPConnection.debuglevel = 9
http.client.HTTPSConnection.debuglevel = 9
"""
NUMBERS = [
    "+99955501234",
    "+99910001001",
    "+99910000103",
    "+99910000004",
    "+99910002104",
    "+99910009999",
    *(f"+999200000{number:02}" for number in range(1, 14)),
    "+99920000401",
    "+99920000404",
    "+99920000429",
    "+99920000500",
]


@pytest.fixture
def loud(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(SITE)
    return environment | {
        "PYTHONPATH": str(site),
        "PYTHONWARNINGS": "default",
        "PYTHONDEVMODE": "1",
        "LINKSMS_SERVICE_ID": "4711",
        "LINKSMS_USERNAME": "u",
        "LINKSMS_PASSWORD": MARKED,
    }


def said(env: dict[str, str], *words: str) -> str:
    command = [sys.executable, "-m", "linksms_cli", "send", "-f", "LINK", "-v", *words, "x"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr or done.stdout
    return done.stdout + done.stderr


def assert_nowhere(text: str, where: str) -> None:
    for spelling in SPELLINGS:
        assert spelling not in text, f"{spelling!r} in {where}: {text}"


@pytest.fixture
def searched(tmp_path: Path, environment: dict[str, str]) -> Iterator[None]:
    """Search every file that was written, once the test has ended."""
    yield
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "linksms.db" for path in files), environment
    for path in files:
        raw = path.read_bytes()
        for spelling in SPELLINGS:
            assert spelling.encode() not in raw, path


@pytest.mark.usefixtures("searched")
def test_through_the_sandbox(loud: dict[str, str], environment: dict[str, str]) -> None:
    with gateway_of_tests(environment) as gateway:
        env = loud | {"LINKSMS_BASE_URL": gateway.url}
        recipients = [word for number in NUMBERS for word in ("-t", number)]
        for number in NUMBERS:
            assert_nowhere(said(env, "-t", number, "--timeout", "0.5"), number)
        assert_nowhere(said(env, *recipients, "--json", "--timeout", "0.5"), "several")
        assert_nowhere(said(env, "-t", "+99955501234", "--dry-run"), "a dry run")
        assert_nowhere(said(env, "-t", "+99955501234", "--once", "k"), "once")
        assert_nowhere(json.dumps(gateway.messages()), "the sandbox")


ECHOES = [
    http(f"104;You said {MARKED} and {quote(MARKED, safe='')}, {quote_plus(MARKED)};".encode()),
    http(f"104;You said {MARKED}".encode()),
    http(f"1005;Queued;{quote(MARKED, safe='')}".encode()),
    http(f"104;a log says Password={quote(MARKED, safe='').lower()}&Source=LINK;".encode()),
    http(f"104;{html.escape(MARKED)} and {html.escape(repr(MARKED))};".encode()),
    http(f"104;{json.dumps({'Password': MARKED})};".encode()),
    http(b"104;" + MARKED.encode("latin-1") + b";"),
    http(f"104;{base64.b64encode(f'u:{MARKED}'.encode()).decode()};".encode()),
    http(f"1005;Queued;{base64.urlsafe_b64encode(MARKED.encode()).decode()}".encode()),
    b"Zebra&Gnu\r\n\r\n",
]


@pytest.mark.usefixtures("searched")
@pytest.mark.parametrize("answer", ECHOES)
def test_through_an_answer_that_echoes_it(loud: dict[str, str], answer: bytes) -> None:
    with Recorder(answer) as gateway:
        assert_nowhere(
            said(loud | {"LINKSMS_BASE_URL": gateway.url}, "-t", "+99955501234"), "an echo"
        )


@pytest.mark.usefixtures("searched")
def test_through_redirects_tls_and_proxies(loud: dict[str, str], tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    bundle = {"LINKSMS_CA_BUNDLE": str(tmp_path / "ca.pem")}
    with (
        Recorder(context=server_context(authority.issue_cert("gateway.example"))) as gateway,
        Proxy(gateway.port) as proxy,
        Proxy(gateway.port, http(b"", "403 Forbidden")) as refusing,
    ):
        far = {"LINKSMS_BASE_URL": "https://gateway.example/x"}
        tunnel = loud | far | bundle | {"HTTPS_PROXY": proxy.url}
        assert_nowhere(said(tunnel, "-t", "+99955501234"), "a tunnel")
        untrusted = loud | far | {"HTTPS_PROXY": proxy.url}
        assert_nowhere(said(untrusted, "-t", "+99955501234"), "an untrusted certificate")
        refused = loud | far | bundle | {"HTTPS_PROXY": refusing.url}
        assert_nowhere(said(refused, "-t", "+99955501234"), "a refusing proxy")
        assert len(gateway.requests) == 1
        for head in proxy.heads + refusing.heads:
            assert_nowhere(head.decode("latin-1"), "a proxy")
    with Recorder(http(b"", "302 Found", "Location: http://127.0.0.1:1/elsewhere")) as elsewhere:
        env = loud | {"LINKSMS_BASE_URL": elsewhere.url}
        assert_nowhere(said(env, "-t", "+99955501234"), "a redirect")
    unreachable = loud | {"LINKSMS_BASE_URL": "http://127.0.0.1:1/x"}
    assert_nowhere(said(unreachable, "-t", "+99955501234"), "no connection")
    for broken in ({"LINKSMS_STATE": "/proc/nowhere"}, {"LINKSMS_CA_BUNDLE": "/nowhere"}):
        assert_nowhere(said(unreachable | broken, "-t", "+99955501234"), "no store")
    said(unreachable, "-t", "+99955501234")  # leaves a store to search


def test_not_in_the_process_list(loud: dict[str, str]) -> None:
    seen: list[str] = []

    def look(_: socket.socket) -> None:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                seen.append(path.read_bytes().decode("utf-8", "replace"))
            except OSError:  # it has ended
                continue

    with Recorder(look) as gateway:
        env = loud | {"LINKSMS_BASE_URL": gateway.url}
        thread = threading.Thread(target=said, args=(env, "-t", "+99955501234", "--timeout", "1.5"))
        thread.start()
        while not seen:
            time.sleep(0.01)
        thread.join()
    assert any("linksms_cli" in line for line in seen)
    assert_nowhere("\n".join(seen), "the process list")


def test_the_print_that_was_turned_on_is_printed(loud: dict[str, str]) -> None:
    """The searches above mean something: the loud site does make the standard library talk."""
    script = """
import http.client, sys
connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
connection.request("POST", "/x?" + sys.argv[2])
connection.getresponse().read()
"""
    with Recorder() as gateway:
        command = [sys.executable, "-c", script, str(gateway.port), "Password=Zebra"]
        done = subprocess.run(command, env=loud, capture_output=True, text=True, check=True)
    assert "Password=Zebra" in done.stdout

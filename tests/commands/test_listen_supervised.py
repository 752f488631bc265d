"""`linksms listen` under systemd and behind a proxy, by what README says."""

import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import needs, until
from tests.ports import free_port
from tests.readme import README
from tests.reporting import report, request
from tests.server import running

TEXT = README.read_text("utf-8")


def block(kind: str) -> str:
    (found,) = re.findall(rf"^```{kind}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    return str(found)


def test_systemd_is_told_when_it_is_ready_and_when_it_stops(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(tmp_path / "notify"))
        supervisor.settimeout(60)
        environment["NOTIFY_SOCKET"] = str(tmp_path / "notify")
        with running(environment, "listen") as server:
            assert supervisor.recv(100) == b"READY=1"
            assert request(server.url, report()).status == 200
            assert server.end().code == 0
        assert supervisor.recv(100) == b"STOPPING=1"


def test_a_terminal_that_is_closed_ends_it_in_order(environment: dict[str, str]) -> None:
    with running(environment, "listen") as server:
        ended = server.end(signal.SIGHUP)
    assert (ended.code, ended.records) == (0, [{"event": "stopped", "reason": "signal"}])


@pytest.fixture(params=["behind a proxy", "with a certificate"])
def unit(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """README's unit, with a program that is there, and with its drop-in for TLS."""
    program = Path(sys.executable).with_name("linksms")
    file = tmp_path / "linksms.service"
    text = block("ini").replace("/opt/linksms/bin/linksms", str(program))
    file.write_text(text + (block("ini drop-in") if "certificate" in request.param else ""))
    return file


def test_the_unit_starts_what_the_install_line_installs() -> None:
    (program,) = re.findall(r"^ExecStart=(\S+)", block("ini"), re.MULTILINE)
    assert program == "/opt/linksms/bin/linksms"
    assert "python3 -m venv /opt/linksms " in TEXT
    assert "SECRET" not in block("ini")


@needs("systemd-analyze")
def test_the_unit_is_one(unit: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "linksms.service" in line]
    assert ours == []


@needs("systemd-analyze")
def test_the_unit_exposes_little(unit: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    (level,) = re.findall(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
    assert float(level) < 2


NGINX = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        {location}
    }}
}}
"""


def listens(port: str) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", int(port))) == 0


@needs("nginx")
def test_behind_nginx_a_report_has_the_address_of_who_sent_it(
    environment: dict[str, str], tmp_path: Path
) -> None:
    words = ("--path", "/dlr/x", "--trusted-proxy", "127.0.0.1", "--allow", "127.0.0.9")
    with running(environment, "listen", *words) as server:
        port = free_port()
        here = f"http://{urlsplit(server.url).netloc}"
        location = block("nginx").replace("http://127.0.0.1:8080", here)
        configuration = tmp_path / "nginx.conf"
        configuration.write_text(
            NGINX.format(folder=tmp_path, port=port, location=location), encoding="utf-8"
        )
        nginx = subprocess.Popen(
            [shutil.which("nginx") or "nginx", "-c", str(configuration), "-e", "stderr"],
            stderr=subprocess.DEVNULL,
        )
        try:
            until(lambda: listens(port))
            # Who sent it is 127.0.0.1 here, which is a trusted proxy too: what it says counts.
            url = f"http://127.0.0.1:{port}/dlr/x"
            assert request(url, report(), {"X-Forwarded-For": "127.0.0.9"}).status == 200
            assert server.event()["remote"] == "127.0.0.9"
            assert request(url, report(), {"X-Forwarded-For": "192.0.2.1"}).status == 403
            assert request(url, b"x" * 70_000).status == 413
        finally:
            nginx.terminate()
            nginx.wait()


# As README has it, but without TLS: what Caddy does for that, it does alone.
CADDY = """
{{
    admin off
    auto_https off
}}
{site}
"""


@needs("caddy")
@needs("curl")
def test_behind_caddy_a_report_has_the_address_of_who_sent_it(
    environment: dict[str, str], tmp_path: Path
) -> None:
    words = ("--path", "/dlr/x", "--trusted-proxy", "127.0.0.1", "--allow", "127.0.0.9")
    with running(environment, "listen", *words) as server:
        port = free_port()
        site = block("caddy").replace("127.0.0.1:8080", urlsplit(server.url).netloc)
        configuration = tmp_path / "Caddyfile"
        configuration.write_text(
            CADDY.format(site=site.replace("sms.example.com", f"http://127.0.0.1:{port}"))
        )
        caddy = subprocess.Popen(
            [shutil.which("caddy") or "caddy", "run", "--config", str(configuration)],
            env=environment | {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
            stderr=subprocess.DEVNULL,
        )

        def status(*words: str, body: bytes = report()) -> bytes:
            done = subprocess.run(
                [
                    *("curl", "-sS", "-o", str(tmp_path / "answer"), "-w", "%{http_code}"),
                    *("--max-time", "60", "--data-binary", "@-", *words),
                    f"http://127.0.0.1:{port}/dlr/x",
                ],
                input=body,
                capture_output=True,
                check=True,
            )
            return done.stdout

        try:
            until(lambda: listens(port))
            assert status("--interface", "127.0.0.9") == b"200"
            assert server.event()["remote"] == "127.0.0.9"
            # What a client claims for itself does not pass.
            assert status("-H", "X-Forwarded-For: 127.0.0.9") == b"403"
            assert server.event()["remote"] == "127.0.0.1"
            assert status("--interface", "127.0.0.9", body=b"x" * 70_000) == b"413"
        finally:
            caddy.terminate()
            caddy.wait()

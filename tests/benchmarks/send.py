"""What one `linksms send` costs, beside what people would use instead; run it by hand.

    .venv/bin/python tests/benchmarks/send.py [ROUNDS]

Each contender posts once to the same loopback gateway, whole process included, taking turns so
that a busy machine is as unfair to one as to the other. Printed are medians and ratios of medians.
HTTPie joins in where `http` is on the PATH.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 30


class Gateway(BaseHTTPRequestHandler):
    """Answers everything with 1005, in one write."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self) -> None:
        answer = b"1005;Queued;abc123"
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Keep quiet."""


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/smscsimplehttp"
    folder = tempfile.mkdtemp()
    env = os.environ | {
        "LINKSMS_BASE_URL": url,
        "LINKSMS_SERVICE_ID": "1",
        "LINKSMS_USERNAME": "u",
        "LINKSMS_PASSWORD": "p",
        "LINKSMS_STATE": folder,
    }
    send = [sys.executable, "-m", "linksms_cli", "send", "-t", "+99955501234", "-f", "LINK", "Hej"]
    contenders = {
        "requests one-liner": [
            sys.executable,
            "-c",
            f"import requests; requests.post({url!r}, params={{'Userdata': 'Hej'}})",
        ],
        "linksms send": send,
        "linksms send --no-store": [*send, "--no-store"],
        "linksms send --once": [*send, "--once", "benchmark"],
    }
    if http := shutil.which("http"):
        contenders["HTTPie"] = [http, "--ignore-stdin", "POST", url, "Userdata==Hej"]
    took: dict[str, list[float]] = {name: [] for name in contenders}
    for round_ in range(ROUNDS + 2):
        for name, command in contenders.items():
            words = [word.replace("benchmark", f"benchmark-{round_}") for word in command]
            started = time.perf_counter()
            subprocess.run(words, env=env, check=True, capture_output=True)
            if round_ >= 2:  # the first rounds fill caches
                took[name].append(time.perf_counter() - started)
    shutil.rmtree(folder)
    base = statistics.median(took["requests one-liner"])
    for name, times in took.items():
        median = statistics.median(times)
        print(f"{name:<26} {median * 1000:6.1f} ms  {median / base:5.2f} x the one-liner")


if __name__ == "__main__":
    main()

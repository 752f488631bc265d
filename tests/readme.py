"""README's shown commands, run for real; `python -m tests.readme` writes their output into it."""

import os
import re
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from linksms_cli.adapters.store.sqlite import database
from linksms_cli.sms.timestamp import milliseconds, rfc3339
from tests.conftest import account
from tests.loopback import Recorder, http
from tests.reporting import report, request
from tests.server import running

README = Path(__file__).parent.parent / "README.md"
# Commands with what they print. Those of a case run in a home with the messages of `lost_message`.
_BLOCK = re.compile(r"^```console( case)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def environment(home: Path) -> dict[str, str]:
    """An environment in which `linksms` is ours, and nothing is the person's."""
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
    }


def refreshed(text: str, home: Path) -> str:
    """Return the README with what its console blocks really print."""
    places = {"": home / "me", " case": home / "case"}
    for place in places.values():
        place.mkdir()
    lost_message(places[" case"])

    def run(block: re.Match[str]) -> str:
        kind = block[1] or ""
        commands = [line[2:] for line in block[2].splitlines() if line.startswith("$ ")]
        shown = "".join(f"$ {command}\n{output(command, places[kind])}" for command in commands)
        return f"```console{kind}\n{shown}```"

    return _BLOCK.sub(run, text)


def lost_message(home: Path) -> None:
    """Make a store in which a message of yesterday at nine has no known end."""
    environ = environment(home)
    at = datetime.now(UTC).replace(hour=9, minute=0, second=2, microsecond=0) - timedelta(days=1)
    send = ["linksms", "send", "-f", "LINK", "-q", "Your code is 1234"]
    sent = {
        "Dcshuhod0PMAAAFQ+/PbnR3x": ("+99955501234", 1010, "se.tele2"),
        "Xk2Lpq8d0PMAAAFQ+/QbmT7a": ("+99955502345", 1001, "se.tele2"),
        "aP9sdf3d0PMAAAFQ+/RcvN1z": ("+99955503456", 1001, "no.telenor"),
    }
    with running(environ, "listen") as receiver:
        for message_id, (to, code, operator) in sent.items():
            with Recorder(http(f"1005;Queued;{message_id}".encode())) as gateway:
                words = [*send[:-1], "-t", to, send[-1]]
                subprocess.run(
                    words, env=environ | account(gateway.url), check=True, capture_output=True
                )
            custom = {"source": "LINK", "destination": to}
            told = report(
                id=message_id,
                resultCode=code,
                operator=operator,
                customParameters=custom,
                sentTimestamp=rfc3339(at + timedelta(seconds=1)),
                timestamp=rfc3339(at + timedelta(seconds=4)),
            )
            assert request(receiver.url, told).status == 200
        receiver.end()
    with closing(database.connect(home / ".local/state/linksms")) as store:
        written = rfc3339(at)
        store.execute(
            "UPDATE submission SET created_at = ?, sent_at = ?, base_url = ?, service_id = 4711",
            (written, written, "https://n-eu.linkmobility.io/smscsimplehttp"),
        )
        store.execute("UPDATE message SET at = ?", (milliseconds(written),))


def output(command: str, home: Path) -> str:
    """Return what a person sees of a command: stdout and stderr as they come."""
    done = subprocess.run(
        ["bash", "-c", command],
        env=environment(home),
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout.replace(str(home), "/home/me")


def comparable(text: str) -> str:
    """Return shown output without what differs from run to run: ids, times, durations."""
    text = re.sub(r"(?<![\w/+])[A-Za-z0-9+/]{20,}={0,2}(?![\w/+=])", "ID", text)
    text = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?", "TIME", text)
    text = re.sub(r'("elapsed_ms": )\d+', r"\1N", text)
    text = re.sub(r"(\d rows? in )\d+\.\d s", r"\1N s", text)
    return re.sub(r"nothing within \d+\.\d s", "nothing within N s", text)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        README.write_text(refreshed(README.read_text("utf-8"), Path(folder)), "utf-8")

"""Every way in for octets that somebody else chose: what they are given to, and what must come.

A door either takes octets or refuses them in one of our own ways. Its function raises nothing then;
whatever it does raise is a fault of the program. What reaches a command line is given to the
command itself, called in this process, since that is what a person meets; what reaches a server, or
comes from one, is given to a real server or a real client on loopback.
"""

import json
import shutil
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from linksms_cli.actions.listen.receiver import Receiver
from linksms_cli.adapters.sandbox import Sandbox
from linksms_cli.adapters.store import store_in
from linksms_cli.errors import ExitCode
from linksms_cli.output.escapes import encode
from linksms_cli.sms.dlr.receiving import UNREADABLE_BYTES, ReceiverTrouble
from linksms_cli.sms.timestamp import rfc3339
from linksms_cli.views.listen.paragraph import as_text
from linksms_cli.views.listen.record import as_record
from tests.fuzz import seeds
from tests.program import Program, judge_text, private_environment

STATE = "state"
Enter = Callable[[bytes], object]


class Door(NamedTuple):
    """A way in. `opened` gives the function that octets enter by, working in an empty folder."""

    opened: Callable[[Path], AbstractContextManager[Enter]]
    seeds: tuple[bytes, ...]


ACCOUNT = {
    "LINKSMS_SERVICE_ID": "1",
    "LINKSMS_USERNAME": "u",
    "LINKSMS_PASSWORD": "p",
    "LINKSMS_BASE_URL": "http://127.0.0.1:9/",
}


def _program(folder: Path) -> Program:
    return Program(private_environment(folder, folder, str(folder / STATE)))


def _piped(
    *command_lines: tuple[str, ...], env: Mapping[str, str] | None = None
) -> Callable[[Path], AbstractContextManager[Enter]]:
    """Return what opens a door to commands that read stdin: each is given the octets."""

    @contextmanager
    def opened(folder: Path) -> Iterator[Enter]:
        program = _program(folder)

        def enter(octets: bytes) -> None:
            for words in command_lines:
                program.call(*words, stdin=octets, env=env)

        yield enter

    return opened


@contextmanager
def _command_line(folder: Path) -> Iterator[Enter]:
    """Any words after the program's name, but for commands that would run on or send."""
    program = _program(folder)
    _fill(program, folder)

    def enter(octets: bytes) -> None:
        words = [word.decode("utf-8", "surrogateescape") for word in octets.split(b"\0")[:-1]]
        if _ends_by_itself(words):
            program.call(*words, env=ACCOUNT)

    yield enter


def _ends_by_itself(words: list[str]) -> bool:
    match words[:1]:
        case ["send"]:
            return "--dry-run" in words and not {"--sandbox", "-p", "--profile"} & set(words)
        case ["listen"]:
            return words[1:2] == ["--replay"]
        case ["status"]:
            return not any(word.startswith(("--f", "--w", "--fo")) for word in words)
        case ["config"]:
            return "check" not in words
        case [name]:
            return not "sandbox".startswith(name) and not "listen".startswith(name)
        case _:
            return True


@contextmanager
def _profiles(folder: Path) -> Iterator[Enter]:
    program = _program(folder)
    file = folder / "config.toml"

    def enter(octets: bytes) -> None:
        file.write_bytes(octets)
        file.chmod(0o600)
        program.call("config", "list")
        program.call("config", "show", "--json")
        program.call("send", "-t", "+99955501234", "-f", "LINK", "Hi", "--dry-run", "--json")
        said = program.call("config", "set", "extra", "service_id=7")
        if said.code:
            assert file.read_bytes() == octets, "a refused edit changed the file"

    yield enter


_BATCH = ("send", "--batch", "-", "-f", "LINK", "--dry-run", "Hi {name}")


@contextmanager
def _report(folder: Path) -> Iterator[Enter]:
    """The body of a request that a receiver takes, stores, shows and acknowledges."""
    with _receiving(folder) as (ask, told):

        def enter(octets: bytes) -> None:
            head = b"POST /dlr HTTP/1.1\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
            answer = ask(head % len(octets) + octets)
            # What is stored is acknowledged first, and told then.
            events = told(10 if answer.startswith(b"HTTP/1.1 200") else 0)
            if not octets:
                assert answer.startswith(b"HTTP/1.1 400"), answer
            elif len(octets) > 1 << 16:
                assert answer.startswith(b"HTTP/1.1 413"), answer
            else:
                # What unpacks to more is too large as well.
                assert answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 413")), answer
                assert bool(events) == answer.startswith(b"HTTP/1.1 200"), "acknowledged, not told"

        yield enter


@contextmanager
def _request(folder: Path) -> Iterator[Enter]:
    """Whatever comes over a connection to a receiver."""
    with _receiving(folder) as (ask, told):

        def enter(octets: bytes) -> None:
            answer = ask(octets)
            if answer:
                assert answer.startswith(b"HTTP/1.1 "), answer
            told(0)
            assert ask(b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n")[9:12] == b"200"

        yield enter


@contextmanager
def _receiving(
    folder: Path,
) -> Iterator[tuple[Callable[[bytes], bytes], Callable[[float], list[object]]]]:
    store, given = store_in(folder), 0
    with Receiver(store) as receiver:
        host, _, port = receiver.url.removeprefix("http://").partition("/")[0].rpartition(":")

        def ask(octets: bytes) -> bytes:
            nonlocal given
            given += len(octets)
            if given > UNREADABLE_BYTES // 2:  # above that limit a receiver answers 503
                store.forget(rfc3339(datetime.now(UTC)))
                given = 0
            return _exchange((host, int(port)), octets)

        def told(seconds: float) -> list[object]:
            """Show what has come, or comes within so many seconds, as `listen` does."""
            events = list(receiver.told(seconds))
            for event in events:
                assert not isinstance(event, ReceiverTrouble), event
                judge_text(as_text(event, width=80))
                judge_text(encode(as_record(event)))
                json.loads(encode(as_record(event)))
            return list(events)

        yield ask, told


def _exchange(address: tuple[str, int], octets: bytes) -> bytes:
    """Write octets, say that no more come, and return all that comes back."""
    received = b""
    with socket.create_connection(address, timeout=20) as connection, suppress(ConnectionError):
        connection.sendall(octets)
        connection.shutdown(socket.SHUT_WR)
        while more := connection.recv(1 << 16):
            received += more
    return received


@contextmanager
def _answer(folder: Path) -> Iterator[Enter]:
    """Whatever a gateway answers, over HTTP or not."""
    program = _program(folder)
    with socket.create_server(("127.0.0.1", 0)) as server:
        waiting: list[bytes] = []

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection, suppress(OSError):
                        connection.settimeout(10)  # one that was left open holds up nobody
                        connection.recv(1 << 16)
                        connection.sendall(waiting.pop() if waiting else b"")
                        connection.shutdown(socket.SHUT_WR)
                        connection.recv(1)

        threading.Thread(target=serve, daemon=True).start()
        environ = ACCOUNT | {"LINKSMS_BASE_URL": f"http://127.0.0.1:{server.getsockname()[1]}/"}

        def enter(octets: bytes) -> None:
            waiting.append(octets)
            words = ("send", "-t", "+99955501234", "-f", "LINK", "Hi", "--json", "--timeout", "9")
            said = program.call(*words, env=environ)
            (record,) = [json.loads(line) for line in said.stdout.splitlines()]
            assert not waiting, "nothing was sent"
            # A request that left may have taken effect: only an answer can say that it has not.
            if record["outcome"] == "not_sent":
                assert record["result_code"] in {1, 3} or b"HTTP/" in octets, record
            if record["outcome"] in {"accepted", "delivered"}:
                assert record["result_code"] is not None, record

        try:
            yield enter
        finally:
            server.shutdown(socket.SHUT_RDWR)


@contextmanager
def _sandbox(_folder: Path) -> Iterator[Enter]:
    """A request line and a body to the sandbox: a message, or a call of its admin interface."""
    with Sandbox() as sandbox:
        host, _, port = sandbox.url.removeprefix("http://").partition("/")[0].rpartition(":")

        def enter(octets: bytes) -> None:
            # Who asks to wait, waits.
            octets = octets.replace(b"wait", b"want").replace(b"latency", b"lateness")
            line, _, body = octets.replace(b"silent", b"quiet").partition(b"\r\n")
            head = b"\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
            answer = _exchange((host, int(port)), line + head % len(body) + body)
            if answer.startswith(b"HTTP/1.1 500"):
                assert b"Internal" not in answer, answer
            with suppress(ConnectionError):
                _exchange((host, int(port)), b"DELETE /faults HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")

        yield enter


@contextmanager
def _stored(folder: Path) -> Iterator[Enter]:
    """The file of a store, some octets of which have become others."""
    program = _program(folder)
    _fill(program, folder)
    (file,) = (folder / STATE).glob("*.db")
    whole = file.read_bytes()

    def enter(octets: bytes) -> None:
        changed = bytearray(whole)
        for offset, mask in struct.iter_unpack(">IB", octets[: len(octets) // 5 * 5]):
            changed[offset % len(changed)] ^= mask
        shutil.rmtree(file.parent)
        file.parent.mkdir(mode=0o700)
        file.write_bytes(changed)
        file.chmod(0o600)
        program.call("status", "--json")
        program.call("status", "--to", "*1234", "--since", "1h")
        program.call("status", "#1")
        program.call("status", "--count-by", "operator", "--count-by", "hour", "--json")
        program.call("listen", "--replay")
        said = program.call(
            *("send", "-t", "+99955501234", "-f", "LINK", "Hi", "--once", "k", "--json"),
            env=ACCOUNT,
        )
        # The key is used up, if it can still be read: it must never be free.
        assert '"accepted"' not in said.stdout

    yield enter


def _fill(program: Program, folder: Path) -> None:
    """Put messages, a once-key and reports of every kind into the program's store."""
    with ExitStack() as ends:
        sandbox = ends.enter_context(Sandbox())
        environ = ACCOUNT | {"LINKSMS_BASE_URL": sandbox.url}
        words = ("send", "-f", "LINK", "Hi", "-t", "+99955501234")
        assert program.call(*words, "--once", "k", env=environ).code == ExitCode.DONE
        program.call(*words, "-t", "+99955502104", env=environ)
        with _receiving(folder / STATE) as (ask, told):
            for body in seeds.REPORTS:
                ask(b"POST /dlr HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            told(0)


DOORS = {
    "admin": Door(_sandbox, seeds.ADMIN),
    "answer": Door(_answer, seeds.RESPONSES),
    "batch": Door(_piped(_BATCH, (*_BATCH, "--json"), env=ACCOUNT), seeds.BATCHES),
    "command-line": Door(_command_line, seeds.COMMAND_LINES),
    "pasted": Door(_piped(("code", "-"), ("code", "-", "--json")), seeds.PASTED),
    "profiles": Door(_profiles, seeds.PROFILES),
    "report": Door(_report, seeds.REPORTS),
    "request": Door(_request, seeds.REQUESTS),
    "store": Door(_stored, seeds.FLIPS),
    "text": Door(_piped(("segments", "--explain"), ("segments", "--lines", "--json")), seeds.TEXTS),
}

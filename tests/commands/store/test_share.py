"""A store for a group of users, each a real one of this machine: two members, and a stranger.

Nobody's umask may keep the others out, and nothing is left that a stranger could read.
"""

import json
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Finished, Linksms, account
from tests.loopback import Recorder
from tests.postgres import PostgresServer
from tests.reporting import report, request
from tests.server import running

# Made-up numbers: no user and no group of the machine has them.
ANNA, BO, MALLORY, GROUP = 64_001, 64_002, 64_003, 64_100
SEND = ("send", "-t", "+99955501234", "-f", "LINK", "--json", "x")

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 and not os.environ.get("LINKSMS_TEST_NO_SKIP"),
    reason="only root can be several users",
)

As = Callable[..., Finished]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody can get to, and where ANNA may make one."""
    with tempfile.TemporaryDirectory(prefix="linksms-shared-") as made:
        place = Path(made)
        place.chmod(0o755)
        hers = place / "hers"
        hers.mkdir(mode=0o755)
        os.chown(hers, ANNA, ANNA)
        yield hers / "store"


# Python and the program may lie where nobody but root can read: all is loaded once, and then each
# command has a child that becomes somebody else.
LOADED = """
import ast, contextlib, importlib, json, os, pathlib, sys, tempfile
import concurrent.futures.thread, encodings.idna, linksms_cli, rich.console
for path in pathlib.Path(linksms_cli.__path__[0]).rglob("*.py"):
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
from linksms_cli import app
for line in sys.stdin:
    user, group, umask, words, environment = json.loads(line)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if not child:
            for number, file in enumerate((open(os.devnull), out, err)):
                os.dup2(file.fileno(), number)
            os.environ.clear()
            os.environ.update(environment)
            os.setgroups([group] if group else [])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
            os.umask(umask)
            sys.argv[1:] = words
            app.run()
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said = [file.seek(0) or file.read().decode() for file in (out, err)]
    print(json.dumps([code, *said]), flush=True)
"""


@pytest.fixture(scope="module")
def loaded() -> Iterator[subprocess.Popen[str]]:
    """A process that has the program loaded, and runs it as whom it is told to."""
    with subprocess.Popen(
        [sys.executable, "-c", LOADED],
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "PYTHONWARNINGS": "ignore"},
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


@pytest.fixture
def as_user(loaded: subprocess.Popen[str], environment: dict[str, str], folder: Path) -> As:
    """Run the program as a user: `as_user(ANNA, "status", umask=0o077)`."""

    def run(
        user: int, *words: str, umask: int = 0o077, env: dict[str, str] | None = None
    ) -> Finished:
        group = GROUP if user in {ANNA, BO} else 0
        ours = {
            "LINKSMS_STATE": str(folder),
            "LINKSMS_CONFIG": str(folder.parent / "none.toml"),
            "PYTHONWARNINGS": "ignore",
        }
        order = (user, group, umask, words, environment | ours | (env or {}))
        assert loaded.stdin
        assert loaded.stdout
        print(json.dumps(order), file=loaded.stdin, flush=True)
        code, stdout, stderr = json.loads(loaded.stdout.readline())
        return Finished(code=code, stdout=stdout, stderr=stderr)

    return run


def modes(folder: Path) -> set[tuple[int, int]]:
    """Return the group and the mode of every file in a folder."""
    return {
        (found.st_gid, stat.S_IMODE(found.st_mode)) for found in map(Path.stat, folder.iterdir())
    }


@pytest.mark.parametrize("umask", [0o077, 0o022, 0o000, 0o777])
def test_members_send_under_one_key_and_see_each_others_messages(
    as_user: As, folder: Path, gateway: Recorder, umask: int
) -> None:
    shared = as_user(ANNA, "store", "share", str(GROUP), "--json")
    assert (shared.code, shared.record["group"]) == (0, str(GROUP)), shared.stderr
    env = account(gateway.url)
    first = as_user(ANNA, *SEND, "--once", "k", env=env, umask=umask)
    second = as_user(BO, *SEND, "--once", "k", env=env, umask=umask)
    third = as_user(BO, *SEND, "--once", "k2", env=env, umask=umask)
    fourth = as_user(ANNA, *SEND, "--once", "k2", env=env, umask=umask)
    outcomes = [done.record["outcome"] for done in (first, second, third, fourth)]
    assert outcomes == ["accepted", "skipped", "accepted", "skipped"]
    assert len(gateway.requests) == 2
    assert len(as_user(BO, "status", "--json", umask=umask).records) == 2
    assert as_user(BO, "store", "info", "--json").record["group"] == str(GROUP)
    assert modes(folder) == {(GROUP, 0o660)}


def test_a_member_waits_for_what_the_others_receiver_stores(
    as_user: As, folder: Path, environment: dict[str, str], gateway: Recorder
) -> None:
    """The log and its index are made by whoever comes first, here root: all can write to them."""
    assert as_user(ANNA, "store", "share", str(GROUP)).code == 0
    env = environment | {"LINKSMS_STATE": str(folder)}
    with running(env, "listen") as receiver:
        sent = as_user(BO, *SEND, env=account(gateway.url)).record
        assert request(receiver.url, report(id=sent["message_id"])).status == 200
        waited = as_user(ANNA, "status", sent["message_id"], "--wait", "30s", "--json")
        assert (waited.code, waited.record["outcome"], waited.stderr) == (0, "delivered", "")
        assert {path.name for path in folder.iterdir()} >= {"linksms.db-wal", "listen.lock"}
        assert modes(folder) == {(GROUP, 0o660)}
        receiver.end()


def test_a_setgid_folder_needs_no_command(as_user: As, folder: Path, gateway: Recorder) -> None:
    folder.mkdir()
    os.chown(folder, 0, GROUP)
    folder.chmod(0o2770)
    env = account(gateway.url)
    assert as_user(ANNA, *SEND, "--once", "k", env=env).record["outcome"] == "accepted"
    assert as_user(BO, *SEND, "--once", "k", env=env).record["outcome"] == "skipped"
    assert modes(folder) == {(GROUP, 0o660)}


@pytest.mark.parametrize(
    "words",
    [SEND, ("status",), ("store", "info"), ("listen", "--port", "0"), ("store", "share", "1")],
)
def test_a_stranger_is_told_in_one_line_and_sends_nothing(
    as_user: As, gateway: Recorder, words: tuple[str, ...]
) -> None:
    assert as_user(ANNA, "store", "share", str(GROUP)).code == 0
    assert as_user(ANNA, *SEND, env=account(gateway.url)).code == 0
    told = as_user(MALLORY, *words, env=account(gateway.url))
    assert (told.code, len(gateway.requests)) == (3, 1)
    (line,) = told.stderr.splitlines()
    assert "ermission denied" in line or "you may not change" in line
    assert "Traceback" not in line


def test_what_is_revoked_is_the_owners_alone(as_user: As, folder: Path, gateway: Recorder) -> None:
    env = account(gateway.url)
    assert as_user(ANNA, "store", "share", str(GROUP)).code == 0
    assert as_user(BO, *SEND, "--once", "k", env=env).code == 0
    assert as_user(BO, "store", "share", "--revoke").code == 3
    revoked = as_user(ANNA, "store", "share", "--revoke", "--json")
    assert (revoked.code, revoked.record["group"]) == (0, None)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert as_user(BO, *SEND, env=env).code == 3
    assert as_user(ANNA, *SEND, "--once", "k", env=env).record["outcome"] == "skipped"
    as_root = as_user(0, "store", "share", "--revoke")
    assert (as_root.code, modes(folder)) == (0, {(folder.stat().st_gid, 0o600)})


def test_a_store_that_was_private_is_shared_with_all_its_files(
    as_user: As, folder: Path, gateway: Recorder
) -> None:
    env = account(gateway.url)
    assert as_user(ANNA, *SEND, "--once", "k", env=env, umask=0).code == 0
    assert modes(folder) == {(ANNA, 0o600)}
    assert as_user(BO, "status").code == 3
    assert as_user(ANNA, "store", "share", str(GROUP)).code == 0
    assert as_user(BO, *SEND, "--once", "k", env=env).record["outcome"] == "skipped"
    assert modes(folder) == {(GROUP, 0o660)}


def test_what_root_makes_in_passing_is_the_owners(
    as_user: As, folder: Path, gateway: Recorder
) -> None:
    folder.mkdir(mode=0o700)
    os.chown(folder, ANNA, ANNA)
    env = account(gateway.url)
    assert as_user(0, *SEND, "--once", "k", env=env).record["outcome"] == "accepted"
    assert as_user(ANNA, *SEND, "--once", "k", env=env).record["outcome"] == "skipped"


def test_a_folder_above_that_stops_the_group_is_named(as_user: As, folder: Path) -> None:
    folder.mkdir(mode=0o700)
    os.chown(folder, ANNA, ANNA)
    below = {"LINKSMS_STATE": str(folder / "store")}
    done = as_user(ANNA, "store", "share", str(GROUP), env=below)
    assert (done.code, f"the group cannot get to it through {folder}:" in done.stderr) == (0, True)


@pytest.mark.parametrize("name", ["once.lock", "listen.lock", "once.count"])
def test_a_link_of_a_members_leads_nobody_to_another_file(
    as_user: As, folder: Path, gateway: Recorder, name: str
) -> None:
    """BO would have ANNA's own file opened to the group."""
    assert as_user(ANNA, "store", "share", str(GROUP)).code == 0
    own = folder.parent / "own"
    own.write_text("")
    os.chown(own, ANNA, ANNA)
    own.chmod(0o600)
    (folder / name).symlink_to(own)
    as_user(ANNA, *SEND, "--once", "k", env=account(gateway.url))
    as_user(ANNA, "store", "share", str(GROUP))
    as_user(ANNA, "listen", "--port", "0", "--timeout", "0.1")
    found = own.stat()
    assert (found.st_size, found.st_gid, stat.S_IMODE(found.st_mode)) == (0, ANNA, 0o600)


def test_what_cannot_be_shared_is_refused(call: Linksms, postgres: PostgresServer) -> None:
    assert call("store", "share", "no-such-group").stderr == (
        "error: there is no group 'no-such-group' on this machine. See `getent group`.\n"
    )
    # Python itself reads no 5000 digits, and the last of 32 bits leaves the group as it is.
    for number in ("4294967295", "4294967296", "1" * 5000):
        assert call("store", "share", number).stderr.startswith("error: there is no group '")
    assert call("store", "share").code == 2
    assert call("store", "share", "root", "--revoke").code == 2
    done = call("store", "share", "root", env={"LINKSMS_STATE": postgres.database()})
    assert (done.code, "so it has no group" in done.stderr) == (2, True)

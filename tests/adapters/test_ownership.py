"""What another user plants in a folder that everybody can write to, at every file that we use."""

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from linksms_cli.adapters import ownership
from linksms_cli.adapters.batch.reading import Rows
from linksms_cli.adapters.batch.rejects import Rejects
from linksms_cli.adapters.batch.source import BatchSource
from linksms_cli.adapters.profiles import reading, writing
from linksms_cli.adapters.store import store_in
from linksms_cli.adapters.store.locks import KeyLock, SharedLock
from linksms_cli.adapters.store.sqlite import sharing, witness
from linksms_cli.errors import ConfigurationError, StoreError, UsageError
from linksms_cli.sms.account.profile import Profile, ProfileFile

STRANGER = 65534
PRECIOUS = "precious\n"
as_root = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root makes files for others"
)


def reject(folder: Path) -> None:
    with rejects(folder) as rejected:
        rejected.begin()


@contextmanager
def rejects(folder: Path) -> Iterator[Rejects]:
    batch = folder.parent / "batch.csv"
    batch.write_text("to,text\n1,secret\n")
    with (
        closing(BatchSource(str(batch), None)) as source,
        closing(
            Rejects(folder / "rejected.csv", Rows(source, by_option={}, delimiter=None))
        ) as made,
    ):
        yield made


def edit(folder: Path) -> None:
    profiles = {"p": Profile(password="s3cret")}
    writing.edit(
        folder / "config.toml", lambda file: ProfileFile(path=file.path, profiles=profiles)
    )


def read(folder: Path) -> None:
    reading.read(folder / "config.toml")


def send(folder: Path) -> None:
    store_in(folder).outbox().close()


def look(folder: Path) -> None:
    store_in(folder).stories().close()


def note(folder: Path) -> None:
    try:
        witness.note(folder, b"database", 7, lasting=True)
        witness.read(folder, b"database")
    except OSError as failure:
        raise StoreError(str(failure.strerror), None) from None


def hold(folder: Path) -> None:
    try:
        KeyLock(folder / "once.lock", "key").close()
    except OSError as failure:
        raise StoreError(str(failure.strerror), None) from None


def receive(folder: Path) -> None:
    try:
        SharedLock(folder / "listen.lock").close()
    except OSError as failure:
        raise StoreError(str(failure.strerror), None) from None


def ask(folder: Path) -> None:
    store_in(folder).has_receiver()


USES: list[tuple[str, Callable[[Path], None]]] = [
    ("rejected.csv", reject),
    ("config.toml", edit),
    ("config.toml", read),
    ("linksms.db", send),
    ("linksms.db", look),
    ("linksms.db-wal", send),
    ("linksms.db-shm", send),
    ("linksms.db-journal", send),
    ("once.count", note),
    ("once.lock", hold),
    ("listen.lock", receive),
    ("listen.lock", ask),
]


def plant(kind: str, path: Path, precious: Path) -> None:
    """Leave something of a stranger's under a name that we will use."""
    if kind == "link":
        path.symlink_to(precious)
    elif kind == "link to nothing":
        path.symlink_to(precious.with_name("made"))
    elif kind == "second name":
        path.hardlink_to(precious)
        return
    elif kind == "pipe":
        os.mkfifo(path, 0o666)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(str(path))
    elif kind == "device":
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 7))
    elif kind == "folder":
        path.mkdir(mode=0o777)
    else:
        path.touch()
        path.chmod(0o666)
    os.lchown(path, STRANGER, STRANGER)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that everybody can write to, with a file of ours out of reach beside it."""
    (tmp_path / "precious").write_text(PRECIOUS)
    tmp_path.chmod(0o755)
    folder = tmp_path / "all"
    folder.mkdir()
    folder.chmod(0o1777)
    return folder


@as_root
@pytest.mark.parametrize(("name", "use"), USES)
@pytest.mark.parametrize(
    "kind", ["link", "link to nothing", "second name", "pipe", "socket", "device", "folder", "file"]
)
def test_what_a_stranger_has_planted_is_not_used(
    folder: Path, name: str, use: Callable[[Path], None], kind: str
) -> None:
    precious = folder.with_name("precious")
    plant(kind, folder / name, precious)
    before = (folder / name).lstat()
    with pytest.raises((ConfigurationError, UsageError)) as caught:
        use(folder)
    assert "\n" not in caught.value.message
    assert precious.read_text() == PRECIOUS
    assert not precious.with_name("made").exists()
    after = (folder / name).lstat()
    assert (after.st_ino, after.st_size) == (before.st_ino, before.st_size)


@as_root
@pytest.mark.parametrize("use", [reject, edit, read, send, look])
def test_a_folder_that_a_stranger_has_planted_is_not_used(
    folder: Path, use: Callable[[Path], None]
) -> None:
    plant("folder", folder / "ours", folder)
    with pytest.raises((ConfigurationError, UsageError), match="ours belongs to another user"):
        use(folder / "ours")
    assert not any((folder / "ours").iterdir())


@as_root
def test_a_lock_and_a_draft_that_a_stranger_has_planted_hurt_nobody(folder: Path) -> None:
    precious = folder.with_name("precious")
    for name in (".config.toml.lock", ".config.toml.new"):
        for kind in ("link", "second name", "pipe", "file"):
            plant(kind, folder / name, precious)
            with suppress(ConfigurationError):
                edit(folder)
            (folder / name).unlink(missing_ok=True)
            assert precious.read_text() == PRECIOUS
            if (folder / "config.toml").exists():
                made = (folder / "config.toml").lstat()
                assert (made.st_uid, stat.S_IMODE(made.st_mode)) == (0, 0o600)
                (folder / "config.toml").unlink()


@as_root
def test_what_a_stranger_swaps_while_we_open_it_gets_nothing(folder: Path) -> None:
    """A process of another user changes what lies there as fast as it can."""
    precious, there = folder.with_name("precious"), folder / "rejected.csv"
    swapping = subprocess.Popen(
        [sys.executable, "-c", _SWAP, there.name], cwd=folder, stdout=subprocess.PIPE
    )
    try:
        assert swapping.stdout
        assert swapping.stdout.readline() == b"swapping\n"
        refused = 0
        for _ in range(100):
            try:
                with rejects(folder) as made:
                    made.begin()
                # What is ours nobody else can take away in a folder with the sticky bit.
                written = there.lstat()
                assert (written.st_uid, written.st_mode) == (0, stat.S_IFREG | 0o600)
                there.unlink()
            except UsageError:
                refused += 1
        assert refused
    finally:
        swapping.kill()
        swapping.communicate()
    assert precious.read_text() == PRECIOUS


_SWAP = f"""
import contextlib, os, sys
os.setgid({STRANGER}); os.setuid({STRANGER}); os.umask(0)
there = sys.argv[1]
print("swapping", flush=True)
while True:
    with contextlib.suppress(OSError):
        os.symlink("../precious", there)
    with contextlib.suppress(OSError):
        os.unlink(there)
    with contextlib.suppress(OSError):
        os.close(os.open(there, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    with contextlib.suppress(OSError):
        os.unlink(there)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
@pytest.mark.parametrize("mask", [0, 0o077])
def test_what_we_make_there_is_ours_alone_and_is_used_again(folder: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        for _ in range(2):
            reject(folder)
            edit(folder)
            for use in (send, look, note, hold, receive, ask):
                use(folder)
            deep = folder / "deep" / "er"
            edit(deep)
            send(deep / "store" / "here")
    finally:
        os.umask(before)
    made = [path.lstat() for path in folder.rglob("*")]
    assert {stat.S_IMODE(found.st_mode) & 0o077 for found in made} == {0}
    assert len(made) > 10


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_links_of_our_own_are_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    for name in ("rejected.csv", "config.toml", "linksms.db"):
        (folder / name).symlink_to(tmp_path / "elsewhere" / name)
    for use in (edit, read, send, look):
        use(folder)
    (tmp_path / "elsewhere" / "rejected.csv").touch()
    reject(folder)
    assert (tmp_path / "elsewhere" / "rejected.csv").read_text() == "to,text,error\n"
    assert stat.S_IMODE((tmp_path / "elsewhere" / "linksms.db").stat().st_mode) == 0o600


def test_a_pipe_that_nobody_reads_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    os.mkfifo(tmp_path / "private" / "rejected.csv")
    with pytest.raises(UsageError, match="it is a pipe that nobody reads"):
        reject(tmp_path / "private")


@as_root
def test_a_file_with_a_second_name_is_given_to_no_group(tmp_path: Path) -> None:
    store, precious = tmp_path / "store", tmp_path / "precious"
    send(store)
    precious.write_text(PRECIOUS)
    precious.chmod(0o600)
    (store / "once.count").unlink(missing_ok=True)
    (store / "once.count").hardlink_to(precious)
    with pytest.raises(StoreError, match="has a second name elsewhere"):
        sharing.share(store, str(STRANGER), ())
    assert (precious.stat().st_gid, stat.S_IMODE(precious.stat().st_mode)) == (0, 0o600)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_a_folder_of_a_group_is_shared_on_purpose(tmp_path: Path) -> None:
    tmp_path.chmod(0o2777)
    assert not ownership.is_open_to_all(tmp_path)
    tmp_path.chmod(0o777)
    assert ownership.is_open_to_all(tmp_path)

"""The store's file: made private, brought up to date, and clear about what is wrong with it."""

import os
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from linksms_cli.adapters.store.sqlite import database, versions
from linksms_cli.adapters.store.sqlite.explaining import readable_errors
from linksms_cli.adapters.store.sqlite.schema import MIGRATIONS
from linksms_cli.errors import StoreError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_store_is_private_durable_and_of_the_current_version(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "state"
    connection = database.connect(folder)
    connection.execute("INSERT INTO secret VALUES (x'00')")
    files = {path.name: mode(path) for path in folder.iterdir()}
    pragmas = [
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "user_version", "foreign_keys")
    ]
    connection.close()
    assert mode(folder) == 0o700
    assert files == {"linksms.db": 0o600, "linksms.db-wal": 0o600, "linksms.db-shm": 0o600}
    assert pragmas == ["wal", 2, len(MIGRATIONS), 1]


def test_every_version_grows_into_the_current_one_and_keeps_its_rows(tmp_path: Path) -> None:
    path = tmp_path / database.FILE
    old = sqlite3.connect(path, isolation_level=None)
    for statement in MIGRATIONS[0]:
        old.execute(statement)
    old.execute(f"PRAGMA application_id = {versions.APPLICATION_ID}")
    old.execute("PRAGMA user_version = 1")
    old.execute("INSERT INTO once_key VALUES (7, 'http://h/x', 1, 'k', x'00', 't')")
    old.close()
    connection = database.connect(tmp_path)
    assert connection.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
    assert connection.execute("SELECT id FROM once_key").fetchone()[0] == 7
    connection.close()


def test_keys_that_a_slash_or_a_port_kept_apart_become_one(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / database.FILE, isolation_level=None)
    for statement in [*MIGRATIONS[0], *MIGRATIONS[1]]:
        old.execute(statement)
    old.execute(f"PRAGMA application_id = {versions.APPLICATION_ID}")
    old.execute("PRAGMA user_version = 2")
    old.execute("INSERT INTO secret VALUES (x'00')")
    urls = ["https://h/x", "https://h/x/", "https://h:443/x", "http://h/x", "https://h/y"]
    for number, url in enumerate(urls, start=1):
        old.execute("INSERT INTO once_key VALUES (?, ?, 1, 'k', x'00', 't')", (number, url))
        old.execute(
            "INSERT INTO submission (created_at, updated_at, base_url, service_id, destination, "
            "source, once_key, slot) VALUES ('t', 't', ?, 1, '+99955501234', 'LINK', ?, 0)",
            (url, number),
        )
    old.close()
    connection = database.connect(tmp_path)
    keys = connection.execute("SELECT id, base_url, intents FROM once_key ORDER BY id").fetchall()
    rows = connection.execute("SELECT once_key FROM submission ORDER BY id").fetchall()
    count = connection.execute("SELECT intents FROM once_count").fetchone()[0]
    connection.close()
    assert [tuple(row) for row in keys] == [
        (1, "https://h/x", 3),
        (4, "http://h/x", 1),
        (5, "https://h/y", 1),
    ]
    assert [row[0] for row in rows] == [1, 1, 1, 4, 5]
    assert count == 5


def test_a_second_connection_does_not_take_away_the_locks_of_the_first(tmp_path: Path) -> None:
    """The last to close a store deletes its log, so nobody may seem to be the last."""
    first = database.connect(tmp_path)
    first.execute(
        "INSERT INTO once_key (base_url, service_id, key, payload, created_at) "
        "VALUES ('u', 1, 'k', x'00', 't')"
    )
    database.connect(tmp_path).close()
    other = (
        "import sqlite3, sys; other = sqlite3.connect(sys.argv[1]);"
        "other.execute('SELECT * FROM secret'); other.close()"
    )
    subprocess.run([sys.executable, "-c", other, str(tmp_path / database.FILE)], check=True)
    assert (tmp_path / f"{database.FILE}-wal").stat().st_size > 0
    first.close()


def test_who_commits_does_not_bring_the_log_of_another_into_the_database(tmp_path: Path) -> None:
    """That of a large transaction takes a long time, and is the work of who made it."""
    with closing(database.connect(tmp_path)) as large, closing(database.connect(tmp_path)) as small:
        large.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        before = (tmp_path / database.FILE).stat().st_size
        large.execute("PRAGMA wal_autocheckpoint = 0")
        large.execute("INSERT INTO secret VALUES (zeroblob(8000000))")
        small.execute("INSERT INTO stale VALUES ('sent')")
        assert (tmp_path / f"{database.FILE}-wal").stat().st_size > 8_000_000
        assert (tmp_path / database.FILE).stat().st_size == before


def test_many_processes_may_create_it_at_once(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib; from linksms_cli.adapters.store.sqlite import database;"
        "print(database.connect(pathlib.Path(sys.argv[1])).execute("
        "'SELECT hex(value) FROM secret').fetchall()[0][0])"
    )

    def create(_: int) -> str:
        done = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path)],
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(create, range(8)))
    assert len(secrets) == 1
    assert len(secrets.pop().strip()) == 64


def test_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    connection = database.connect(tmp_path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match=r"newer linksms \(version 99\)"):
        database.connect(tmp_path)


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / database.FILE
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program's database"):
        database.connect(tmp_path)
    assert path.read_bytes() == before


def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    (tmp_path / database.FILE).write_bytes(b"this is not a database, it is a note\n" * 40)
    with pytest.raises(StoreError, match="is not a database") as caught:
        database.connect(tmp_path)
    assert caught.value.hint == "Move it aside, or name another folder in LINKSMS_STATE."


def test_a_damaged_page_says_so(tmp_path: Path) -> None:
    connection = database.connect(tmp_path)
    connection.close()
    path = tmp_path / database.FILE
    raw = bytearray(path.read_bytes())
    raw[100:4096] = b"\xff" * (4096 - 100)
    path.write_bytes(raw)
    with pytest.raises(StoreError, match="is damaged"):
        database.connect(tmp_path)


def test_a_folder_that_is_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(StoreError, match="cannot be used: File exists"):
        database.connect(tmp_path / "state")


@pytest.mark.skipif(sys.platform == "win32", reason="rights are those of POSIX")
def test_a_folder_that_may_not_be_entered_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    database.connect(folder).close()
    before = os.geteuid()
    folder.chmod(0)
    try:
        if before == 0:  # who is stopped by no mode
            os.seteuid(65534)
        with pytest.raises(StoreError, match="cannot be used: Permission denied"):
            database.exists(folder)
    finally:
        os.seteuid(before)
        folder.chmod(0o700)


def test_read_only_needs_a_store_and_never_makes_one(tmp_path: Path) -> None:
    assert not database.exists(tmp_path)
    with pytest.raises(StoreError, match="cannot be opened"):
        database.connect(tmp_path, read_only=True)
    assert list(tmp_path.iterdir()) == []
    database.connect(tmp_path).close()
    connection = database.connect(tmp_path, read_only=True)
    with (
        pytest.raises(StoreError, match="cannot be written"),
        readable_errors(tmp_path / database.FILE),
    ):
        connection.execute("DELETE FROM once_key")
    connection.close()


def test_a_transaction_leaves_all_or_nothing(tmp_path: Path) -> None:
    connection = database.connect(tmp_path)
    insert = (
        "INSERT INTO once_key (id, base_url, service_id, key, payload, created_at) "
        "VALUES (?, 'u', ?, 'k', x'00', 't')"
    )

    def fail_halfway() -> None:
        with connection.transaction():
            connection.execute(insert, (1, 1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    with connection.transaction():
        connection.execute(insert, (2, 2))
    assert [row["id"] for row in connection.execute("SELECT id FROM once_key")] == [2]
    connection.close()

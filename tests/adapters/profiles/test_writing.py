"""The profile file as it is edited: comments stay, it is private, nothing is ever half there."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from linksms_cli.adapters.profiles import reading, writing
from linksms_cli.errors import ConfigurationError
from linksms_cli.sms.account.profile import Profile, ProfileFile
from tests.conftest import needs

Change = Callable[[ProfileFile], ProfileFile]

COMMENTED = """\
# ours, ask Åsa
default = "prod"  # until May

[profiles.prod]  # the real one
# who pays
username = 'acme'   # the old name
service_id = 1

# only numbers of the office
[profiles.test]
username = "acme-test"
allowed_destinations = [
  "+4670",  # Bo
]
# the end
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def put(name: str, profile: Profile) -> Change:
    return lambda file: replace(file, profiles={**file.profiles, name: profile})


def change(name: str, **values: object) -> Change:
    return lambda file: put(name, replace(file.profiles[name], **values))(file)  # type: ignore[arg-type] # each test names a field of Profile


def remove(name: str) -> Change:
    def without(file: ProfileFile) -> ProfileFile:
        kept = {other: one for other, one in file.profiles.items() if other != name}
        return replace(file, profiles=kept, default=None)

    return without


def write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())
    path.chmod(0o600)


def test_a_new_file(path: Path) -> None:
    profile = Profile(service_id=7, username="ä", allowed_destinations=("+46",), async_=False)
    path = path.parent / "deep" / "er" / "config.toml"
    after = writing.edit(path, lambda file: replace(file, default="p", profiles={"p": profile}))
    assert after == ProfileFile(path=str(path), default="p", profiles={"p": profile})
    assert reading.read(path) == after
    assert path.read_text() == (
        'version = 1\ndefault = "p"\n\n[profiles.p]\nservice_id = 7\nusername = "ä"\n'
        'allowed_destinations = [\n    "+46",\n]\nasync = false\n'
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("edit", "old", "new"),
    [
        (change("prod", username="b"), "username = 'acme'   #", 'username = "b"   #'),
        (
            change("prod", source="LINK"),
            "service_id = 1\n",
            'service_id = 1\nsource = "LINK"\n',
        ),
        (change("test", username=None), 'username = "acme-test"\n', ""),
        (
            change("prod", username=None, service_id=None),
            "username = 'acme'   # the old name\nservice_id = 1\n",
            "",
        ),
        (
            put("new", Profile(username="n")),
            "# the end\n",
            '# the end\n\n[profiles.new]\nusername = "n"\n',
        ),
        (lambda file: replace(file, default="test"), 'default = "prod"  #', 'default = "test"  #'),
    ],
)
def test_an_edit_changes_what_it_names_and_not_a_byte_more(
    path: Path, edit: Change, old: str, new: str
) -> None:
    write(path, COMMENTED)
    writing.edit(path, edit)
    assert path.read_text() == COMMENTED.replace(old, new)


def test_a_profile_that_goes_takes_no_comment_of_the_next_along(path: Path) -> None:
    write(path, COMMENTED)
    writing.edit(path, remove("prod"))
    assert path.read_text() == (
        "# ours, ask Åsa\n\n# only numbers of the office\n[profiles.test]\n"
        'username = "acme-test"\nallowed_destinations = [\n  "+4670",  # Bo\n]\n# the end\n'
    )
    writing.edit(path, remove("test"))
    assert path.read_text() == "# ours, ask Åsa\n\n# only numbers of the office\n# the end\n"


def test_nothing_new_leaves_the_file_alone(path: Path) -> None:
    write(path, COMMENTED)
    before = path.stat()
    writing.edit(path, change("prod", username="acme"))
    assert path.stat().st_ino == before.st_ino


def test_line_ends_stay_as_they_are(path: Path) -> None:
    write(path, COMMENTED.replace("\n", "\r\n"))
    writing.edit(path, change("prod", source="LINK"))
    expected = COMMENTED.replace("service_id = 1\n", 'service_id = 1\nsource = "LINK"\n')
    assert path.read_bytes() == expected.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    "text",
    [
        'profiles = {p = {username = "x"}}\n',
        'profiles.p.username = "x"\n',
    ],
)
def test_a_form_that_an_edit_would_break_is_left_to_a_person(path: Path, text: str) -> None:
    write(path, text)
    with pytest.raises(ConfigurationError) as caught:
        writing.edit(path, lambda file: put("q", Profile(username="y"))(replace(file, default="q")))
    assert caught.value.message == f"{path} is written in a form that linksms cannot edit"
    assert path.read_text() == text


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "version = 1", '[profiles.a]\nsource="x"'])
def test_whatever_is_there_can_be_added_to(path: Path, text: str) -> None:
    write(path, text)
    after = writing.edit(path, put("p", Profile(username="x")))
    assert reading.read(path) == after
    assert path.read_text().startswith(text)


def test_a_symbolic_link_is_followed_and_stays(path: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "linksms.toml"
    real.parent.mkdir()
    write(real, COMMENTED)
    path.symlink_to(real)
    writing.edit(path, change("prod", source="LINK"))
    assert path.is_symlink()
    assert 'source = "LINK"' in real.read_text()
    assert {one.name for one in path.parent.iterdir()} == {"config.toml", "dotfiles"}


def test_a_link_to_nothing_makes_what_it_names(path: Path, tmp_path: Path) -> None:
    path.symlink_to(tmp_path / "there" / "linksms.toml")
    writing.edit(path, put("p", Profile(username="x")))
    assert (tmp_path / "there" / "linksms.toml").exists()


def test_a_password_that_others_could_read_is_not_written_over(path: Path) -> None:
    path.write_text('[profiles.p]\npassword = "x"\n')
    path.chmod(0o644)
    with pytest.raises(ConfigurationError, match="others can read it"):
        writing.edit(path, change("p", username="x"))


def test_the_file_is_private_after_an_edit(path: Path) -> None:
    path.write_text('[profiles.p]\nusername = "x"\n')
    path.chmod(0o644)
    writing.edit(path, change("p", password="secret"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_the_change_raises_leaves_the_file_alone(path: Path) -> None:
    write(path, COMMENTED)
    with pytest.raises(KeyError):
        writing.edit(path, change("none", username="x"))
    assert path.read_text() == COMMENTED


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "config.toml"
    with pytest.raises(ConfigurationError) as caught:
        writing.edit(path, put("p", Profile(username="x")))
    assert caught.value.message == f"the profile file {path} cannot be written: File exists"


def test_another_writer_is_waited_for_but_not_for_ever(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from filelock import FileLock

    monkeypatch.setattr(writing, "LOCK_SECONDS", 0.2)
    with (
        FileLock(path.with_name(".config.toml.lock")),
        pytest.raises(ConfigurationError) as caught,
    ):
        writing.edit(path, put("p", Profile(username="x")))
    assert caught.value.message == f"another process holds {path}: no lock within 0.2 s"


@needs("strace")
@pytest.mark.parametrize(
    ("call", "number", "done"),
    [
        ("write", 1, False),
        ("fsync", 1, False),
        ("rename", 1, False),
        ("fsync", 2, True),
    ],
)
def test_a_kill_at_any_step_leaves_the_old_file_or_the_new_one(
    path: Path, call: str, number: int, done: bool
) -> None:
    write(path, COMMENTED)
    killed = subprocess.run(
        [
            *("strace", "-f", "-qq", "-o", os.devnull, "-P", f"{path.parent}/.config.toml.new"),
            *("-P", str(path.parent), "-e", f"trace={call}"),
            *("-e", f"inject={call}:signal=KILL:when={number}"),
            *(sys.executable, "-m", "linksms_cli", "config", "set", "new", "username=x"),
        ],
        check=False,
        env={"PATH": os.environ["PATH"], "LINKSMS_CONFIG": str(path)},
    )
    assert killed.returncode in {-signal.SIGKILL, 128 + signal.SIGKILL}
    assert ("new" in reading.read(path).profiles) is done
    if not done:
        assert path.read_text() == COMMENTED
    # Neither the dead process's lock nor what it left behind stands in the next one's way.
    writing.edit(path, change("test", username="next"))
    assert reading.read(path).profiles["test"].username == "next"
    assert {one.name for one in path.parent.iterdir()} == {"config.toml", ".config.toml.lock"}


@pytest.mark.parametrize("kind", ["device", "pipe", "folder", "link to a device"])
def test_only_a_regular_file_is_written_over(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "config.toml"
    match kind:
        case "device":
            path = Path("/dev/null")
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case _:
            path.symlink_to("/dev/null")
    before = path.stat().st_mode
    with pytest.raises(ConfigurationError) as caught:
        writing.edit(path, put("p", Profile(username="x")))
    assert caught.value.message == f"{path} is not a regular file, so it is not overwritten"
    assert path.stat().st_mode == before
    assert [one for one in tmp_path.iterdir() if one != path] == []

"""A password's file: one line, or one clear line about why not."""

import os
import threading
from pathlib import Path

import pytest

from linksms_cli.adapters.profiles.password_file import from_file
from linksms_cli.errors import ConfigurationError


@pytest.mark.parametrize(
    "raw", [b" p;\xc3\xa5 ", b" p;\xc3\xa5 \n", b" p;\xc3\xa5 \r\n", b"\xef\xbb\xbf p;\xc3\xa5 \n"]
)
def test_a_file_gives_its_line(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "secret"
    path.write_bytes(raw)
    path.chmod(0o644)  # container secrets are; their mode is not judged
    assert from_file(str(path), "LINKSMS_PASSWORD_FILE") == " p;å "


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"hidden\nhidden\n", "contains a line break"),
        (b"hidden\n\n", "contains a line break"),
        (b"hid\xffden", "contains a control character or is not UTF-8"),
        (b"x" * 70_000, "is too long to be a password"),
    ],
)
def test_a_file_that_holds_no_password(tmp_path: Path, raw: bytes, problem: str) -> None:
    path = tmp_path / "secret"
    path.write_bytes(raw)
    with pytest.raises(ConfigurationError) as caught:
        from_file(str(path), "LINKSMS_PASSWORD_FILE")
    assert caught.value.message == f"the file {path} that LINKSMS_PASSWORD_FILE names {problem}"


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(ConfigurationError) as caught:
        from_file("/none/x", "LINKSMS_PASSWORD_FILE")
    assert caught.value.message == (
        "the file /none/x that LINKSMS_PASSWORD_FILE names cannot be read: "
        "No such file or directory"
    )


def test_a_pipe_gives_its_line_when_it_comes(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writing = threading.Thread(target=path.write_text, args=["from a pipe\n"])
    writing.start()
    assert from_file(str(path), "LINKSMS_PASSWORD_FILE") == "from a pipe"
    writing.join()

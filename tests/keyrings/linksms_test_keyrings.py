"""Keyrings to be chosen with PYTHON_KEYRING_BACKEND: one that works, one that hangs, one locked."""

import json
import os
import time
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class Working(KeyringBackend):
    """Keeps what it is given in the JSON file that TEST_KEYRING_FILE names."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write(self._read() | {f"{service} {username}": password})

    def delete_password(self, service: str, username: str) -> None:
        kept = self._read()
        if kept.pop(f"{service} {username}", None) is None:
            raise PasswordDeleteError("not found")
        self._write(kept)

    def _file(self) -> Path:
        return Path(os.environ["TEST_KEYRING_FILE"])

    def _read(self) -> dict[str, str]:
        kept: dict[str, str] = json.loads(self._file().read_text()) if self._file().exists() else {}
        return kept

    def _write(self, kept: dict[str, str]) -> None:
        self._file().write_text(json.dumps(kept))


class Hanging(Working):
    """Never answers, like the one of a headless machine that waits for somebody to unlock it."""

    def get_password(self, service: str, username: str) -> str | None:
        time.sleep(600)
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        time.sleep(600)
        super().set_password(service, username, password)


class Locked(Working):
    """Refuses, in words that a terminal should not obey."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked(f"the collection of {service}, {username} is locked\x1b[2J")

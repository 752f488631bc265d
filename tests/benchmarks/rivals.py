"""The rivals, installed where they disturb nothing: a virtual environment and npm in a folder."""

import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable
from pathlib import Path

# Seconds that one may take to be installed.
_PATIENCE = 300
_FROM_PYPI = {"apprise", "asyncpg", "awscli", "httpie", "pg8000", "smpplib", "smsutil"}
_FROM_NPM = {"sms-segments-calculator"}
_FROM_DEBIAN = {"wrk", "webhook", "curl"}


class Rivals:
    """Rivals in a folder; `missing` says which are not there, and why."""

    def __init__(self, folder: Path, *, installs: bool = True) -> None:
        self._folder = folder
        self._installs = installs
        self._python = folder / "venv" / "bin" / "python"
        self.missing: dict[str, str] = {}

    def install(self, names: Iterable[str]) -> None:
        """Install what is not there yet; what cannot be is missing."""
        for name in sorted(set(names)):
            if name in _FROM_DEBIAN:
                if not shutil.which(name):
                    self.missing[name] = f"apt-get install {name}"
            elif not self._installs:
                self.missing[name] = "--no-install"
            elif name in _FROM_NPM:
                self._install_from_npm(name)
            else:
                assert name in _FROM_PYPI, name
                self._install_from_pypi(name)

    def has(self, name: str) -> bool:
        """Return whether a rival that was to be installed is there."""
        return name not in self.missing

    def told(self, *names: str) -> list[str]:
        """Return which of some are missing, and why."""
        return [f"{name} ({self.missing[name]})" for name in names if name in self.missing]

    @property
    def python(self) -> str:
        """The interpreter that sees the libraries."""
        return str(self._python)

    @property
    def modules(self) -> Path:
        """The folder in which Node finds the libraries."""
        return self._folder / "node_modules"

    def program(self, name: str) -> str:
        """Return the path of a command that came with a rival."""
        return str(self._python.with_name(name))

    def _install_from_pypi(self, name: str) -> None:
        if not self._python.exists():
            venv.create(self._folder / "venv", with_pip=True, symlinks=True)
        if not list(self._python.parent.parent.glob(f"lib/*/site-packages/{name}-*")):
            command = [str(self._python), "-m", "pip", "install", "-q", name]
            self._run(name, command, "pip could not install it")

    def _install_from_npm(self, name: str) -> None:
        if not shutil.which("npm"):
            self.missing[name] = "npm is not there"
        elif not (self.modules / name).exists():
            command = ["npm", "install", "--silent", "--prefix", str(self._folder), name]
            self._run(name, command, "npm could not install it")

    def _run(self, name: str, command: list[str], why: str) -> None:
        print(f"installing {name} for this run", file=sys.stderr)
        try:
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_PATIENCE,
                check=True,
            )
        except (subprocess.SubprocessError, OSError):
            self.missing[name] = why

"""What a command loads: each library costs every start that does not need it."""

import subprocess
import sys
from collections.abc import Mapping

HEAVY = {
    *("asyncio", "http", "sqlite3", "ssl", "tomllib", "xml"),
    *("filelock", "httptools", "keyring", "phonenumbers", "platformdirs", "prometheus_client"),
    *("requests", "rich", "tomli_w", "tomlkit", "truststore", "urllib3"),
}


def loaded(environment: Mapping[str, str], *words: str) -> set[str]:
    """Run the program, and return the modules that it has loaded at its end."""
    script = "import sys; from linksms_cli import app; app.main(); print(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines())


def heavy(modules: set[str]) -> set[str]:
    """Those of the modules that belong to a heavy library."""
    return {name for name in modules if name.split(".")[0] in HEAVY}

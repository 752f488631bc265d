"""Run the user's command for each report, with the report on its stdin."""

import json
from collections.abc import Mapping
from typing import Any

from linksms_cli.adapters import shell

_SECONDS = 30.0
# What the command has no need to know.
_SECRETS = frozenset(
    {
        *("LINKSMS_LISTEN_PASSWORD", "LINKSMS_LISTEN_HEADER", "LINKSMS_LISTEN_FORWARD_TO"),
        *("LINKSMS_FORWARD_SECRET", "LINKSMS_LISTEN_PATH", "LINKSMS_LISTEN_PUBLIC_URL"),
    }
)


def execute(command: str, record: Mapping[str, Any], environ: Mapping[str, str]) -> str | None:
    """Run a command for a report, given as the JSON object of its event; return why it failed.

    Nothing of the report stands in the command line.
    """
    line = json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
    kept = {name: value for name, value in environ.items() if name not in _SECRETS}
    return shell.run(command, line, kept, seconds=_SECONDS)

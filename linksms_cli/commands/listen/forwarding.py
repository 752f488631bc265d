"""Where the process that forwards begins."""

from collections.abc import Mapping
from typing import Any

from linksms_cli import __version__
from linksms_cli.actions.listen.forwarding import forward_all
from linksms_cli.views.listen.record import as_record


def main(order: Mapping[str, Any]) -> None:
    """Forward what `order` says, in the words of `listen --json`."""
    forward_all(order, as_record, f"linksms/{__version__}")

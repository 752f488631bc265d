"""What a person should know of the store before a command uses it."""

import os
from contextlib import suppress
from pathlib import Path

from linksms_cli.output import Output
from linksms_cli.sms import paths


def warn_of_relative(output: Output) -> None:
    """Warn of a store that the working directory chooses: `--once` from another sends twice."""
    here = Path()
    with suppress(OSError):  # it may be gone
        here = Path.cwd()
    if warning := paths.relative_state(os.environ, here):
        output.warning(warning)

"""What a person should know of the store before a command uses it."""

import os
from contextlib import suppress
from pathlib import Path

from linksms_cli.actions.store.cautions import weakness
from linksms_cli.output import Output
from linksms_cli.sms import paths


def warn_of_store(output: Output) -> None:
    """Warn of a store that the working directory chooses, or that two machines can see."""
    here = Path()
    with suppress(OSError):  # it may be gone
        here = Path.cwd()
    for warning in (paths.relative_state(os.environ, here), weakness(os.environ)):
        if warning:
            output.warning(warning)

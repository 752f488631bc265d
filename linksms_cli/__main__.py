"""`python -m linksms_cli` is `linksms`; the console script starts here too."""

import gc
import os
import signal
import sys
from typing import NoReturn


def run() -> NoReturn:
    """Be the console script, or answer a shell that completes a line.

    A TAB has to be quick, so it is answered before Typer is imported. Only a line without arguments
    can be one: a variable that has leaked into the environment never makes a `send` do nothing.
    """
    # Until the command is loaded nothing can be half done, and Python would answer Ctrl-C with a
    # traceback from the middle of an import. One that is ignored (a background job's) stays so.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Imports only make objects that stay, and looking for garbage among them takes 4 % of a start.
    gc.disable()
    # A name of our own: Typer has a protocol for _LINKSMS_COMPLETE.
    asked = os.environ.get("_LINKSMS_TAB")
    if asked and len(sys.argv) == 1:
        from linksms_cli.commands.completion import answer

        answer(asked)
        sys.exit(0)
    from linksms_cli import app

    app.run()


if __name__ == "__main__":
    run()

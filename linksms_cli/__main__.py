"""`python -m linksms_cli` is `linksms`; the console script starts here too.

Nothing is imported here that Python has not loaded by itself: Ctrl-C has to be provided for first.
"""

import _signal  # type: ignore[import-not-found] # what `signal` is made of, without its imports
import gc
import os
import sys

TYPE_CHECKING = False  # as in typing, whose import takes longer than all the others together
if TYPE_CHECKING:
    from typing import NoReturn

# Until the command is loaded nothing can be half done, and Python would answer Ctrl-C with a
# traceback from the middle of an import. One that is ignored (a background job's) stays so.
if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)


def run() -> "NoReturn":
    """Be the console script, or answer a shell that completes a line.

    A TAB has to be quick, so it is answered before Typer is imported. Only a line without arguments
    can be one: a variable that has leaked into the environment never makes a `send` do nothing.
    """
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

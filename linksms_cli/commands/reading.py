"""Where a text comes from: the argument, or standard input, by one rule for every command."""

from typing import BinaryIO

from linksms_cli.errors import UsageError
from linksms_cli.sms import text as texts


def read_text(argument: str | None, stdin: BinaryIO | None) -> str:
    """Return the text that the command line gives.

    An argument is taken as it is and stdin is not touched; `-` means stdin, and so does no
    argument where stdin is not a terminal. `stdin` is None where the process has none.

    Raises UsageError where there is no text, or where it is not UTF-8.
    """
    if argument is not None and argument != "-":
        return texts.from_argument(argument)
    return texts.decode(read_stdin(argument, stdin), "stdin")


def read_stdin(argument: str | None, stdin: BinaryIO | None) -> bytes:
    """Return what stands on stdin, to the end."""
    return open_stdin(argument, stdin).read()


def open_stdin(argument: str | None, stdin: BinaryIO | None) -> BinaryIO:
    """Return stdin, if that is where the text is to be read from."""
    if stdin is None or (argument is None and stdin.isatty()):
        raise UsageError(
            "no text given", "Give it as an argument, or pipe it in: echo Hello | linksms ..."
        )
    return stdin

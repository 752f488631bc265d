"""The lines of a batch, read one by one: a line without an end takes no more memory than others."""

from collections.abc import Iterator
from typing import IO

from linksms_cli.errors import UsageError

# The most characters of a line: far more than a row needs, and little memory.
LONGEST = 1 << 20


class LineTooLongError(Exception):
    """A line is longer than LONGEST; all of it has been read, and the next one can be."""


class Lines:
    """Yields lines with their ends, from a file that `name` is the name of.

    `taken` holds the lines since it was last cleared, a long one without its rest, and `quotes`
    counts the quotation marks of that rest.

    Raises LineTooLongError, after which it goes on with the next line, and UsageError for a file
    that cannot be read to its end.
    """

    def __init__(self, text: IO[str], name: str) -> None:
        self._text = text
        self._name = name
        self.taken: list[str] = []
        self.quotes = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._read()
        if not line:
            raise StopIteration
        self.taken.append(line)
        if len(line) == LONGEST and not line.endswith("\n"):
            self._pass_over_the_rest()
            raise LineTooLongError
        return line

    def _read(self) -> str:
        try:
            return self._text.readline(LONGEST)
        except UnicodeDecodeError:
            message = f"{self._name} ends in the middle of a character"
            raise UsageError(message, "Was it copied whole? Save it as UTF-8.") from None
        except OSError as failure:
            message = f"{self._name} cannot be read: {failure.strerror}"
            raise UsageError(message, "Nothing more of it was sent.") from None

    def _pass_over_the_rest(self) -> None:
        while rest := self._read():
            self.quotes += rest.count('"')
            if rest.endswith(("\n", "\r")):
                return

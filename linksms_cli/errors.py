"""What can go wrong before there is a result, each class with its exit code.

::

    LinksmsError                 1
    ├── UsageError               2   an option, an argument or an input is wrong
    ├── ResourcesError           1   the system has no more files or memory
    └── ConfigurationError       3   a profile, the environment, a certificate file, an address
        ├── ListenError          3   an address cannot be listened on
        └── StoreError           3   the store cannot be read or written
            ├── StoreAwayError   3   it cannot be reached now, which may pass
            └── StoreMovedError  3   it lies no longer where it was opened

    Terminated (BaseException) 143   SIGTERM; Ctrl-C is Python's own KeyboardInterrupt, 130

What a gateway answers, a guard's refusal and a silence are values, never exceptions: each
recipient that passed usage and configuration has exactly one result.
"""

import errno
import os
from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """Every exit code there is; scripts rely on them."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    CONFIGURATION = 3
    CREDENTIALS = 4
    REJECTED = 5
    NOT_SENT = 6
    UNKNOWN = 7
    PENDING = 8
    MIXED = 9
    REFUSED = 10
    INTERRUPTED = 130
    TERMINATED = 143


class LinksmsError(Exception):
    """A failure with one clear line: what is wrong and where (message), what to do (hint)."""

    kind: ClassVar[str] = "failure"
    exit_code: ClassVar[ExitCode] = ExitCode.FAILED

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(LinksmsError):
    """An option, an argument or an input is wrong; nothing was done."""

    kind = "usage"
    exit_code = ExitCode.USAGE


class ConfigurationError(LinksmsError):
    """A profile, the environment or a file they name is missing or unusable; nothing was done."""

    kind = "configuration"
    exit_code = ExitCode.CONFIGURATION


class ListenError(ConfigurationError):
    """An address, `host:port`, cannot be listened on; `failure` is what the system made of it."""

    def __init__(self, address: str, failure: OSError | OverflowError | UnicodeError) -> None:
        absent = "host name" if isinstance(failure, UnicodeError) else "port"
        why = getattr(failure, "strerror", None) or f"there is no such {absent}"
        hint = "Choose another --port (0 for any free one) or --host."
        super().__init__(f"cannot listen on {address}: {why}", hint)


class ResourcesError(LinksmsError):
    """The system has no more files or memory for this program."""

    kind = "resources"


# What a system says that has no more files, or no memory, for what it is asked.
EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})

# How Python says that the system has no more threads, or no memory for one.
_NO_THREAD = "can't start new thread"
# And none for what it turns the name of a host into octets with.
_NO_CODEC = "unknown encoding: idna"


# How glibc says that it has no memory for a library; behind any other cause it says which.
_NO_LIBRARY = "failed to map segment from shared object"


def _has_no_memory(words: str) -> bool:
    return words.endswith(_NO_LIBRARY) or os.strerror(errno.ENOMEM) in words


def exhaustion(failure: BaseException) -> ResourcesError | None:
    """Return the error that a failure stands for if the system was exhausted, None if not."""
    if isinstance(failure, MemoryError) or str(failure) in {_NO_THREAD, _NO_CODEC}:
        number = errno.ENOMEM
    elif isinstance(failure, OSError) and failure.errno in EXHAUSTED:
        number = failure.errno
    elif isinstance(failure, ImportError) and os.strerror(errno.EMFILE) in str(failure):
        number = errno.EMFILE  # of a library in C, only the words are left
    elif isinstance(failure, ImportError) and _has_no_memory(str(failure)):
        number = errno.ENOMEM
    else:
        return None
    more = "memory" if number in {errno.ENOMEM, errno.ENOBUFS} else "files (ulimit -n)"
    why = os.strerror(number).lower()
    return ResourcesError(f"this program is at its limits: {why}", f"Allow it more {more}.")


class BatchRefusedError(LinksmsError):
    """A batch is refused as a whole by a guard of ours; nothing of it was sent by this command."""

    kind = "batch_refused"
    exit_code = ExitCode.REFUSED


class BatchBusyError(LinksmsError):
    """Another process is sending this batch: what becomes of it, that process says."""

    kind = "batch_busy"
    exit_code = ExitCode.UNKNOWN


class StoreError(ConfigurationError):
    """The store cannot be opened, read or written."""

    kind = "store"


class StoreAwayError(StoreError):
    """The store cannot be reached at present: its server is away, or others keep it locked.

    Nothing of what was to be stored is there, unless the connection broke during its commit.
    """


class StoreMovedError(StoreError):
    """The store was removed, moved or replaced while it was in use.

    What was committed last went with it: nobody who opens the store now would find it.
    """


class Terminated(BaseException):
    """SIGTERM arrived. Not an Exception: nothing may swallow it on its way out."""

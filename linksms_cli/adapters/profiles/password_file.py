"""A file that holds a password and nothing else, as container secrets come."""

from pathlib import Path

from linksms_cli.adapters.profiles import files
from linksms_cli.errors import ConfigurationError
from linksms_cli.sms import secret
from linksms_cli.sms.value import InvalidValueError

# A secret's file is a line. Anything longer is some other file, or one that never ends.
_LONGEST = 64 * 1024


def from_file(path: str, where: str) -> str:
    """Return the password in a file: one line, without its line end and byte order mark.

    `where` names who asked for it; the file's mode is not judged. Raises ConfigurationError.
    """
    subject = f"the file {path} that {where} names"
    hint = "The file must contain the password and nothing else."
    try:
        raw = files.read(Path(path), most=_LONGEST).raw
    except OSError as failure:
        message = f"{subject} cannot be read: {failure.strerror}"
        raise ConfigurationError(message, hint) from None
    if len(raw) > _LONGEST:
        raise ConfigurationError(f"{subject} is too long to be a password", hint)
    try:
        return secret.read(raw.decode("utf-8", "surrogateescape"))
    except InvalidValueError as wrong:
        raise ConfigurationError(f"{subject} {wrong.problem}", wrong.hint or hint) from None

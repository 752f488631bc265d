"""A guard over destinations: what one place allows, to which that of another adds up."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from linksms_cli.errors import ConfigurationError
from linksms_cli.sms import number
from linksms_cli.sms.account.keys import Key
from linksms_cli.sms.value import InvalidValueError

_VARIABLE = Key.ALLOWED_DESTINATIONS.variable


class Guard(NamedTuple):
    """The destinations that one place allows; a number must pass the guards of all places.

    `origin` names the place: a variable, or a profile.
    """

    origin: str
    allowed: tuple[str, ...]

    def allows(self, recipient: str) -> bool:
        """Return whether a number may be sent to, as far as this place says."""
        return any(number.allows(entry, recipient) for entry in self.allowed)

    @property
    def remedy(self) -> str:
        """Return what to do to send to another number."""
        change = "it" if self.origin == _VARIABLE else f"its {Key.ALLOWED_DESTINATIONS}"
        return f"change {change} to send there"


def of_environment(environ: Mapping[str, str]) -> Sequence[Guard]:
    """Return the guard that holds whatever chose the account; none if it is not set.

    Raises ConfigurationError: it is of the wrong form, or empty, which may be a guard that was
    lost on the way here.
    """
    text = environ.get(_VARIABLE)
    if text is None:
        return ()
    if not text:
        message = f"{_VARIABLE} is set, but empty"
        raise ConfigurationError(message, "Unset it to allow every number.")
    try:
        allowed = Key.ALLOWED_DESTINATIONS.form.from_text(text)
    except InvalidValueError as wrong:
        raise ConfigurationError(f"{_VARIABLE} {wrong.problem}", wrong.hint) from None
    if not isinstance(allowed, tuple):
        raise AssertionError("the form of this key gives a tuple")
    return (Guard(origin=_VARIABLE, allowed=allowed),)

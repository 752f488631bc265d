"""Faults set on demand, which replace what the numbers of the next messages select."""

import re
import threading
from dataclasses import dataclass
from typing import Any, Self

from linksms_cli.adapters.sandbox import fields, numbers
from linksms_cli.adapters.sandbox.fields import Fields
from linksms_cli.adapters.sandbox.numbers import BEHAVIOURS, Plan
from linksms_cli.errors import UsageError
from linksms_cli.sms.sandbox.settings import Latency

FIELDS = ("to", "after", "times", "answer", "status", "behaviour", "report", "latency")
# Exactly one of these says what happens; with a latency alone, the number still does.
_ONE_OF = ("answer", "status", "behaviour", "report")
_MOST_FAULTS = 1000
_MOST_TIMES = 999_999_999


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedFault:
    """What happens to messages whose number begins with `to`, or to any if it is None.

    The first `after` of them go by; it then happens `times` times, or until it is taken away if
    that is None. `plan` is what happens, None if it is only the `latency` that changes. `asked` is
    how it was asked for.
    """

    to: str | None
    after: int
    times: int | None
    plan: Plan | None
    latency: Latency | None
    asked: Fields

    @classmethod
    def parse(cls, given: Fields) -> Self:
        """Read the fields of a fault. Raises UsageError that says which of them is wrong."""
        return cls(
            to=_beginning(fields.text(given, "to")),
            after=fields.whole(given, "after", 0, _MOST_TIMES) or 0,
            times=fields.whole(given, "times", 1, _MOST_TIMES),
            plan=_plan(given),
            latency=_latency(given.get("latency")),
            asked={name: given.get(name) for name in FIELDS if given.get(name) is not None},
        )


def _beginning(to: str | None) -> str | None:
    """Return the beginning of a number; any other text would never match, and nobody would know."""
    if to is None or re.fullmatch(r"(\+[0-9]{0,15})?", to):
        return to
    message = "to is not the beginning of a number: '+' and digits"
    raise UsageError(message, 'Write it like {"to": "+9995", "status": 500}.')


def _plan(given: Fields) -> Plan | None:
    named = [name for name in _ONE_OF if given.get(name) is not None]
    if len(named) > 1 or (not named and given.get("latency") is None):
        found = " and ".join(named) or "none of them"
        raise UsageError(
            f"a fault needs one of {', '.join(_ONE_OF)}; given: {found}",
            'Write it like {"times": 2, "status": 500}.',
        )
    if not named:
        return None
    match named[0]:
        case "answer":
            return _answer(given["answer"])
        case "status":
            return numbers.failing(fields.whole(given, "status", 100, 999) or 0)
        case "report":
            return numbers.reporting(fields.whole(given, "report", 0, 9999) or 0)
    behaviour = BEHAVIOURS.get(str(given["behaviour"]).replace("-", "_").lower())
    if behaviour is None:
        raise UsageError("there is no such behaviour", f"There are: {', '.join(BEHAVIOURS)}.")
    return numbers.behaving(behaviour)


def _answer(given: Any) -> Plan:
    if not isinstance(given, dict) or not set(given) <= {"code", "description"}:
        message = "answer is not an object with a code, and perhaps a description"
        raise UsageError(message, 'Write it like {"answer": {"code": 3}}.')
    code = fields.whole(given, "code", 0, 9999)
    if code is None:
        raise UsageError("answer has no code", 'Write it like {"answer": {"code": 3}}.')
    return numbers.answering(code, fields.text(given, "description"))


def _latency(given: Any) -> Latency | None:
    if given is None:
        return None
    if isinstance(given, str):
        return Latency.parse(given, "latency")
    one = fields.seconds({"latency": given}, "latency", 3600)
    return Latency(least=one, most=one)


@dataclass(slots=True)
class _Standing:
    """A fault that is set, and how often it was used."""

    number: int
    fault: RequestedFault
    passed: int = 0
    used: int = 0

    def record(self) -> dict[str, Any]:
        return {"fault": self.number} | dict(self.fault.asked) | {"used": self.used}


class FaultTable:
    """The faults that are set, in that order; used by many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._standing: list[_Standing] = []
        self._count = 0

    def add(self, fault: RequestedFault) -> dict[str, Any]:
        """Add a fault, and return how it is listed. Raises UsageError if there are too many."""
        with self._lock:
            if len(self._standing) >= _MOST_FAULTS:
                message = f"{_MOST_FAULTS} faults are set, and there is no room for more"
                raise UsageError(message, "Remove some with DELETE /faults.")
            self._count += 1
            standing = _Standing(self._count, fault)
            self._standing.append(standing)
            return standing.record()

    def take(self, destination: str) -> RequestedFault | None:
        """Return what happens to a message to that number: the first fault whose turn it is.

        Those before it whose turn has not come yet have let the message go by.
        """
        with self._lock:
            for standing in self._standing:
                fault = standing.fault
                if fault.to is not None and not destination.startswith(fault.to):
                    continue
                if standing.passed < fault.after:
                    standing.passed += 1
                elif fault.times is None or standing.used < fault.times:
                    standing.used += 1
                    return fault
        return None

    def records(self) -> list[dict[str, Any]]:
        """Return the faults as they are listed; those that are used up too."""
        with self._lock:
            return [standing.record() for standing in self._standing]

    def remove(self, number: int) -> bool:
        """Remove one fault; return whether it was there."""
        with self._lock:
            before = len(self._standing)
            self._standing = [standing for standing in self._standing if standing.number != number]
            return len(self._standing) < before

    def clear(self) -> int:
        """Remove all faults, and return how many there were."""
        with self._lock:
            count = len(self._standing)
            self._standing.clear()
            return count

"""What every format shares: the names of the fields, and lists of parameters."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

# The guide's names, chapter "Delivery Reports".
GATE_PARAMETERS, PARAMETERS = "gateCustomParameters", "customParameters"
LISTS = (GATE_PARAMETERS, PARAMETERS)
# Opaque, and hold a `+` of their own. LINK's sibling interfaces call the first one messageId.
IDS, TIMES = ("id", "refId", "messageId"), ("sentTimestamp", "timestamp")
_OTHERS = ("operator", "resultCode", "operatorResultCode", "segments")
# What an incoming message has besides.
_INCOMING = ("source", "destination", "content", "userData")
NAMES = (*IDS, *TIMES, *LISTS, *_OTHERS, *_INCOMING)
_NAME_OF = {name: name for name in NAMES} | {name.lower(): name for name in NAMES}

# More than fit into a body, unless they say next to nothing.
MAX_REPORTS = 1000
# Far more than any report has, and shallow enough for whatever is done with it later.
MAX_DEPTH = 16

Fields = dict[str, Any]


class Candidates(NamedTuple):
    """What a text holds: the fields of each report, and how many others cannot be one."""

    reports: list[Fields]
    missed: int = 0


class UnreadableError(Exception):
    """What came is no report; the argument says why, without a word of what came."""


def name_of(key: str) -> str | None:
    """Return the guide's name of a field, whatever its case; None where the guide has none.

    `result_code` is the same name too: so programs write it, ours among them.
    """
    return _NAME_OF.get(key) or _NAME_OF.get(key.lower().replace("_", ""))


def are_whole(names: Iterable[str]) -> bool:
    """Return whether fields of these names make a report, or an incoming message."""
    known = set(map(name_of, names))
    if "resultCode" in known:
        return "id" in known or "messageId" in known
    return "destination" in known and ("content" in known or "userData" in known)


def named(members: Iterable[tuple[str, Any]]) -> Fields:
    """Give the guide's fields the guide's names, and read its lists as mappings.

    What the guide does not know stays under its own name.
    """
    fields: Fields = {}
    for key, value in members:
        name = name_of(key) or key
        if name in LISTS:
            fields.setdefault(name, {}).update(parameters(value))
        else:
            fields[name] = value
    return fields


def parameters(value: Any) -> Fields:
    """Read a list of parameters: an object, or key-value entries. What is neither keeps its place
    in the list for a name.
    """
    if isinstance(value, dict):
        return entry(value) or value
    if value in (None, "", "null"):
        return {}
    if isinstance(value, list):
        found: Fields = {}
        for number, item in enumerate(value):
            found.update(parameters(item) if isinstance(item, dict) else {str(number): item})
        return found
    return {"0": value}


def entry(halves: Mapping[str, Any]) -> Fields | None:
    """Read an entry of a <List>KeyValue: a key (or name) and a value, and nothing else."""
    if len(halves) != 2:
        return None
    lowered = {name.lower(): value for name, value in halves.items()}
    key = lowered.pop("key", None) or lowered.pop("name", None)
    if isinstance(key, str) and lowered.keys() == {"value"}:
        return {key: lowered["value"]}
    return None

"""Options that contradict each other, or that have no effect without another."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from linksms_cli.errors import UsageError

_SOURCES = frozenset({"COMMANDLINE", "ENVIRONMENT"})


class Conflict(NamedTuple):
    """Two options, or an option and an argument, that cannot be combined, and why.

    They are named as they are typed: `--wait`, `TEXT`. With `unless` given too they can be.
    """

    one: str
    other: str
    why: str
    unless: str | None = None


class Need(NamedTuple):
    """An option that has no effect without another option or argument, or a second one."""

    option: str
    other: str
    second: str | None = None


def refuse(
    context: Any,
    conflicts: Iterable[Conflict],
    needs: Iterable[Need] = (),
    *,
    typed_alone: bool = False,
) -> None:
    """Check what was given on a command line, or by the environment, against these rules.

    With `typed_alone`, what the environment gives breaks none: it is there for every run.

    Raises UsageError at the first that does not hold.
    """
    anywhere = _given(context)
    given = _given(context, {"COMMANDLINE"}) if typed_alone else anywhere
    for one, other, why, unless in conflicts:
        if one in given and other in given and unless not in anywhere:
            message = f"{given[one]} and {given[other]} cannot be combined: {why}"
            raise UsageError(message, "Leave one of them out.")
    for option, other, second in needs:
        if option in given and other not in anywhere and second not in anywhere:
            either = f"{other} or {second}" if second else other
            message = f"{given[option]} has no effect without {either}"
            raise UsageError(message, f"Add {either}, or leave {given[option]} out.")


def _given(context: Any, sources: AbstractSet[str] = _SOURCES) -> dict[str, str]:
    """Return what was given: each by every name that it has, and how it was given."""
    given: dict[str, str] = {}
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name)
        if source is None or context.params.get(parameter.name) is False:
            continue
        if source.name not in sources:
            continue
        if source.name == "COMMANDLINE":
            names = _names(parameter, context)
            given |= dict.fromkeys(names, names[-1])
        elif source.name == "ENVIRONMENT":
            given |= dict.fromkeys(_names(parameter, context), str(parameter.envvar))
    return given


def _names(parameter: Any, context: Any) -> list[str]:
    if parameter.param_type_name == "argument":
        return [str(parameter.make_metavar(context)).strip("[].")]
    return sorted(parameter.opts, key=len)

"""A command that takes its options as one value, whose fields declare them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, fields, is_dataclass
from inspect import Parameter, Signature
from typing import Any, NamedTuple, TypeVar, get_type_hints

import typer

_Options = TypeVar("_Options")


def taking(
    options: type[_Options],
) -> Callable[[Callable[[typer.Context, _Options], int]], Callable[..., int]]:
    """Have Typer read the fields of a dataclass as a command's options, in their order.

    A field that is a dataclass itself stands for a group of options. Without it each option is
    listed in a signature, in a call, and in the signature called.
    """

    def decorate(command: Callable[[typer.Context, _Options], int]) -> Callable[..., int]:
        group = _Group.of(options)

        def called(ctx: typer.Context, **typed: Any) -> int:
            return command(ctx, group.read(typed))

        parameters = [Parameter("ctx", Parameter.KEYWORD_ONLY, annotation=typer.Context)]
        parameters += group.parameters()
        called.__name__, called.__doc__ = command.__name__, command.__doc__
        called.__annotations__ = {one.name: one.annotation for one in parameters}
        vars(called)["__signature__"] = Signature(parameters)
        return called

    return decorate


class _Group(NamedTuple):
    """A dataclass of options, with the groups that some of its fields are."""

    options: type[Any]
    hints: Mapping[str, Any]
    groups: Mapping[str, "_Group"]

    @classmethod
    def of(cls, options: type[Any]) -> "_Group":
        """Return the group that a dataclass declares."""
        hints = get_type_hints(options, include_extras=True)
        types = {name: hint for name, hint in hints.items() if isinstance(hint, type)}
        groups = {name: cls.of(hint) for name, hint in types.items() if is_dataclass(hint)}
        return cls(options, hints, groups)

    def parameters(self) -> Iterator[Parameter]:
        """Yield each option, in the order of the fields."""
        for option in fields(self.options):
            if option.name in self.groups:
                yield from self.groups[option.name].parameters()
            else:
                yield self._parameter(option)

    def _parameter(self, option: "Field[Any]") -> Parameter:
        return Parameter(
            option.name,
            Parameter.KEYWORD_ONLY,
            default=option.default,
            annotation=self.hints[option.name],
        )

    def read(self, typed: Mapping[str, Any]) -> Any:
        """Return the value of what was typed."""
        return self.options(
            **{
                option.name: self.groups[option.name].read(typed)
                if option.name in self.groups
                else typed[option.name]
                for option in fields(self.options)
            }
        )

"""A command that takes its options as one value, whose fields declare them."""

from collections.abc import Callable
from dataclasses import fields
from inspect import Parameter, Signature
from typing import Any, TypeVar, get_type_hints

import typer

_Options = TypeVar("_Options")


def taking(
    options: type[_Options],
) -> Callable[[Callable[[typer.Context, _Options], int]], Callable[..., int]]:
    """Have Typer read the fields of a dataclass as a command's options, in their order.

    Without it each option is listed in a signature, in a call, and in the signature called.
    """

    def decorate(command: Callable[[typer.Context, _Options], int]) -> Callable[..., int]:
        def called(ctx: typer.Context, **typed: Any) -> int:
            return command(ctx, options(**typed))

        hints = get_type_hints(options, include_extras=True)
        parameters = [Parameter("ctx", Parameter.KEYWORD_ONLY, annotation=typer.Context)]
        parameters += [
            Parameter(
                option.name,
                Parameter.KEYWORD_ONLY,
                default=option.default,
                annotation=hints[option.name],
            )
            for option in fields(options)  # type: ignore[arg-type] # it is a dataclass
        ]
        called.__name__, called.__doc__ = command.__name__, command.__doc__
        called.__annotations__ = {"ctx": typer.Context, **hints}
        vars(called)["__signature__"] = Signature(parameters)
        return called

    return decorate

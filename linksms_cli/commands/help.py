"""`linksms help`: the help of a command, or a table that belongs to all of them."""

from typing import Annotated, Any

import typer

from linksms_cli.commands import layout, usage
from linksms_cli.errors import ExitCode, UsageError
from linksms_cli.output import Output
from linksms_cli.sms.text.decoding import visible

app = typer.Typer(**layout.APP)

EXIT_CODES = "exit-codes"


@app.command(
    cls=layout.Command,
    hidden=True,
    epilog="""
    linksms help             # every command
    linksms help send        # one command
    linksms help exit-codes  # what each exit code means
    """,
)
def show_help(
    ctx: typer.Context,
    topic: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TOPIC]...",
            show_default=False,
            help=f"A command, like send or config set; or {EXIT_CODES}.",
        ),
    ] = None,
) -> int:
    """Show the help of a command, or the table of exit codes."""
    words = topic or []
    output = Output()
    if words == [EXIT_CODES]:
        from linksms_cli.views import exit_codes

        output.text(exit_codes.as_table(output.width))
    else:
        output.text(_page(ctx.find_root(), words))
    return ExitCode.DONE


def _page(context: Any, words: list[str]) -> str:
    """Return the help of the command that is `words` below that of the context.

    Raises UsageError if there is no such command.
    """
    for word in words:
        below = getattr(context.command, "commands", {})
        if word not in below:
            near = usage.near_command(word, context)
            topics = [one for one, command in below.items() if not command.hidden]
            topics += [EXIT_CODES] if context.parent is None else []
            hint = f"Did you mean {near}?" if near else f"Topics: {', '.join(topics)}."
            raise UsageError(f"there is no help on '{visible(word)}'", hint if topics else None)
        context = below[word].make_context(word, [], parent=context, resilient_parsing=True)
    return str(context.get_help())

"""`linksms code`: what a result code means, what is certain, and what to do next."""

import re
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from linksms_cli.commands import layout, options
from linksms_cli.errors import ExitCode, UsageError
from linksms_cli.output import Output, encode
from linksms_cli.sms import codes
from linksms_cli.sms.codes import Certainty, ResultCode, Retry
from linksms_cli.views import code as view

app = typer.Typer(**layout.APP)

FILTERS = "Filters"


class _CodeCommand(layout.Command):
    def meant(self, ctx: Any, words: Sequence[str], failure: Any) -> UsageError | None:
        """Say of `-1` that it is not a code, and not that there is no such option."""
        del ctx, failure
        for word in words:
            if re.fullmatch("-[0-9]+", word):
                codes.read_number(word)
        return None


@app.command(
    cls=_CodeCommand,
    epilog="""
    linksms code 2104                  one code in full
    linksms code                       the whole table
    linksms code --search "barred"     codes whose text mentions it
    linksms code --retry safe          codes after which you can retry
    linksms code 1009 --json           for a program
    """,
)
def code(
    numbers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CODE]...",
            show_default=False,
            help="Result codes from answers or delivery reports. Default: the whole table.",
        ),
    ] = None,
    *,
    search: Annotated[
        str | None,
        typer.Option(
            metavar="WORDS",
            help="Only codes starting with this number, or containing all these words.",
            rich_help_panel=FILTERS,
        ),
    ] = None,
    final: Annotated[
        bool | None,
        typer.Option(
            "--final/--temporary",
            show_default=False,
            help="Only final codes, or only temporary ones.",
            rich_help_panel=FILTERS,
        ),
    ] = None,
    delivered: Annotated[
        Certainty | None,
        typer.Option(help='Filter by delivery ("no" includes "not yet").', rich_help_panel=FILTERS),
    ] = None,
    billed: Annotated[
        Certainty | None,
        typer.Option(help='Filter by billing ("no" includes "not yet").', rich_help_panel=FILTERS),
    ] = None,
    retry: Annotated[
        Retry | None,
        typer.Option(help="Filter by whether it is safe to send again.", rich_help_panel=FILTERS),
    ] = None,
    json: options.Json = False,
) -> int:
    """Explain result codes.

    Shows what each code means, whether the message was delivered and billed, and what to do next.

    Exit code 1 means that no such code is in the table, 9 that only some of them are.
    """
    found = codes.find(
        map(codes.read_number, numbers or ()),
        words=search or "",
        final=final,
        delivered=delivered,
        billed=billed,
        retry=retry,
    )
    _show(found, Output(json=json), in_full=bool(numbers) or len(found) == 1)
    known = {code.known for code in found}
    if known == {True}:
        return ExitCode.DONE
    return ExitCode.MIXED if known == {True, False} else ExitCode.FAILED


def _show(found: list[ResultCode], output: Output, *, in_full: bool) -> None:
    if not found:
        output.hint("No code matches.")
    elif output.json:
        output.lines(encode(view.as_record(code)) for code in found)
    else:
        output.text((view.as_text if in_full else view.as_table)(found, output.width))

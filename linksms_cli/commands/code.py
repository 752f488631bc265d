"""`linksms code`: what a result code means, what is certain, and what to do next."""

from typing import Annotated

import typer

from linksms_cli.commands import help as layout
from linksms_cli.commands import options
from linksms_cli.errors import ExitCode
from linksms_cli.output import Output, encode
from linksms_cli.sms import codes
from linksms_cli.sms.codes import Certainty, ResultCode, Retry
from linksms_cli.views import code as view

app = typer.Typer(**layout.APP)

FILTERS = "Filters"


@app.command(
    cls=layout.Command,
    epilog="""
    linksms code 2104                  one code in full
    linksms code                       the whole table
    linksms code --search "barred"     the codes that speak of it
    linksms code --retry safe          the codes after which to try again
    linksms code 1009 --json           for a program
    """,
)
def code(
    numbers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CODE]...",
            show_default=False,
            help="Result codes of answers or reports. Without one: the whole table.",
        ),
    ] = None,
    *,
    search: Annotated[
        str | None,
        typer.Option(
            metavar="WORDS",
            help="A number that codes begin with, or words that all stand in their texts.",
            rich_help_panel=FILTERS,
        ),
    ] = None,
    final: Annotated[
        bool | None,
        typer.Option(
            "--final/--temporary",
            show_default=False,
            help="Codes that end a message's way, or those that will change.",
            rich_help_panel=FILTERS,
        ),
    ] = None,
    delivered: Annotated[
        Certainty | None,
        typer.Option(
            help="What the code says of delivery; no includes not yet.", rich_help_panel=FILTERS
        ),
    ] = None,
    billed: Annotated[
        Certainty | None,
        typer.Option(
            help="What the code says of billing; no includes not yet.", rich_help_panel=FILTERS
        ),
    ] = None,
    retry: Annotated[
        Retry | None,
        typer.Option(help="Whether to send again.", rich_help_panel=FILTERS),
    ] = None,
    json: options.Json = False,
) -> int:
    """Explain result codes.

    What each means, what is certain of delivery and billing, and what to do next.

    Exits 0, or 1 where a code is not in the table or none is found, or 9 where only some are.
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

"""`linksms segments`: what a text takes, what makes it costly, and what could be done about it."""

import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from linksms_cli.commands import layout, options
from linksms_cli.commands.mistakes import TextCommand
from linksms_cli.commands.reading import read_lines, read_text
from linksms_cli.errors import ExitCode
from linksms_cli.output import Output
from linksms_cli.output.escapes import encode
from linksms_cli.sms.text.assess import assess, assess_replaced
from linksms_cli.sms.text.assessment import Assessment
from linksms_cli.views.segments import page, record

app = typer.Typer(**layout.APP)

COUNTING = "Counting"


@app.command(
    cls=TextCommand,
    epilog="""
    linksms segments "Grüße – €"                             # one text
    linksms segments --explain -F text.txt                   # its parts, drawn
    echo "Grüße – €" | linksms segments --json               # for a program
    linksms segments --lines -F templates.txt --max-parts 1  # a check for CI
    """,
)
def segments(
    text: Annotated[
        str | None,
        typer.Argument(
            metavar="[TEXT]",
            show_default=False,
            help="The text. Leave it out, or give -, to read it from stdin.",
        ),
    ] = None,
    *,
    file: Annotated[
        Path | None,
        typer.Option(
            "-F",
            "--file",
            metavar="PATH",
            parser=options.path,
            help="Read the text from this file.",
            rich_help_panel=options.TEXT,
        ),
    ] = None,
    lines: Annotated[
        bool,
        typer.Option(
            "--lines", help="Treat each line as a text of its own.", rich_help_panel=options.TEXT
        ),
    ] = False,
    strip_ansi: options.StripAnsi = False,
    max_parts: Annotated[
        int | None,
        typer.Option(
            parser=options.whole(1),
            metavar="N",
            help="Refuse texts that need more than N parts; with --lines, show only those.",
            rich_help_panel=COUNTING,
        ),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="Count the text as if typographic characters (’ “ – …) were replaced with plain "
            "ones, if that saves a part.",
            rich_help_panel=COUNTING,
        ),
    ] = False,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Draw the parts as the handset receives them.",
            rich_help_panel=options.OUTPUT,
        ),
    ] = False,
    json: options.Json = False,
) -> int:
    """Count the parts that a text needs, and show why.

    Exit code 10 means that a text is over the gateway's limit or needs more than --max-parts.
    """
    output = Output(json=json)
    stdin = sys.stdin.buffer if sys.stdin else None
    assess_text = _assessor(replace=replace, strip_ansi=strip_ansi)
    if lines:
        blocks = read_lines(text, stdin, file, tell=output.hint)
        show = _line_view(output, max_parts=max_parts, explain=explain)
        return _assess_lines(blocks, assess_text, show, output, max_parts)
    assessed = assess_text(read_text(text, stdin, file, tell=output.hint))
    if json:
        output.result(record.as_record(assessed, explain=explain), None)
    else:
        output.text(
            page.as_page(assessed, most_parts=max_parts, explain=explain, width=output.width)
        )
        for warning in assessed.warnings:
            output.warning(warning)
    return ExitCode.DONE if assessed.measured.fits(max_parts) else ExitCode.REFUSED


def _assessor(*, replace: bool, strip_ansi: bool) -> Callable[[str], Assessment]:
    assess_text = assess_replaced if replace else assess
    if not strip_ansi:
        return assess_text
    from linksms_cli.sms.text import ansi

    return lambda text: assess_text(ansi.stripped(text))


def _line_view(
    output: Output, *, max_parts: int | None, explain: bool
) -> Callable[[Assessment, int], str]:
    """Choose how a line is shown; a person with a gate sees only what does not pass it."""

    def as_text(assessed: Assessment, line: int) -> str:
        if max_parts is not None and assessed.measured.fits(max_parts):
            return ""
        if not explain:
            return page.as_row(assessed, line, max_parts)
        shown = page.as_page(
            assessed, most_parts=max_parts, explain=True, line=line, width=output.width
        )
        return f"{shown}\n"

    return partial(record.as_json, encode=encode, explain=explain) if output.json else as_text


def _assess_lines(
    blocks: Iterable[list[str]],
    assess_text: Callable[[str], Assessment],
    show: Callable[[Assessment, int], str],
    output: Output,
    max_parts: int | None,
) -> int:
    """Assess and show lines as they come in; one that is refused refuses them all.

    Who reads the results may leave before the input ends, which may be never. What was not assessed
    then has not passed.
    """
    line = refused = 0
    for block in blocks:
        shown: list[str] = []
        for text in block:
            line += 1
            assessed = assess_text(text)
            refused += not assessed.measured.fits(max_parts)
            shown.append(show(assessed, line))
        output.lines(shown)
        if output.unread:
            return ExitCode.REFUSED if refused else ExitCode.FAILED
    if max_parts is not None or refused:
        output.hint(f"{refused} of {line} lines refused.")
    return ExitCode.REFUSED if refused else ExitCode.DONE

"""`linksms code`: what a code or a report means, what is certain, and what to do next."""

import os
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from linksms_cli.commands import layout, options
from linksms_cli.commands.reading import read_stdin
from linksms_cli.errors import ExitCode, UsageError
from linksms_cli.output import Output
from linksms_cli.output.escapes import encode
from linksms_cli.sms import codes
from linksms_cli.sms.codes import Certainty, ResultCode, Retry
from linksms_cli.views import code as view

if TYPE_CHECKING:
    from linksms_cli.sms.pasted.explaining import Explained

app = typer.Typer(**layout.APP)

FILTERS = "Filters"
# As long as anything may be that was meant as a code.
_SHORT = 20


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
    linksms code 2104                  # one code in full
    linksms code                       # the whole table
    linksms code '1005;Queued;Dcsh+x'  # an answer of the gateway
    linksms code - < report.json       # a report, or a log with some
    linksms code --search "barred"     # codes whose text mentions it
    linksms code --retry safe          # codes after which you can retry
    linksms code 1009 --json           # for a program
    """,
)
def code(
    typed: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CODE]...",
            show_default=False,
            help="Result codes, or a pasted report, answer or log line (- for stdin). "
            "Default: the whole table.",
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
    """Explain result codes, delivery reports and answers.

    Shows what each code means, whether the message was delivered and billed, and what to do next.

    Exit code 1 means that no such code is in the table, 9 that only some of them are.
    """
    out = Output(json=json)
    words = typed or []
    filters = (search, final, delivered, billed, retry)
    if not all(map(codes.is_number, words)):
        if any(value is not None for value in filters):
            raise UsageError("filters apply to codes only", "Leave them out to explain a text.")
        return _explain(words, out)
    found = codes.find(
        map(int, words),
        words=search or "",
        final=final,
        delivered=delivered,
        billed=billed,
        retry=retry,
    )
    _show(found, out, in_full=bool(words) or len(found) == 1)
    return _exit_code({code.known for code in found})


def _explain(words: Sequence[str], out: Output) -> int:
    """Explain what was pasted, and the codes beside it, in the order given."""
    from linksms_cli.sms.pasted.explaining import is_known
    from linksms_cli.views import pasted as pasted_view

    explained = [one for word in words for one in _read(word, out)]
    listed = [one for one in explained if isinstance(one, ResultCode)]
    if len(listed) == len(explained):
        _show(listed, out, in_full=True)
    elif out.json:
        out.lines(encode(pasted_view.as_record(one)) for one in explained)
    else:
        out.text(pasted_view.as_text(explained, out.width))
    return _exit_code(set(map(is_known, explained)))


def _read(word: str, out: Output) -> "Sequence[Explained]":
    """Return what a word of the command line is, or holds.

    Raises UsageError if it is nothing that can be explained.
    """
    if codes.is_number(word):
        return [codes.explain(int(word))]
    from linksms_cli.sms.pasted import explaining, finding

    raw = _stdin(out) if word == "-" else os.fsencode(word)
    told = explaining.explain(finding.find(raw))
    if told:
        return told
    listed = raw.decode("utf-8-sig", "replace").split()
    if word == "-" and listed and all(map(codes.is_number, listed)):
        return [codes.explain(int(number)) for number in listed]
    if word.isdecimal() or (word != "-" and len(word) <= _SHORT):
        codes.read_number(word)
    # It is not repeated: a log line may hold a password.
    where = "stdin holds" if word == "-" else "the text holds"
    raise UsageError(f"{where} no delivery report and no answer", codes.HINT)


def _stdin(out: Output) -> bytes:
    stdin = sys.stdin.buffer if sys.stdin else None
    if stdin and stdin.isatty():
        out.hint("Paste a delivery report, an answer or log lines; then press Ctrl-D.")
    return read_stdin(stdin)


def _exit_code(known: set[bool]) -> ExitCode:
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

"""The options of a batch: which file, how its rows are read, and at what pace they are sent."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from linksms_cli.commands import options as shared

BATCH = "Batch"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOptions:
    """What was typed of a batch; without a `file` there is none."""

    file: Annotated[
        str | None,
        typer.Option(
            "--batch",
            metavar="PATH",
            help="Send one message per row of a CSV, JSON Lines or number file (- is stdin); "
            "TEXT may hold {column}.",
            rich_help_panel=BATCH,
        ),
    ] = None
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="NAME=COLUMN",
            help="Read NAME (to, text, from, ...) from this column. Repeatable.",
            rich_help_panel=BATCH,
        ),
    ] = None
    delimiter: Annotated[
        str | None,
        typer.Option(
            "--delimiter",
            metavar="CHARACTER",
            help="Delimiter of a CSV file, if it is not recognised.",
            rich_help_panel=BATCH,
        ),
    ] = None
    rate: Annotated[
        float | None,
        typer.Option(
            "--rate",
            metavar="N",
            parser=shared.positive,
            help="Send no more than N messages a second.",
            rich_help_panel=BATCH,
        ),
    ] = None
    concurrency: Annotated[
        int | None,
        typer.Option(
            "--concurrency",
            metavar="N",
            parser=shared.whole(1, 256),
            help="Keep up to N requests under way at once (8).",
            rich_help_panel=BATCH,
        ),
    ] = None
    max_failures: Annotated[
        int | None,
        typer.Option(
            "--max-failures",
            metavar="N",
            parser=shared.whole(1),
            help="Stop after N rejections in a row.",
            rich_help_panel=BATCH,
        ),
    ] = None
    rejected: Annotated[
        Path | None,
        typer.Option(
            "--rejected",
            metavar="PATH",
            parser=shared.path,
            help="Write the rows that were refused or rejected, with reasons, to this file.",
            rich_help_panel=BATCH,
        ),
    ] = None
    again: Annotated[
        bool,
        typer.Option(
            "--again",
            help="Send a finished batch, or rows that were sent, once more.",
            rich_help_panel=BATCH,
        ),
    ] = False

"""Work under way, as a person at a terminal sees it on stderr: a spinner, or a bar."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from linksms_cli.output.escapes import shown, without_colour


class Progress(NamedTuple):
    """How far work is: so many of so many, and a text beside that."""

    done: int
    total: int | None
    text: str


@contextmanager
def spinning(text: str, *, has_colour: bool) -> Iterator[Callable[[str], None]]:
    """Show `text` with a spinner while the block runs, which may change it by what it is given."""
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True, no_color=not has_colour).status(Text(_plain(text))) as status:
        yield lambda text: status.update(Text(_plain(text)))


@contextmanager
def bar_shown(*, has_colour: bool) -> Iterator[Callable[[Progress | None], None]]:
    """Show a progress bar while the block runs, which is given a function that says how far it is.

    None takes the bar away.
    """
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True, no_color=not has_colour)
    # Short, so that the line has room for the ^C that a terminal shows where the cursor is.
    columns = (BarColumn(bar_width=10), TextColumn("{task.percentage:>3.0f} %"))
    told = (TextColumn("{task.description}"), TimeRemainingColumn(compact=True))
    # What goes into a file or a pipe must not be printed above the bar instead.
    apart = not sys.stdout.isatty()
    with Bar(*columns, *told, console=console, redirect_stdout=not apart, transient=True) as bar:
        task = bar.add_task("", total=None, visible=False)

        def show(progress: Progress | None) -> None:
            if progress is None:
                bar.stop()
                return
            bar.update(
                task,
                completed=progress.done,
                total=progress.total,
                description=_plain(progress.text),
                visible=True,
            )

        yield show


def _plain(text: str) -> str:
    return without_colour(shown(text))

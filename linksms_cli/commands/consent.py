"""A person's consent to what cannot be undone."""

import sys

import typer


def given(question: str) -> bool:
    """Return whether a person at the terminal agrees; without a terminal nobody is asked."""
    if sys.stdin is None or not sys.stdin.isatty():
        return True
    return typer.confirm(question, default=False, err=True)

"""Which column of a batch holds what: by its own name, or by --column."""

from collections.abc import Iterable, Mapping, Sequence
from shlex import quote

from linksms_cli.errors import UsageError

FIELDS = ("to", "text", "from", "reference_id", "tariff", "vat", "charge_only", "udh", "key")
# What people call the column of the recipients: it is offered, never taken.
_LIKELY = {
    *("to", "msisdn", "number", "phone", "phone number", "mobile", "mobile number", "cell"),
    *("recipient", "destination", "tel", "telephone", "telefon", "mobil", "nummer", "mottagare"),
    *("telefonnummer", "mobilnummer", "handy", "puhelin", "puhelinnumero"),
}


def named(typed: Iterable[str]) -> dict[str, str]:
    """Return what `--column NAME=COLUMN` says: the column of each name.

    Raises UsageError for a name that is no field, or that is given twice.
    """
    found: dict[str, str] = {}
    for one in typed:
        name, equals, column = one.partition("=")
        if not equals or name not in FIELDS or not column.strip():
            message = f"--column {one!r} does not say which column holds what"
            raise UsageError(message, f"Write NAME=COLUMN, NAME one of {', '.join(FIELDS)}.")
        if name in found:
            raise UsageError(f"--column names {name} twice", "Leave one of them out.")
        found[name] = column.strip()
    return found


def of_header(
    header: Sequence[str], by_option: Mapping[str, str], *, are_numbers: bool = False
) -> None:
    """Check the columns of a table, of which `are_numbers` says that some look like one.

    Raises UsageError for a column that stands there twice, for one that `--column` names and that
    is not there, and if none holds the recipients.
    """
    cleaned = [column for column in header if column]
    twice = next((column for column in cleaned if cleaned.count(column) > 1), None)
    recipients = field_columns(by_option)["to"]
    if recipients not in cleaned and are_numbers:
        message = f"there is no header row: the first row is {_listed(cleaned)}"
        raise UsageError(message, "Add one above it that names the columns, like to,text.")
    if twice is not None:
        message = f"the column {twice!r} is in the header twice"
        raise UsageError(message, "Rename one of them, so that it is clear which one counts.")
    for name, column in by_option.items():
        if column not in cleaned:
            message = f"--column {name}={column}: there is no column {column!r}"
            raise UsageError(message, f"The header has {_listed(cleaned)}.")
    if recipients not in cleaned:
        message = f"no column is called 'to'; the first row is {_listed(cleaned)}"
        likely = next((column for column in cleaned if column.casefold() in _LIKELY), "COLUMN")
        hint = f"Name the column of the recipients with --column to={quote(likely)}"
        raise UsageError(message, f"{hint}, or add a header row if there is none.")


def field_columns(by_option: Mapping[str, str]) -> dict[str, str]:
    """Return the column that holds each field, whether or not it is there."""
    return {name: by_option.get(name, name) for name in FIELDS}


def _listed(columns: Sequence[str]) -> str:
    shown = [repr(column[:40]) for column in columns[:8]]
    return ", ".join([*shown, "…"] if len(columns) > 8 else shown) or "empty"

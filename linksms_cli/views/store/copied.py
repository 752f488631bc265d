"""How far a copy of the store is, and what came of it."""

from linksms_cli.sms.holdings import StoreCopied
from linksms_cli.views.layout import counted, shortened

_PLACE = 500


def as_record(copied: StoreCopied) -> dict[str, object]:
    """Return one JSON object."""
    held = copied.facts.held
    return {
        "from": copied.origin,
        "to": copied.facts.place,
        "messages": held.messages,
        "reports": held.reports,
        "keys": held.keys,
        "batches": held.batches,
        "rows": copied.rows,
        "seconds": round(copied.seconds, 1),
    }


def as_text(copied: StoreCopied) -> str:
    """Return the line for a person."""
    held = copied.facts.held
    amounts = ", ".join([counted(held.messages, "message"), counted(held.reports, "report")])
    return (
        f"Copied {amounts} and {counted(held.keys, 'once-key')} to the store in "
        f"{shortened(copied.facts.place, _PLACE)} in {copied.seconds:.1f} s."
    )


def advice(copied: StoreCopied) -> str:
    """Return what has to be done with the copy."""
    return (
        "From now on set LINKSMS_STATE to the copy, for every command and service: the store in "
        f"{shortened(copied.origin, _PLACE)} is as it was, and neither learns what the other sends."
    )

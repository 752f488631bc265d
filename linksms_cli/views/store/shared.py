"""Who may use the store, as `store share` shows it."""

from linksms_cli.sms.holdings import StoreShared
from linksms_cli.sms.text.decoding import visible


def as_record(shared: StoreShared) -> dict[str, object]:
    """Return one JSON object."""
    return {"place": shared.place, "group": shared.group, "closed": list(shared.closed)}


def as_text(shared: StoreShared) -> str:
    """Return the line for a person."""
    if shared.group is None:
        return f"The store in {visible(shared.place)} belongs to its owner alone again."
    return f"The store in {visible(shared.place)} is shared with the group {visible(shared.group)}."


def advice(shared: StoreShared) -> str:
    """Return what is left to do."""
    if shared.group is None:
        return "A process that has it open keeps it until it ends: start receivers again."
    return (
        f"Each member sets LINKSMS_STATE={visible(shared.place)}; who was just added to the group "
        "logs in again first."
    )


def warning(shared: StoreShared) -> str | None:
    """Return what keeps the group from the store all the same."""
    if not shared.closed:
        return None
    folders = ", ".join(visible(folder) for folder in shared.closed)
    return (
        f"the group cannot get to it through {folders}: let it in there (chmod o+x), or keep the "
        "store elsewhere, like in /var/lib/linksms (LINKSMS_STATE)"
    )

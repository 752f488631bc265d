"""What became of a profile that was made or changed, as it is shown."""

from linksms_cli.sms.account.edits import Edited


def as_record(edited: Edited) -> dict[str, object]:
    """Return the JSON object of an edit."""
    return {
        "name": edited.name,
        "default": edited.is_default,
        "created": edited.created,
        "changed": list(edited.changed),
        "missing": list(edited.missing),
        "file": edited.file,
    }


def as_text(edited: Edited) -> str:
    """Return the line that says what happened."""
    what = "created" if edited.created else "changed" if edited.changed else "unchanged"
    keys = f": {', '.join(edited.changed)}" if edited.changed else ""
    default = " It is the default." if edited.created and edited.is_default else ""
    return f"Profile {edited.name} {what}{keys}.{default}"


def as_missing(edited: Edited) -> str | None:
    """Return what the account still needs, None if it is whole."""
    if not edited.missing:
        return None
    listed = ", ".join(edited.missing)
    return f"Still missing: {listed}. On a terminal 'linksms config set {edited.name}' asks for it."

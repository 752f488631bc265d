"""What became of a profile that was made or changed, as it is shown."""

from linksms_cli.sms.account.edits import Edited


def as_record(edited: Edited) -> dict[str, object]:
    """Return the JSON object of an edit."""
    return {
        "name": edited.name,
        "default": edited.is_default,
        "created": edited.created,
        "changed": list(edited.changed),
        "file": edited.file,
    }


def as_text(edited: Edited) -> str:
    """Return the line that says what happened."""
    what = "made" if edited.created else "changed" if edited.changed else "is as it was"
    keys = f": {', '.join(edited.changed)}" if edited.changed else ""
    default = " It is the default." if edited.created and edited.is_default else ""
    return f"Profile {edited.name} {what}{keys}.{default}"

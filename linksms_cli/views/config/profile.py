"""A profile as it is shown: its values and where each came from, never its password."""

from collections.abc import Sequence

from linksms_cli.sms.account.keys import Key, Value
from linksms_cli.sms.account.place import Kind, Place
from linksms_cli.sms.text.decoding import visible
from linksms_cli.views.layout import Tone, paint

HIDDEN = "********"

_WAYS = {
    Kind.VALUE: "in the file",
    Kind.FILE: "in a file",
    Kind.COMMAND: "by command",
    Kind.KEYRING: "in the keyring",
}


def as_record(place: Place) -> dict[str, object]:
    """Return the JSON object of a profile, or of the account in the environment (`name` null)."""
    values = _shown(place)
    return {
        "name": place.name,
        "default": place.is_default,
        "file": place.file,
        **{key.value: values.get(key) for key in Key},
        "origins": {key.value: origin for key, origin in place.origins.items()},
        "guards": {guard.origin: list(guard.allowed) for guard in place.guards},
        "missing": [key.value for key in place.missing],
    }


def as_text(place: Place) -> str:
    """Return a page: a line per value, with the place it came from."""
    title = "The account in the environment" if place.name is None else f"Profile {place.name}"
    head = paint(title, Tone.STRONG)
    if place.is_default:
        head += " (the default)"
    if place.file:
        head += paint(f"  {place.file}", Tone.QUIET)
    shown: list[tuple[Key, str, str]] = [
        (key, _text_of(value), place.origins[key])
        for key, value in _shown(place).items()
        if key is not Key.ALLOWED_DESTINATIONS
    ]
    shown += [
        (Key.ALLOWED_DESTINATIONS, _text_of(guard.allowed), guard.origin) for guard in place.guards
    ]
    shown.sort(key=lambda row: list(Key).index(row[0]))
    width = max((len(text) for _, text, _ in shown), default=0)
    lines = [
        f"  {key:<20}  {text:<{width}}  {paint(origin, Tone.QUIET)}" for key, text, origin in shown
    ]
    lines += [f"  {key:<20}  {paint('missing', Tone.BAD)}" for key in place.missing]
    return "\n".join([head, *lines])


def question(place: Place) -> str:
    """Return what to ask before a profile is removed that holds a password."""
    kept = "keyring" if place.values.keyring else "file"
    return f"Remove profile {place.name}, and its password from the {kept}?"


def as_table(places: Sequence[Place]) -> str:
    """Return a line per profile, the default marked."""
    rows = [_row(place) for place in places]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _row(place: Place) -> tuple[str, ...]:
    values = place.values
    source = place.password_source
    return (
        "*" if place.is_default else " ",
        place.name or "",
        values.base_url or "no base_url",
        "no service_id" if values.service_id is None else str(values.service_id),
        visible(values.username or "no username"),
        f"password {_WAYS[source.kind]}" if source else "no password",
    )


def _shown(place: Place) -> dict[Key, Value]:
    """Return the values of a place that has them; of a password, only that it is there.

    Of a command only the program is shown: a password may stand among its words.
    """
    values = place.values.held()
    if place.values.password_command is not None:
        program, *words = place.values.password_command.split(maxsplit=1)
        values[Key.PASSWORD_COMMAND] = f"{program} …" if words else program
    if Key.PASSWORD in place.origins:
        values[Key.PASSWORD] = HIDDEN
    return {key: values[key] for key in Key if key in values}


def _text_of(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, tuple) else visible(str(value))

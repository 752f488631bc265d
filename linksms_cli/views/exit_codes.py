"""The exit codes as a person reads them: a table."""

import textwrap

from linksms_cli.sms.exit_codes import MEANINGS
from linksms_cli.views.layout import Tone, paint

_HEADINGS = ("code", "resend?", "meaning")
# Wide enough for what stands in the first two columns; the third takes the rest.
_BEFORE = len("code  check the message  ")


def as_table(width: int = 80) -> str:
    """Return the table: each code, whether the message may be sent again, what the code means."""
    rows = [paint(f"{_HEADINGS[0]}  {_HEADINGS[1]:17}  {_HEADINGS[2]}", Tone.QUIET)]
    for code, (meaning, again) in MEANINGS.items():
        first, *more = textwrap.wrap(meaning, width - _BEFORE)
        rows += [f"{code:>4}  {again:17}  {first}", *(" " * _BEFORE + line for line in more)]
    return "\n".join(rows)

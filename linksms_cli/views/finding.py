"""A finding of a check, as it is shown: a mark, what was seen, and under it what to do."""

import textwrap

from linksms_cli.sms.check.findings import Finding, Mark
from linksms_cli.views.layout import Tone, paint

_MARKS = {
    Mark.OK: ("✓", Tone.GOOD),
    Mark.NOTE: ("-", Tone.QUIET),
    Mark.WARNING: ("!", Tone.UNSURE),
    Mark.FAILED: ("✗", Tone.BAD),
}
_INDENT = " " * 16


def as_record(finding: Finding) -> dict[str, object]:
    """Return the JSON object of a finding."""
    return {
        "check": finding.check.replace(" ", "_").lower(),
        "status": finding.mark,
        "finding": finding.seen,
        "advice": finding.advice,
    }


def as_text(finding: Finding, width: int) -> str:
    """Return the line of a finding, and its advice below it."""
    mark, tone = _MARKS[finding.mark]
    lines = [f"{paint(mark, tone)} {finding.check:<14}{finding.seen}"]
    if finding.advice:
        lines += textwrap.wrap(
            finding.advice,
            width,
            initial_indent=_INDENT,
            subsequent_indent=_INDENT,
            break_on_hyphens=False,  # it may name an option, or a host
        )
    return "\n".join(lines)

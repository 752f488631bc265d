"""The text of a message: read, cleaned up, made to fit, and shown with what it takes."""

import sys

from linksms_cli.commands.reading import read_text
from linksms_cli.commands.send.options import SendOptions
from linksms_cli.errors import UsageError
from linksms_cli.output import Output
from linksms_cli.sms import number
from linksms_cli.sms.text import decoding, segments
from linksms_cli.sms.text.assess import assess, assess_replaced
from linksms_cli.sms.text.assessment import Assessment
from linksms_cli.views import figures


def read(asked: SendOptions, out: Output) -> Assessment | None:
    """Return the text as it is sent, and what it takes; None where there is none.

    Shows its figures and warnings. Raises UsageError for a text that cannot be sent.
    """
    content = _content(asked, out)
    if content is None:
        return None
    assessed = _assess(asked, content)
    if asked.truncate:
        assessed = _truncated(asked, assessed, out)
    _show(assessed, out, planned=asked.dry_run)
    return assessed


def _content(asked: SendOptions, out: Output) -> str | None:
    if asked.charge.charge_only and asked.body is None:
        return None
    content = read_text(asked.body, sys.stdin.buffer if sys.stdin else None, tell=out.hint)
    if asked.strip_ansi:
        from linksms_cli.sms.text import ansi

        content = ansi.stripped(content)
    if asked.body is None and number.are_numbers(content):
        raise UsageError(
            "the text read from stdin consists of telephone numbers",
            "No TEXT was given: is a variable empty, in a loop that reads a list? Put the text in "
            "quotes. To send the numbers, give - as the TEXT.",
        )
    if decoding.is_blank(content) and not asked.charge.charge_only:
        raise UsageError("the text is empty", "Give the words to send.")
    return content


def _assess(asked: SendOptions, content: str) -> Assessment:
    """Assess the text; with a header of the sender's own it is one part, whatever it takes."""
    if asked.udh is not None:
        from linksms_cli.sms.text.advice import advise

        return advise(content, segments.measure(content)._replace(parts=1, parts_if_67=None))
    return assess_replaced(content) if asked.replace else assess(content)


def _truncated(asked: SendOptions, assessed: Assessment, out: Output) -> Assessment:
    from linksms_cli.sms.text.truncation import Kept, truncate

    cut = truncate(assessed.text, asked.truncate or Kept.HEAD, asked.max_parts)
    if cut is None:
        return assessed
    out.hint(f"--truncate left out {cut.missing} of {len(assessed.text)} characters.")
    return assess(cut.text)


def _show(assessed: Assessment, out: Output, *, planned: bool) -> None:
    if not planned:  # the plan of a dry run has this line too
        out.hint(figures.as_line(assessed.measured))
    if count := figures.by_3gpp(assessed.measured):
        out.hint(count)
    if assessed.replaced is not None:
        from linksms_cli.views.segments import page

        for line in page.savings(assessed):
            out.hint(line)
    for warning in assessed.warnings:
        out.warning(warning)

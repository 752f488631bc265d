"""The result of a row of a batch, as it is printed."""

from linksms_cli.errors import ExitCode
from linksms_cli.output import Output
from linksms_cli.output.escapes import encode
from linksms_cli.sms.mt.result import Result
from linksms_cli.views import batch as view
from linksms_cli.views import send as submission


def row_line(row: int, result: Result, out: Output) -> str:
    """Return the result of a row as one line for a program, or as text for a person."""
    return encode(view.row_record(row, result)) if out.json else view.row_text(row, result)


def show_row(row: int, result: Result, out: Output) -> None:
    """Print the result of a row: with --quiet its id alone, and the reason of a failure."""
    if out.json or not out.quiet:
        out.lines([row_line(row, result, out)])
        return
    out.result({}, submission.as_id(result))
    if result.exit_code is not ExitCode.DONE:
        kind, hint = (result.error.kind, result.error.hint) if result.error else ("failure", None)
        reason = f"row {row}: {submission.as_reason(result)}"
        out.error(kind, reason, hint, result.exit_code)

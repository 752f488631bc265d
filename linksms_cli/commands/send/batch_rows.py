"""The result of a row of a batch, as it is printed."""

from linksms_cli.errors import ExitCode
from linksms_cli.output import Output
from linksms_cli.sms.mt.result import Result
from linksms_cli.views import batch as view
from linksms_cli.views import send as submission


def show_row(row: int, result: Result, out: Output) -> None:
    """Print the result of a row: with --quiet its id alone, and the reason of a failure."""
    if out.json:  # the text takes longer than all the rest
        out.result(view.row_record(row, result), None)
        return
    text = submission.as_id(result) if out.quiet else view.row_text(row, result)
    out.result({}, text)
    if out.quiet and result.exit_code is not ExitCode.DONE:
        kind, hint = (result.error.kind, result.error.hint) if result.error else ("failure", None)
        reason = f"row {row}: {submission.as_reason(result)}"
        out.error(kind, reason, hint, result.exit_code)

"""A failure that leaves no result, as it is told."""

from linksms_cli.errors import ExitCode, LinksmsError
from linksms_cli.output import Output
from linksms_cli.views.layout import with_local_times


def tell(failure: LinksmsError, *, json: bool) -> ExitCode:
    """Print a failure for a program or a person, and return its exit code."""
    message = failure.message if json else with_local_times(failure.message)
    Output(json=json).error(failure.kind, message, failure.hint, failure.exit_code)
    return failure.exit_code

"""`linksms sandbox --fire`: try a receiver, and say how it did."""

import os
import sys

import typer

from linksms_cli.actions.sandbox.firing import fire_reports
from linksms_cli.errors import ExitCode, UsageError
from linksms_cli.output import Output
from linksms_cli.sms.sandbox.firing import (
    FiringOrder,
    FiringSummary,
    Graded,
    TargetUnreachable,
    as_record,
)
from linksms_cli.views.sandbox import grades as view


def fire_and_grade(order: FiringOrder, output: Output, *, sure: bool) -> int:
    """Fire reports at a receiver and show each grade; return 0 if all are passed.

    1 says that some are not, 6 that the receiver cannot be reached.

    Raises UsageError if the receiver is on another machine, and nobody says that this is meant.
    """
    if not (order.is_local or sure):
        _ask()
    code = ExitCode.DONE
    for event in fire_reports(order, os.environ):
        match event:
            case TargetUnreachable(reason=reason):
                hint = "Start the receiver first, and check the URL."
                message = f"the receiver cannot be reached: {reason}"
                output.error("unreachable", message, hint, ExitCode.NOT_SENT)
                return ExitCode.NOT_SENT
            case Graded():
                output.result(as_record(event), view.graded(event, output.width))
            case FiringSummary():
                output.result(event.record(), view.summary(event))
                output.hint(view.cleaning_up())
                code = ExitCode.DONE if event.all_passed else ExitCode.FAILED
    return code


def _ask() -> None:
    meant = "--fire posts about 150 reports to a receiver that is not on this machine"
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(meant, "If you mean that, add --yes.")
    if not typer.confirm(f"{meant}. Go on?", default=False, err=True):
        raise UsageError("nothing was fired", "Add --yes to fire without a question.")

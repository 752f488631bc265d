"""A result that tests begin with."""

from linksms_cli.errors import ExitCode
from linksms_cli.sms.codes import Certainty, Retry
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.outcome import Outcome


def accepted(to: str, message_id: str) -> Result:
    """Return the result of a message that the gateway has accepted."""
    return Result(
        to=to,
        source="LINK",
        outcome=Outcome.ACCEPTED,
        exit_code=ExitCode.DONE,
        final=False,
        delivered=Certainty.NO,
        billed=Certainty.NO,
        retry=Retry.WAIT,
        encoding=None,
        parts=1,
        profile=None,
        result_code=1005,
        description="Queued",
        message_id=message_id,
    )

"""Which rows of a batch have to be mended before they can be sent, and why."""

from linksms_cli.sms.codes import Retry
from linksms_cli.sms.mt.batch import is_settled
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.mt.result_of import REJECTED_BEFORE
from linksms_cli.sms.outcome import Outcome


def reason(result: Result) -> str | None:
    """Return why a row has to be mended, None if it need not or must not be given again.

    One that was refused or rejected has to be, in an earlier run of the batch too. One that was
    rejected because of the account is sent again as it is; one that was billed would be billed
    twice.
    """
    error = result.error
    if error is None or result.retry is Retry.NEVER:
        return None
    match result.outcome:
        case Outcome.REFUSED:
            return f"{error.message}. {error.hint}" if error.hint else error.message
        case Outcome.REJECTED if is_settled(result.outcome, result.result_code, error.kind):
            return error.message
        case Outcome.SKIPPED if error.kind == REJECTED_BEFORE:
            said = f"{result.result_code} {result.description or ''}".rstrip()
            return f"the gateway rejected it in an earlier run: {said}"
        case _:
            return None

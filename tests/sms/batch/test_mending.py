"""Which rows are to be mended: those that would fail again as they are, and may be given again."""

import pytest

from linksms_cli.errors import ExitCode
from linksms_cli.sms.batch.mending import reason
from linksms_cli.sms.codes import Certainty, Retry
from linksms_cli.sms.mt.result import Problem, Result
from linksms_cli.sms.outcome import Outcome

RESULT = Result(
    to="+99955500001",
    source="LINK",
    outcome=Outcome.REFUSED,
    exit_code=ExitCode.REFUSED,
    final=True,
    delivered=Certainty.NO,
    billed=Certainty.NO,
    retry=Retry.POINTLESS,
    encoding=None,
    parts=None,
    profile=None,
    error=Problem(kind="row", message="why", hint="Do this."),
)
AGAIN = Problem(kind="batch_rejected", message="it was sent", hint=None)


@pytest.mark.parametrize(
    ("result", "why"),
    [
        (RESULT, "why. Do this."),
        (RESULT._replace(error=Problem(kind="row", message="why", hint=None)), "why"),
        (RESULT._replace(outcome=Outcome.REJECTED, result_code=2104), "why"),
        (
            RESULT._replace(
                outcome=Outcome.SKIPPED, result_code=2104, description="Unknown", error=AGAIN
            ),
            "the gateway rejected it in an earlier run: 2104 Unknown",
        ),
        (
            RESULT._replace(outcome=Outcome.SKIPPED, result_code=2104, error=AGAIN),
            "the gateway rejected it in an earlier run: 2104",
        ),
        # The account is to be put right, not the row.
        (RESULT._replace(outcome=Outcome.REJECTED, result_code=106), None),
        (
            RESULT._replace(
                outcome=Outcome.REJECTED, error=Problem(kind="credentials", message="", hint=None)
            ),
            None,
        ),
        # It would be billed twice.
        (RESULT._replace(outcome=Outcome.REJECTED, result_code=1009, retry=Retry.NEVER), None),
        (RESULT._replace(outcome=Outcome.SKIPPED), None),
        (RESULT._replace(outcome=Outcome.NOT_SENT), None),
        (RESULT._replace(outcome=Outcome.UNKNOWN), None),
        (RESULT._replace(outcome=Outcome.ACCEPTED, error=None), None),
    ],
)
def test_a_row_to_be_mended_has_a_reason(result: Result, why: str | None) -> None:
    assert reason(result) == why

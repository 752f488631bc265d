"""Which rows of a batch are over, so that a later run leaves them alone."""

import pytest

from linksms_cli.sms.mt.batch import is_settled
from linksms_cli.sms.outcome import Outcome

TRIED = [outcome for outcome in Outcome if outcome is not Outcome.NOT_SENT]


@pytest.mark.parametrize("outcome", TRIED)
@pytest.mark.parametrize("code", [None, 0, 99, 104, 105, 107, 1001, 1005, 2104])
def test_a_row_with_an_outcome_of_its_own_is_not_sent_again(
    outcome: Outcome, code: int | None
) -> None:
    assert is_settled(outcome, code, "rejected")
    assert is_settled(outcome, code, None)


@pytest.mark.parametrize("code", [100, 101, 102, 103, 106])
def test_a_row_that_the_account_was_to_blame_for_is_sent_again(code: int) -> None:
    assert not is_settled(Outcome.REJECTED, code, "rejected")
    assert not is_settled(Outcome.REJECTED, None, "credentials")


def test_a_row_that_was_not_sent_is_sent_again() -> None:
    assert not is_settled(Outcome.NOT_SENT, None, None)
    assert not is_settled(Outcome.NOT_SENT, 1005, "connection")

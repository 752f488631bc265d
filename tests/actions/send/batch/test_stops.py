"""When a batch stops by itself: the quota, too many rejections in a row, a network that is lost."""

from linksms_cli.actions.send.batch.stops import Stops
from linksms_cli.errors import ExitCode
from linksms_cli.sms.codes import Certainty, Retry
from linksms_cli.sms.mt.result import Problem, Result
from linksms_cli.sms.outcome import Outcome


def result(outcome: Outcome, code: int | None = None, why: str = "no connection") -> Result:
    return Result(
        to="+99955500001",
        source="LINK",
        outcome=outcome,
        exit_code=ExitCode.NOT_SENT,
        final=True,
        delivered=Certainty.NO,
        billed=Certainty.NO,
        retry=Retry.SAFE,
        encoding=None,
        parts=None,
        profile=None,
        result_code=code,
        error=Problem(kind="x", message=why, hint=None),
    )


ACCEPTED = result(Outcome.ACCEPTED)
REJECTED, NOT_SENT = result(Outcome.REJECTED, 2104), result(Outcome.NOT_SENT)


def why(stops: Stops, *results: Result) -> str | None:
    for one in results:
        stops.note(one)
    return stops.why


def test_so_many_rejections_in_a_row_stop_it() -> None:
    assert why(Stops(max_failures=3, lost=9), REJECTED, REJECTED, ACCEPTED, REJECTED) is None
    told = why(Stops(max_failures=3, lost=9), *[REJECTED] * 3)
    assert told == "not tried after 3 rows in a row were rejected"
    assert why(Stops(max_failures=None, lost=9), *[REJECTED] * 1000) is None


def test_a_network_that_is_lost_stops_it() -> None:
    assert why(Stops(max_failures=None, lost=3), NOT_SENT, NOT_SENT, ACCEPTED, NOT_SENT) is None
    told = why(Stops(max_failures=None, lost=3), *[NOT_SENT] * 3)
    assert told == "not tried after 3 rows in a row could not be sent: no connection"


def test_a_quota_that_is_used_up_stops_it_at_once() -> None:
    told = why(Stops(max_failures=None, lost=9), result(Outcome.REJECTED, 106))
    assert told == "not tried after +99955500001: the quota is used up"

"""The sum of a batch adds up to its rows, whatever came of them."""

from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.errors import ExitCode
from linksms_cli.sms.batch.summary import COUNTED, Summary
from linksms_cli.sms.codes import Certainty, Retry
from linksms_cli.sms.mt.result import Problem, Result
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.text.segments import Encoding


def result(outcome: Outcome, exit_code: ExitCode = ExitCode.DONE, parts: int = 2) -> Result:
    return Result(
        to="+99955500001",
        source="LINK",
        outcome=outcome,
        exit_code=exit_code,
        final=True,
        delivered=Certainty.NO,
        billed=Certainty.NO,
        retry=Retry.POINTLESS,
        encoding=Encoding.GSM7,
        parts=parts,
        profile=None,
        error=Problem(kind="x", message="x", hint=None),
    )


def summed(*results: Result) -> Summary:
    summary = Summary()
    for one in results:
        summary.add(one)
    return summary


@given(st.lists(st.sampled_from(COUNTED)))
def test_the_counts_add_up_to_the_rows(outcomes: list[Outcome]) -> None:
    summary = summed(*map(result, outcomes))
    record = summary.record(batch=1, finished=True, elapsed_ms=2)
    assert summary.is_whole
    assert record["rows"] == len(outcomes) == sum(record[one.value] for one in COUNTED)
    assert record["event"] == "summary"
    assert (record["batch"], record["finished"], record["elapsed_ms"]) == (1, True, 2)
    taken = {Outcome.ACCEPTED, Outcome.DELIVERED, Outcome.PENDING, Outcome.FAILED}
    assert record["parts"] == 2 * sum(one in taken for one in outcomes)


def test_a_message_without_a_text_has_no_parts() -> None:
    assert summed(result(Outcome.ACCEPTED)._replace(parts=None)).parts == 0


def test_rows_that_a_batch_cut_short_does_not_tell_of_are_counted() -> None:
    summary = summed(result(Outcome.ACCEPTED), result(Outcome.REFUSED), result(Outcome.SKIPPED))
    summary.add_untold(Outcome.SKIPPED, 3)
    assert (summary.rows, summary.sent, summary.exit_code) == (6, 1, ExitCode.DONE)
    summary.add_untold(Outcome.NOT_SENT, 4)
    assert (summary.rows, summary.sent, summary.exit_code) == (10, 5, ExitCode.MIXED)
    summary = Summary()
    summary.add_untold(Outcome.PENDING, 2)
    assert (summary.rows, summary.exit_code) == (2, ExitCode.PENDING)


def test_an_outcome_that_no_row_can_have_is_noticed() -> None:
    assert not summed(result(Outcome.ACCEPTED), result(Outcome.PLANNED)).is_whole


def test_the_exit_code_is_that_of_all_rows() -> None:
    done, unknown = result(Outcome.ACCEPTED), result(Outcome.UNKNOWN, ExitCode.UNKNOWN)
    rejected = result(Outcome.REJECTED, ExitCode.REJECTED)
    before = result(Outcome.SKIPPED, ExitCode.UNKNOWN)
    assert summed(done, done).exit_code is ExitCode.DONE
    assert summed(rejected, rejected).exit_code is ExitCode.REJECTED
    assert summed(done, rejected).exit_code is ExitCode.MIXED
    assert summed(done, rejected, unknown).exit_code is ExitCode.UNKNOWN
    assert summed(done, before).exit_code is ExitCode.UNKNOWN
    assert (summed(done, before).has_unknown, summed(rejected).has_unknown) == (True, False)

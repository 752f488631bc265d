"""What was found is put together into a story for each message."""

import pytest

from linksms_cli.sms.codes import Certainty, Retry
from linksms_cli.sms.codes import explain as explain_code
from linksms_cli.sms.dlr.incoming import IncomingMessage
from linksms_cli.sms.mt.answer import Answer
from linksms_cli.sms.mt.submission import Submission
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.pasted.explaining import explain, is_known
from linksms_cli.sms.story import Story
from tests.reporting import parsed


def answered(code: int, message_id: str | None = None) -> Answer:
    return Answer(code=code, description="what it says", message_id=message_id)


def stories(*found: Answer) -> list[Story]:
    return [one for one in explain(found) if isinstance(one, Story)]


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (1005, Outcome.PENDING),
        (1001, Outcome.DELIVERED),
        (3, Outcome.NOT_SENT),
        (103, Outcome.REJECTED),
        (2104, Outcome.REJECTED),
        (4, Outcome.UNKNOWN),
        (9999, Outcome.UNKNOWN),
    ],
)
def test_an_answer_is_judged_as_send_judges_it(code: int, outcome: Outcome) -> None:
    (story,) = stories(answered(code))
    assert (story.outcome, story.result_code) == (outcome, code)
    assert (story.description, story.to, story.sent_at) == ("what it says", None, None)
    assert is_known(story) == (code != 9999)


def test_an_answer_says_what_it_can_of_a_submission() -> None:
    (story,) = stories(answered(1005, "abc"))
    assert story.submission == Submission(
        to="",
        source="",
        outcome=Outcome.ACCEPTED,
        result_code=1005,
        description="what it says",
        message_id="abc",
        final=False,
        delivered=Certainty.NO,
        billed=Certainty.NO,
        retry=Retry.WAIT,
        encoding=None,
        parts=None,
        profile=None,
        created_at="",
        sent_at=None,
        updated_at="",
        elapsed_ms=None,
    )


def test_parts_and_an_answer_with_one_id_are_one_message() -> None:
    parts = [parsed(id=f"abc${part}", segments=2) for part in (0, 1)]
    (story,) = explain([answered(1005, "abc"), *parts, parts[0]])
    assert isinstance(story, Story)
    assert (story.outcome, story.parts_reported, len(story.reports)) == (Outcome.DELIVERED, 2, 2)


def test_answers_without_an_id_are_messages_of_their_own() -> None:
    codes = [story.result_code for story in stories(answered(2104), answered(2104), answered(1))]
    assert codes == [2104, 2104, 1]


def test_a_report_without_a_time_is_put_together_too() -> None:
    (story,) = explain([parsed(id="abc", timestamp=None, sentTimestamp=None)])
    assert isinstance(story, Story)
    assert (story.outcome, story.updated_at, story.sent_at) == (Outcome.DELIVERED, "", None)


def test_an_incoming_message_stays_what_it_is() -> None:
    message = IncomingMessage(
        message_id="abc",
        source=None,
        destination="2333",
        content="STOP",
        operator=None,
        timestamp=None,
        gate_custom_parameters={},
        custom_parameters={},
        format=parsed().format or pytest.fail("a report that was read has a format"),
    )
    first, second, third = explain([parsed(id="abc"), message, parsed(id="abd")])
    assert isinstance(first, Story)
    assert second is message
    assert isinstance(third, Story)
    assert is_known(message)
    assert not is_known(explain_code(9999))

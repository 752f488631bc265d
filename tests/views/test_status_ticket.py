"""What `status ID --ticket` prints for a mail to LINK Support: whole tickets."""

from typing import Any

import pytest

from linksms_cli.sms.mt.exchange import Fault
from linksms_cli.sms.outcome import Outcome
from linksms_cli.views.status import ticket as view
from tests.stories import answer, intent, report, story, submission, verdict

ACCOUNT: dict[str, Any] = {
    "base_url": "https://n-eu.linkmobility.io/smscsimplehttp",
    "service_id": 4711,
}


def test_what_is_pending_has_the_account_and_no_report() -> None:
    assert (
        view.as_text(story(submission(**ACCOUNT)))
        == """\
Message id: Dcshuhod0PMAAAFQ+/PbnR3x
Base URL:   https://n-eu.linkmobility.io/smscsimplehttp
Service id: 4711
From:       LINK
To:         +99955501234
Sent:       2026-11-26 09:00:00Z
Answer:     1005 Queued
State:      1005 Queued (TEMP : NOT DELIVERED, NOT BILLED*)
Parts:      0 of 1 reported
Delivery reports: none received

It is not final. Where is it now, and was it delivered or billed?"""
    )


def test_what_failed_has_its_report_in_the_words_of_the_guide() -> None:
    assert (
        view.as_text(
            story(submission(**ACCOUNT), report(2104, operatorResultCode="21", refId="mo-1"))
        )
        == """\
Message id: Dcshuhod0PMAAAFQ+/PbnR3x
Base URL:   https://n-eu.linkmobility.io/smscsimplehttp
Service id: 4711
From:       LINK
To:         +99955501234
Sent:       2026-11-26 09:00:00Z
Answer:     1005 Queued
State:      2104 Unknown subscriber (FINAL: NOT DELIVERED, NOT BILLED*)
Parts:      1 of 1 reported
Operator:   no.telenor
Reference:  mo-1
Delivery reports (times in UTC):
  2026-11-26 09:00:05Z  2104 Unknown subscriber
    id Dcshuhod0PMAAAFQ+/PbnR3x, operator no.telenor, operator code 21, sent
    to the operator 2026-11-26 09:00:02Z

Why was it not delivered, and is there anything to change on our side?"""
    )


def test_what_was_delivered_is_said_not_to_have_arrived() -> None:
    assert (
        view.as_text(story(submission(), report(1001)))
        == """\
Message id: Dcshuhod0PMAAAFQ+/PbnR3x
From:       LINK
To:         +99955501234
Sent:       2026-11-26 09:00:00Z
Answer:     1005 Queued
State:      1001 Billed and delivered (FINAL: DELIVERED, BILLED* (if
            applicable))
Parts:      1 of 1 reported
Operator:   no.telenor
Delivery reports (times in UTC):
  2026-11-26 09:00:05Z  1001 Billed and delivered
    id Dcshuhod0PMAAAFQ+/PbnR3x, operator no.telenor, sent to the operator
    2026-11-26 09:00:02Z

It was reported as delivered, but the recipient says that it did not arrive.
What did the operator report?"""
    )


def test_what_some_parts_came_to_is_not_said_of_the_message() -> None:
    assert (
        view.as_text(story(submission(parts=3), report(1001, part=0, of=3)))
        == """\
Message id: Dcshuhod0PMAAAFQ+/PbnR3x
From:       LINK
To:         +99955501234
Sent:       2026-11-26 09:00:00Z
Answer:     1005 Queued
State:      pending
Parts:      1 of 3 reported
Operator:   no.telenor
Delivery reports (times in UTC):
  2026-11-26 09:00:05Z  1001 Billed and delivered
    id Dcshuhod0PMAAAFQ+/PbnR3x$0, operator no.telenor, sent to the operator
    2026-11-26 09:00:02Z

It is not final. Where is it now, and was it delivered or billed?"""
    )


def test_one_part_that_failed_decides() -> None:
    assert (
        view.as_text(
            story(submission(parts=2), report(1001, part=0, of=2), report(2104, part=1, of=2))
        )
        == """\
Message id: Dcshuhod0PMAAAFQ+/PbnR3x
From:       LINK
To:         +99955501234
Sent:       2026-11-26 09:00:00Z
Answer:     1005 Queued
State:      2104 Unknown subscriber (FINAL: NOT DELIVERED, NOT BILLED*)
Parts:      2 of 2 reported
Operator:   no.telenor
Delivery reports (times in UTC):
  2026-11-26 09:00:05Z  1001 Billed and delivered
    id Dcshuhod0PMAAAFQ+/PbnR3x$0, operator no.telenor, sent to the operator
    2026-11-26 09:00:02Z
  2026-11-26 09:00:05Z  2104 Unknown subscriber
    id Dcshuhod0PMAAAFQ+/PbnR3x$1, operator no.telenor, sent to the operator
    2026-11-26 09:00:02Z

Why was it not delivered, and is there anything to change on our side?"""
    )


def test_what_the_gateway_rejected_has_its_answer() -> None:
    assert (
        view.as_text(story(submission(verdict(answer=answer(2104, None)))))
        == """\
Message id: none was given
From:       LINK
To:         +99955501234
Sent:       2026-11-26 09:00:00Z
Answer:     2104 Unknown subscriber
State:      2104 Unknown subscriber (FINAL: NOT DELIVERED, NOT BILLED*)
Parts:      0 of 1 reported
Delivery reports: none received

Why was it rejected, and is there anything to change on our side?"""
    )


def test_what_was_not_sent_says_when_it_was_tried() -> None:
    assert (
        view.as_text(
            story(
                submission(
                    verdict(sent=False, fault=Fault.CONNECTION, detail="connection refused"),
                    sent_at=None,
                )
            )
        )
        == """\
Message id: none was given
From:       LINK
To:         +99955501234
Sent:       no; it was tried at 2026-11-26 09:00:00Z
Answer:     no connection: connection refused
State:      not sent
Parts:      0 of 1 reported
Delivery reports: none received

It could not be sent. Is something wrong, on your side or on ours?"""
    )


def test_what_had_no_answer_says_why() -> None:
    assert (
        view.as_text(story(submission(verdict(status=502))))
        == """\
Message id: none was given
From:       LINK
To:         +99955501234
Sent:       2026-11-26 09:00:00Z
Answer:     HTTP 502 without a readable answer: it may have been sent
State:      unknown
Parts:      0 of 1 reported
Delivery reports: none received

We do not know what became of it. Was it delivered, and was it billed?"""
    )


def test_an_intent_says_after_when_it_may_have_been_sent() -> None:
    assert (
        view.as_text(story(intent()))
        == """\
Message id: none was given
From:       LINK
To:         +99955501234
Sent:       after 2026-11-26 09:00:00Z, if at all
Answer:     none was seen
State:      unknown
Parts:      0 of 1 reported
Delivery reports: none received

We do not know what became of it. Was it delivered, and was it billed?"""
    )


def test_a_code_that_the_guide_does_not_have_is_said_to_be_none_of_its() -> None:
    assert (
        view.as_text(story(submission(), report(7777)))
        == """\
Message id: Dcshuhod0PMAAAFQ+/PbnR3x
From:       LINK
To:         +99955501234
Sent:       2026-11-26 09:00:00Z
Answer:     1005 Queued
State:      7777 not in guide 5.1
Parts:      1 of 1 reported
Operator:   no.telenor
Delivery reports (times in UTC):
  2026-11-26 09:00:05Z  7777 not in guide 5.1
    id Dcshuhod0PMAAAFQ+/PbnR3x, operator no.telenor, sent to the operator
    2026-11-26 09:00:02Z

It is not final. Where is it now, and was it delivered or billed?"""
    )


def test_what_others_sent_has_what_its_reports_say() -> None:
    assert (
        view.as_text(
            story(
                None,
                report(
                    1010,
                    segments=None,
                    customParameters={},
                    sentTimestamp=None,
                    operator=None,
                    timestamp=None,
                ),
            )
        )
        == """\
Message id: Dcshuhod0PMAAAFQ+/PbnR3x
State:      1010 Expired, generated by LINK (FINAL: UNKOWN DELIVERY, UNKNOWN
            BILLING*)
Parts:      1 of an unknown number reported
Delivery reports (times in UTC):
  2026-11-26 09:00:06Z  1010 Expired, generated by LINK
    id Dcshuhod0PMAAAFQ+/PbnR3x

We do not know what became of it. Was it delivered, and was it billed?"""
    )


def test_no_line_is_too_long_for_a_mail_and_an_id_stays_in_one_piece() -> None:
    assert (
        view.as_text(story(None, report(1012, id="i-" * 40, operator="the operator " * 8)))
        == """\
Message id: i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-
From:       LINK
To:         +99955501234
Sent:       2026-11-26 09:00:02Z
State:      1012 Delayed (temporary billing error, system will try to
            resend) (TEMP : NOT DELIVERED, NOT BILLED* (resending))
Parts:      1 of 1 reported
Operator:   the operator the operator the operator the operator the operator
            the operator the operator the operator
Delivery reports (times in UTC):
  2026-11-26 09:00:05Z  1012 Delayed (temporary billing error, system will
    try to resend)
    id
    i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-,
    operator the operator the operator the operator the operator the
    operator the operator the operator the operator , sent to the operator
    2026-11-26 09:00:02Z

It is not final. Where is it now, and was it delivered or billed?"""
    )


def test_what_says_nothing_has_no_line() -> None:
    assert (
        view.as_text(story(None, report(1001, operator=" ")))
        == """\
Message id: Dcshuhod0PMAAAFQ+/PbnR3x
From:       LINK
To:         +99955501234
Sent:       2026-11-26 09:00:02Z
State:      1001 Billed and delivered (FINAL: DELIVERED, BILLED* (if
            applicable))
Parts:      1 of 1 reported
Delivery reports (times in UTC):
  2026-11-26 09:00:05Z  1001 Billed and delivered
    id Dcshuhod0PMAAAFQ+/PbnR3x, operator  , sent to the operator 2026-11-26
    09:00:02Z

It was reported as delivered, but the recipient says that it did not arrive.
What did the operator report?"""
    )


def test_what_a_report_holds_forges_no_line() -> None:
    assert (
        view.as_text(
            story(
                None,
                report(
                    1001,
                    operator="tel\nState:      2104",
                    operatorResultCode="E\x1b[2J",
                    refId="r\n1",
                    timestamp="now\n",
                    customParameters={"source": "LINK\nTo: x", "destination": "+999\x1b[1m"},
                ),
            )
        )
        == """\
Message id: Dcshuhod0PMAAAFQ+/PbnR3x
From:       LINK\\x0aTo: x
To:         +999\\x1b[1m
Sent:       2026-11-26 09:00:02Z
State:      1001 Billed and delivered (FINAL: DELIVERED, BILLED* (if
            applicable))
Parts:      1 of 1 reported
Operator:   tel\\x0aState:      2104
Reference:  r\\x0a1
Delivery reports (times in UTC):
  now\\x0a  1001 Billed and delivered
    id Dcshuhod0PMAAAFQ+/PbnR3x, operator tel\\x0aState:      2104, operator
    code E\\x1b[2J, sent to the operator 2026-11-26 09:00:02Z

It was reported as delivered, but the recipient says that it did not arrive.
What did the operator report?"""
    )


def test_a_time_that_nobody_knows_has_no_line() -> None:
    assert "Sent:" not in view.as_text(story(submission(sent_at=None)))


@pytest.mark.parametrize("outcome", Outcome)
def test_each_outcome_has_a_question_even_one_that_only_a_damaged_store_holds(
    outcome: Outcome,
) -> None:
    told = story(submission()._replace(outcome=outcome))
    question = view.as_record(told)["question"]
    assert str(question).endswith("?")
    assert view.as_text(told).endswith(str(question).split()[-1])

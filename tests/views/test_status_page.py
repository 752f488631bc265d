"""The page of a message, as `status ID` shows it: whole pages, one for each kind of message."""

from linksms_cli.sms.forward.due import State
from linksms_cli.sms.mt.exchange import Fault
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.story import Story
from linksms_cli.sms.text.ansi import stripped
from linksms_cli.views.status import page as view
from tests.stories import (
    answer,
    forward,
    heard,
    pasted,
    report,
    story,
    submission,
    verdict,
)


def page(told: Story, width: int = 80, *, overdue: float | None = None) -> str:
    return stripped(view.as_text(told, width, overdue=overdue))


def pasted_page(told: Story) -> str:
    return stripped(view.as_text(told, 80, is_stored=False))


def test_what_was_accepted_is_pending_until_a_report_comes() -> None:
    assert (
        page(story(submission()))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
pending: not delivered yet, not billed, not final

  2026-11-26 09:00:00Z  sent      1005 Queued

  Meaning  The gateway has put the message into its queue. An asynchronous call
           that succeeds gets this answer first.
  Next     Wait for the delivery report. Do not send it again.
  Resend   Not yet: it is still on its way.
  Support  linksms status Dcshuhod0PMAAAFQ+/PbnR3x --ticket prints what to
           write."""
    )


def test_a_report_that_it_is_on_its_way_leaves_it_pending() -> None:
    assert (
        page(story(submission(), report(1000)))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
pending: not delivered yet, not billed, not final, 1 of 1 parts reported

  2026-11-26 09:00:00Z  sent      1005 Queued
  2026-11-26 09:00:05Z  reported  1000 Sent (to operator)
                                  operator no.telenor

  Meaning  The gateway has passed the message on to the recipient's operator.
           Whether it reaches the phone is still open.
  Next     Wait for the delivery report. Do not send it again.
  Resend   Not yet: it is still on its way.
  Support  linksms status Dcshuhod0PMAAAFQ+/PbnR3x --ticket prints what to
           write."""
    )


def test_what_was_delivered_leaves_nothing_to_do() -> None:
    assert (
        page(story(submission(), report(1001, operatorResultCode="2")))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
delivered, billed if it has a charge, final, 1 of 1 parts reported

  2026-11-26 09:00:00Z  sent      1005 Queued
  2026-11-26 09:00:05Z  reported  1001 Billed and delivered
                                  operator no.telenor, its own code 2

  Meaning  The message was delivered and, if it carried a charge, paid.
  Resend   No need: it was delivered."""
    )


def test_what_failed_says_why_and_whether_to_send_it_again() -> None:
    assert (
        page(story(submission(), report(2104)))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
failed: not delivered, not billed, final, 1 of 1 parts reported

  2026-11-26 09:00:00Z  sent      1005 Queued
  2026-11-26 09:00:05Z  reported  2104 Unknown subscriber
                                  operator no.telenor

  Meaning  No subscriber is known under this number.
  Next     Check the number. If it is right, it may no longer be in use: take it
           off the list.
  Resend   Pointless: nothing was delivered or billed, and it would fail again.
  Support  linksms status Dcshuhod0PMAAAFQ+/PbnR3x --ticket prints what to
           write."""
    )


def test_what_was_billed_and_not_delivered_is_not_sent_again() -> None:
    assert (
        page(story(submission(), report(1009)))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
failed: not delivered, billed, final, 1 of 1 parts reported

  2026-11-26 09:00:00Z  sent      1005 Queued
  2026-11-26 09:00:05Z  reported  1009 Billed OK and NOT Delivered
                                  operator no.telenor

  Meaning  The recipient was charged, but the message was finally not delivered.
  Next     Do not charge again. Give the recipient what they paid for in another
           way, or ask LINK Mobility Support about the charge, giving the
           message id, or the time and the recipient if there is none.
  Resend   No: it was billed, and would be billed a second time.
  Support  linksms status Dcshuhod0PMAAAFQ+/PbnR3x --ticket prints what to
           write."""
    )


def test_each_part_has_a_line_and_the_worst_decides() -> None:
    assert (
        page(story(submission(parts=2), report(1001, part=0, of=2), report(2104, part=1, of=2)))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
failed: not delivered, billed if it has a charge, final, 2 of 2 parts reported

  2026-11-26 09:00:00Z  sent         1005 Queued
  2026-11-26 09:00:05Z  part 1 of 2  1001 Billed and delivered
                                     operator no.telenor
  2026-11-26 09:00:05Z  part 2 of 2  2104 Unknown subscriber
                                     operator no.telenor

  Meaning  No subscriber is known under this number.
  Next     Check the number. If it is right, it may no longer be in use: take it
           off the list.
  Resend   Not blindly: other parts of it may have been delivered or billed
           already.
  Support  linksms status Dcshuhod0PMAAAFQ+/PbnR3x --ticket prints what to
           write."""
    )


def test_some_parts_say_nothing_of_the_others() -> None:
    assert (
        page(story(submission(parts=3), report(1001, part=0, of=3)))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
pending: not delivered yet, billed if it has a charge, not final, 1 of 3 parts
reported

  2026-11-26 09:00:00Z  sent         1005 Queued
  2026-11-26 09:00:05Z  part 1 of 3  1001 Billed and delivered
                                     operator no.telenor

  Meaning  Final so far: 1 of 3 parts. The rest is to come.
  Next     Wait for the other reports:
           linksms status Dcshuhod0PMAAAFQ+/PbnR3x --wait 5m
  Resend   Not yet: it is still on its way.
  Support  linksms status Dcshuhod0PMAAAFQ+/PbnR3x --ticket prints what to
           write."""
    )


def test_a_report_may_speak_for_all_parts() -> None:
    assert (
        page(story(submission(parts=2), report(1001, of=2)))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
delivered, billed if it has a charge, final, 2 of 2 parts reported

  2026-11-26 09:00:00Z  sent       1005 Queued
  2026-11-26 09:00:05Z  all parts  1001 Billed and delivered
                                   operator no.telenor

  Meaning  The message was delivered and, if it carried a charge, paid.
  Resend   No need: it was delivered."""
    )


def test_nobody_may_know_how_many_parts_there_are() -> None:
    assert (
        page(story(submission(parts=None), report(1001, part=1, of=None)))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
pending: not delivered yet, billed if it has a charge, not final, 1 of ? parts
reported

  2026-11-26 09:00:00Z  sent         1005 Queued
  2026-11-26 09:00:05Z  part 2 of ?  1001 Billed and delivered
                                     operator no.telenor

  Meaning  Final so far: 1 of an unknown number of parts. The rest is to come.
  Next     Wait for the other reports:
           linksms status Dcshuhod0PMAAAFQ+/PbnR3x --wait 5m
  Resend   Not yet: it is still on its way.
  Support  linksms status Dcshuhod0PMAAAFQ+/PbnR3x --ticket prints what to
           write."""
    )


def test_a_message_of_one_part_has_no_parts() -> None:
    assert (
        page(story(submission(), report(1001, part=0)))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
delivered, billed if it has a charge, final, 1 of 1 parts reported

  2026-11-26 09:00:00Z  sent      1005 Queued
  2026-11-26 09:00:05Z  reported  1001 Billed and delivered
                                  operator no.telenor

  Meaning  The message was delivered and, if it carried a charge, paid.
  Resend   No need: it was delivered."""
    )


def test_a_code_that_nobody_knows_settles_nothing() -> None:
    assert (
        page(story(submission(), report(7777)))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
pending: delivery unknown, billing unknown, not final, 1 of 1 parts reported

  2026-11-26 09:00:00Z  sent      1005 Queued
  2026-11-26 09:00:05Z  reported  7777 not a known code
                                  operator no.telenor

  Meaning  Unknown code: it is in neither guide 5.1 nor any older client. It may
           mean success or failure, so it counts as neither.
  Next     Do not resend because of it. Ask LINK Mobility Support what the code
           means, giving the message id, or the time and the recipient if there
           is none. A later report under its id may settle what became of it.
  Resend   Not blindly: it may have been delivered or billed already.
  Support  linksms status Dcshuhod0PMAAAFQ+/PbnR3x --ticket prints what to
           write."""
    )


def test_what_the_gateway_rejected_was_tried_and_not_sent() -> None:
    assert (
        page(story(submission(verdict(answer=answer(2104, None)))))
        == """\
#1
to +99955501234 from LINK
rejected: not delivered, not billed, final

  2026-11-26 09:00:00Z  tried     the gateway rejected it: 2104 Unknown
                                  subscriber

  Meaning  No subscriber is known under this number.
  Next     Check the number. If it is right, it may no longer be in use: take it
           off the list.
  Resend   Pointless: nothing was delivered or billed, and it would fail again.
  Support  linksms status '#1' --ticket prints what to write."""
    )


def test_what_was_rejected_in_place_of_the_gateway_has_no_code() -> None:
    assert (
        page(story(submission(verdict(status=401))))
        == """\
#1
to +99955501234 from LINK
rejected: not delivered, not billed, final

  2026-11-26 09:00:00Z  tried     HTTP 401 instead of an answer: access was
                                  refused

  Resend   Pointless: nothing was delivered or billed, and it would fail again.
  Support  linksms status '#1' --ticket prints what to write."""
    )


def test_what_the_gateway_had_no_room_for_was_tried_and_not_sent() -> None:
    assert (
        page(story(submission(verdict(answer=answer(3, None)))))
        == """\
#1
to +99955501234 from LINK
not sent: not delivered, not billed, final

  2026-11-26 09:00:00Z  tried     the gateway could not accept it now: 3 Maximum
                                  throttling exceeded

  Meaning  Messages came faster than some limit allows.
  Next     Send more slowly, then try this one again.
  Resend   You can: nothing was delivered or billed."""
    )


def test_what_never_left_this_machine_was_not_sent() -> None:
    assert (
        page(
            story(
                submission(
                    verdict(sent=False, fault=Fault.CONNECTION, detail="connection refused"),
                    sent_at=None,
                )
            )
        )
        == """\
#1
to +99955501234 from LINK
not sent: not delivered, not billed, final

  2026-11-26 09:00:01Z  not sent  no connection: connection refused

  Resend   You can: nothing was delivered or billed."""
    )


def test_a_wait_in_vain_leaves_it_pending() -> None:
    assert (
        page(
            story(
                submission(
                    outcome=Outcome.PENDING, problem="accepted, but no report came within 5 s"
                )
            )
        )
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
pending: not delivered yet, not billed, not final

  2026-11-26 09:00:00Z  sent      accepted

  Meaning  The gateway has put the message into its queue. An asynchronous call
           that succeeds gets this answer first.
  Next     Wait for the delivery report. Do not send it again.
  Resend   Not yet: it is still on its way.
  Support  linksms status Dcshuhod0PMAAAFQ+/PbnR3x --ticket prints what to
           write."""
    )


def test_a_wait_that_saw_the_end_is_not_taken_for_the_answer() -> None:
    assert (
        page(story(submission(verdict(answer=answer(2104)), outcome=Outcome.FAILED), report(2104)))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
failed: not delivered, not billed, final, 1 of 1 parts reported

  2026-11-26 09:00:00Z  sent      accepted
  2026-11-26 09:00:05Z  reported  2104 Unknown subscriber
                                  operator no.telenor

  Meaning  No subscriber is known under this number.
  Next     Check the number. If it is right, it may no longer be in use: take it
           off the list.
  Resend   Pointless: nothing was delivered or billed, and it would fail again.
  Support  linksms status Dcshuhod0PMAAAFQ+/PbnR3x --ticket prints what to
           write."""
    )


def test_a_message_without_an_id_is_looked_for_by_its_number() -> None:
    assert (
        page(story(submission(verdict(answer=answer(1005, None)))))
        == """\
#1
to +99955501234 from LINK
pending: not delivered yet, not billed, not final

  2026-11-26 09:00:00Z  sent      1005 Queued

  Meaning  The gateway has put the message into its queue. An asynchronous call
           that succeeds gets this answer first.
  No id    The gateway accepted it without giving it an id. Its reports cannot
           be recognised, so it stays pending here.
  Resend   Not blindly: it may have been delivered or billed already.
  Now      1. Look for a report that names its number; if one says that it was
              delivered, you are done:
              linksms status --to +99955501234 --since 2026-11-26T09:00:00+00:00
           2. Ask the recipient. If it arrived, you are done.
           3. Ask LINK Support; this prints what to write:
              linksms status '#1' --ticket"""
    )


def test_what_others_sent_has_reports_alone() -> None:
    assert (
        page(story(None, report(1001, refId="mo-1")))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK, reference mo-1
not sent from this store: only its reports are known here
delivered, billed if it has a charge, final, 1 of 1 parts reported

  2026-11-26 09:00:05Z  reported  1001 Billed and delivered
                                  operator no.telenor

  Meaning  The message was delivered and, if it carried a charge, paid.
  Resend   No need: it was delivered."""
    )


def test_reports_may_name_neither_recipient_nor_sender() -> None:
    assert (
        page(story(None, report(1001, customParameters={})))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
not sent from this store: only its reports are known here
delivered, billed if it has a charge, final, 1 of 1 parts reported

  2026-11-26 09:00:05Z  reported  1001 Billed and delivered
                                  operator no.telenor

  Meaning  The message was delivered and, if it carried a charge, paid.
  Resend   No need: it was delivered."""
    )


def test_reports_may_name_the_recipient_alone() -> None:
    assert (
        page(story(None, report(1001, customParameters={"destination": "+99955501234"})))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from an unknown sender
not sent from this store: only its reports are known here
delivered, billed if it has a charge, final, 1 of 1 parts reported

  2026-11-26 09:00:05Z  reported  1001 Billed and delivered
                                  operator no.telenor

  Meaning  The message was delivered and, if it carried a charge, paid.
  Resend   No need: it was delivered."""
    )


def test_reports_may_name_the_sender_alone() -> None:
    assert (
        page(story(None, report(1001, customParameters={"source": "2333"})))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to an unknown number from 2333
not sent from this store: only its reports are known here
delivered, billed if it has a charge, final, 1 of 1 parts reported

  2026-11-26 09:00:05Z  reported  1001 Billed and delivered
                                  operator no.telenor

  Meaning  The message was delivered and, if it carried a charge, paid.
  Resend   No need: it was delivered."""
    )


def test_a_report_shows_what_became_of_it_at_each_target() -> None:
    assert (
        page(
            story(
                submission(),
                heard(
                    report(1001),
                    forward(),
                    forward(State.WAITING, target="https://a.example/", attempts=3, status=503),
                    forward(State.SET_ASIDE, target="https://b.example/", status=404),
                ),
            )
        )
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
delivered, billed if it has a charge, final, 1 of 1 parts reported

  2026-11-26 09:00:00Z  sent      1005 Queued
  2026-11-26 09:00:05Z  reported  1001 Billed and delivered
                                  operator no.telenor
                                  forwarded at 2026-11-26 09:00:07Z to
                                  https://crm.example/dlr
                                  waits for https://a.example/ after 3 attempts:
                                  status 503
                                  set aside for https://b.example/: status 404

  Meaning  The message was delivered and, if it carried a charge, paid.
  Resend   No need: it was delivered."""
    )


def test_what_a_report_holds_neither_forges_a_line_nor_commands_the_terminal() -> None:
    assert (
        page(
            story(
                None,
                report(
                    1001,
                    operator="tel\nfailed: not billed",
                    operatorResultCode="E\x1b[2J\u202e",
                    refId="r\n1",
                    customParameters={"source": "LINK\nfailed: x", "destination": "+999\x1b[1m"},
                ),
            )
        )
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +999\\x1b[1m from LINK\\x0afailed: x, reference r\\x0a1
not sent from this store: only its reports are known here
delivered, billed if it has a charge, final, 1 of 1 parts reported

  2026-11-26 09:00:05Z  reported  1001 Billed and delivered
                                  operator tel\\x0afailed: not billed, its own
                                  code E\\x1b[2J\\u202e

  Meaning  The message was delivered and, if it carried a charge, paid.
  Resend   No need: it was delivered."""
    )


def test_a_narrow_page_is_sixty_columns_wide() -> None:
    assert (
        page(
            story(
                submission(parts=12),
                report(
                    1012,
                    part=10,
                    of=12,
                    operatorResultCode="retry later",
                    refId="the-id-of-an-incoming-sms",
                ),
            ),
            60,
        )
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK, reference
the-id-of-an-incoming-sms
pending: not delivered yet, not billed, not final, 1 of 12
parts reported

  2026-11-26 09:00:00Z  sent           1005 Queued
  2026-11-26 09:00:05Z  part 11 of 12  1012 Delayed
                                       (temporary billing
                                       error, system will
                                       try to resend)
                                       operator no.telenor,
                                       its own code retry
                                       later

  Meaning  Billing failed for the moment. The gateway will
           try again by itself.
  Next     Wait for the next report. Do not send it again:
           the gateway will, and the recipient could be
           charged twice.
  Resend   Not yet: it is still on its way.
  Support  linksms status Dcshuhod0PMAAAFQ+/PbnR3x --ticket
           prints what to write."""
    )


def test_a_wide_page_breaks_no_line_that_fits() -> None:
    assert (
        page(story(submission(parts=12), report(1012, part=10, of=12)), 96)
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
pending: not delivered yet, not billed, not final, 1 of 12 parts reported

  2026-11-26 09:00:00Z  sent           1005 Queued
  2026-11-26 09:00:05Z  part 11 of 12  1012 Delayed (temporary billing error, system will try to
                                       resend)
                                       operator no.telenor

  Meaning  Billing failed for the moment. The gateway will try again by itself.
  Next     Wait for the next report. Do not send it again: the gateway will, and the recipient
           could be charged twice.
  Resend   Not yet: it is still on its way.
  Support  linksms status Dcshuhod0PMAAAFQ+/PbnR3x --ticket prints what to write."""
    )


def test_a_pasted_answer_has_no_time_and_no_command() -> None:
    assert (
        pasted_page(pasted(answer(1005)))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
pending: not delivered yet, not billed, not final

  answered  1005 Queued

  Meaning  The gateway has put the message into its queue. An asynchronous call
           that succeeds gets this answer first.
  Next     Wait for the delivery report. Do not send it again.
  Resend   Not yet: it is still on its way.
  Support  Tell LINK Support: message id Dcshuhod0PMAAAFQ+/PbnR3x, result code
           1005."""
    )


def test_a_pasted_answer_without_an_id_leaves_nothing_to_ask_support_for() -> None:
    assert (
        pasted_page(pasted(answer(1005, None)))
        == """\
(no id)
pending: not delivered yet, not billed, not final

  answered  1005 Queued

  Meaning  The gateway has put the message into its queue. An asynchronous call
           that succeeds gets this answer first.
  Next     Wait for the delivery report. Do not send it again.
  Resend   Not yet: it is still on its way."""
    )


def test_what_a_pasted_report_names_is_shown_beside_the_answer() -> None:
    assert (
        pasted_page(pasted(answer(1005), report(2104)))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
failed: not delivered, not billed, final, 1 of 1 parts reported

                        answered  1005 Queued
  2026-11-26 09:00:05Z  reported  2104 Unknown subscriber
                                  operator no.telenor

  Meaning  No subscriber is known under this number.
  Next     Check the number. If it is right, it may no longer be in use: take it
           off the list.
  Resend   Pointless: nothing was delivered or billed, and it would fail again.
  Support  Tell LINK Support: message id Dcshuhod0PMAAAFQ+/PbnR3x, to
           +99955501234, sent 2026-11-26 09:00:02Z, result code 2104."""
    )


def test_a_pasted_report_has_what_support_can_find_it_by() -> None:
    assert (
        pasted_page(pasted(report(2104)))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
failed: not delivered, not billed, final, 1 of 1 parts reported

  2026-11-26 09:00:05Z  reported  2104 Unknown subscriber
                                  operator no.telenor

  Meaning  No subscriber is known under this number.
  Next     Check the number. If it is right, it may no longer be in use: take it
           off the list.
  Resend   Pointless: nothing was delivered or billed, and it would fail again.
  Support  Tell LINK Support: message id Dcshuhod0PMAAAFQ+/PbnR3x, to
           +99955501234, sent 2026-11-26 09:00:02Z, result code 2104."""
    )


def test_a_pasted_report_of_a_part_leads_to_no_store() -> None:
    assert (
        pasted_page(pasted(report(1001, part=0, of=2)))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
pending: not delivered yet, billed if it has a charge, not final, 1 of 2 parts
reported

  2026-11-26 09:00:05Z  part 1 of 2  1001 Billed and delivered
                                     operator no.telenor

  Meaning  Final so far: 1 of 2 parts. The rest is to come.
  Next     Wait for the other reports.
  Resend   Not yet: it is still on its way.
  Support  Tell LINK Support: message id Dcshuhod0PMAAAFQ+/PbnR3x, to
           +99955501234, sent 2026-11-26 09:00:02Z, result code 1001."""
    )


def test_an_answer_and_a_report_that_were_pasted_are_one_message() -> None:
    assert (
        pasted_page(pasted(answer(1005), report(1001, timestamp=None)))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
delivered, billed if it has a charge, final, 1 of 1 parts reported

  answered  1005 Queued
  reported  1001 Billed and delivered
            operator no.telenor

  Meaning  The message was delivered and, if it carried a charge, paid.
  Resend   No need: it was delivered."""
    )


def test_colours_say_what_is_sure_and_what_is_beside_the_point() -> None:
    told = story(None, heard(report(2104, operatorResultCode="2"), forward()))
    shown = view.as_text(told, 80)
    assert (
        shown
        == """\
\x1b[1mDcshuhod0PMAAAFQ+/PbnR3x\x1b[0m
to +99955501234 from LINK
\x1b[2mnot sent from this store: only its reports are known here\x1b[0m
\x1b[31mfailed\x1b[0m: not delivered, not billed, final, 1 of 1 parts reported

  2026-11-26 09:00:05Z  reported  \x1b[31m2104 Unknown subscriber\x1b[0m
                                  \x1b[2moperator no.telenor, its own code 2\x1b[0m
                                  \x1b[2mforwarded at 2026-11-26 09:00:07Z to\x1b[0m
                                  \x1b[2mhttps://crm.example/dlr\x1b[0m

  \x1b[2mMeaning  \x1b[0mNo subscriber is known under this number.
  \x1b[2mNext     \x1b[0mCheck the number. If it is right, it may no longer be in use: take it
           off the list.
  \x1b[2mResend   \x1b[0mPointless: nothing was delivered or billed, and it would fail again.
  \x1b[2mSupport  \x1b[0mlinksms status Dcshuhod0PMAAAFQ+/PbnR3x --ticket prints what to
           write."""
    )


def test_a_message_that_is_not_in_the_store_is_said_to_be_missing() -> None:
    assert view.as_missing_text("abc\n\x1b[1m") == (
        "\x1b[31mabc\\x0a\\x1b[1m is not in the store\x1b[0m"
    )


def test_a_wait_shows_how_many_parts_have_come() -> None:
    waiting = story(submission(parts=2), report(1001, part=0, of=2)).delivery
    assert waiting
    assert view.as_progress("abc\n", waiting) == "abc\\x0a: pending, 1 of 2 parts reported"
    unknown = story(None, report(1001, part=0, of=None)).delivery
    assert unknown
    assert view.as_progress("abc", unknown) == "abc: pending, 1 of ? parts reported"

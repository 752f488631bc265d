"""What `status ID` shows below a pending message if its report is missing."""

from linksms_cli.sms.story import Story
from linksms_cli.sms.text.ansi import stripped
from linksms_cli.views.status import page as view
from tests.stories import answer, report, story, submission, verdict

TWO_DAYS = 172_800.0


def page(told: Story, width: int = 80, *, overdue: float | None = TWO_DAYS) -> str:
    return stripped(view.as_text(told, width, overdue=overdue))


def test_what_is_overdue_may_have_been_delivered() -> None:
    assert (
        page(story(submission()))
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
overdue: not delivered yet, not billed, not final

  2026-11-26 09:00:00Z  sent      1005 Queued

  Meaning  The gateway has put the message into its queue. An asynchronous call
           that succeeds gets this answer first.
  Overdue  It has been pending for more than 48 h. The gateway should have given
           up by then (an assumption: the guide does not say how long it tries;
           --overdue-after changes it), so a report is probably missing. Check
           the way that reports take:
           1. Does linksms listen run, and can it be reached from outside (GET
              /healthz)?
           2. Does LINK have its address? Ask their Support: it may be an old
              one.
           3. Do the reports go into another store? See LINKSMS_STATE of the
              receiver.
  Resend   Not blindly: it may have been delivered or billed already.
  Support  linksms status Dcshuhod0PMAAAFQ+/PbnR3x --ticket prints what to
           write."""
    )


def test_what_is_overdue_may_have_been_heard_of_before() -> None:
    assert (
        page(story(submission(), report(1000)), 60)
        == """\
Dcshuhod0PMAAAFQ+/PbnR3x
to +99955501234 from LINK
overdue: not delivered yet, not billed, not final, 1 of 1
parts reported

  2026-11-26 09:00:00Z  sent      1005 Queued
  2026-11-26 09:00:05Z  reported  1000 Sent (to operator)
                                  operator no.telenor

  Meaning  The gateway has passed the message on to the
           recipient's operator. Whether it reaches the
           phone is still open.
  Overdue  It has been pending for more than 48 h. The
           gateway should have given up by then (an
           assumption: the guide does not say how long it
           tries; --overdue-after changes it), so a report
           is probably missing. Check the way that reports
           take:
           1. Does linksms listen run, and can it be reached
              from outside (GET /healthz)?
           2. Does LINK have its address? Ask their Support:
              it may be an old one.
           3. Do the reports go into another store? See
              LINKSMS_STATE of the receiver.
  Resend   Not blindly: it may have been delivered or billed
           already.
  Support  linksms status Dcshuhod0PMAAAFQ+/PbnR3x --ticket
           prints what to write."""
    )


def test_what_has_no_id_stays_pending() -> None:
    assert (
        page(story(submission(verdict(answer=answer(1005, None)))), overdue=None)
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


def test_what_has_no_id_is_overdue_for_that_reason() -> None:
    assert (
        page(story(submission(verdict(answer=answer(1005, None)))), 60)
        == """\
#1
to +99955501234 from LINK
overdue: not delivered yet, not billed, not final

  2026-11-26 09:00:00Z  sent      1005 Queued

  Meaning  The gateway has put the message into its queue.
           An asynchronous call that succeeds gets this
           answer first.
  No id    The gateway accepted it without giving it an id.
           Its reports cannot be recognised, so it stays
           pending here.
  Resend   Not blindly: it may have been delivered or billed
           already.
  Now      1. Look for a report that names its number; if
              one says that it was delivered, you are done:
              linksms status --to +99955501234 --since 2026-11-26T09:00:00+00:00
           2. Ask the recipient. If it arrived, you are
              done.
           3. Ask LINK Support; this prints what to write:
              linksms status '#1' --ticket"""
    )

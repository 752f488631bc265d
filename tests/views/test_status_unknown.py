"""What `status ID` shows below a message if nobody knows what became of it, and what to do now."""

from linksms_cli.sms.mt.exchange import Fault
from linksms_cli.sms.story import Story
from linksms_cli.sms.text.ansi import stripped
from linksms_cli.views.status import page as view
from tests.stories import answer, intent, pasted, report, story, submission, verdict


def below(told: Story, width: int = 80, *, is_stored: bool = True) -> str:
    shown = stripped(view.as_text(told, width, is_stored=is_stored))
    return shown.split("\n\n", 1)[1]


def test_no_answer_in_time_may_be_an_answer_that_was_lost() -> None:
    assert (
        below(story(submission(verdict(fault=Fault.TIMEOUT, detail="nothing within 30.0 s"))))
        == """\
  2026-11-26 09:00:00Z  tried     no answer in time: nothing within 30.0 s

  Happened No answer in time: nothing within 30.0 s. The request had left by
           then, so the gateway may have taken the message.
  Seen     The request, which left at 2026-11-26 09:00:00Z.
  Not seen An answer of the gateway; a delivery report; whether it reached the
           handset, and whether it was billed.
  Resend   Not blindly: it may have been delivered or billed already.
  Now      1. Look for a report that names its number; if one says that it was
              delivered, you are done:
              linksms status --to +99955501234 --since 2026-11-26T09:00:00+00:00
           2. Ask the recipient. If it arrived, you are done.
           3. Ask LINK Support; this prints what to write:
              linksms status '#1' --ticket
           4. Send it again if it did not arrive, or if arriving twice does less
              harm than not at all: it may be billed twice. After --once or
              --batch that takes --resend-unknown."""
    )


def test_an_answer_that_is_none_says_nothing_of_the_message() -> None:
    assert (
        below(story(submission(verdict(status=502))))
        == """\
  2026-11-26 09:00:00Z  tried     HTTP 502 without a readable answer: it may
                                  have been sent

  Happened HTTP 502 without a readable answer. The request had left by then, so
           the gateway may have taken the message.
  Seen     The request, which left at 2026-11-26 09:00:00Z.
  Not seen An answer of the gateway; a delivery report; whether it reached the
           handset, and whether it was billed.
  Resend   Not blindly: it may have been delivered or billed already.
  Now      1. Look for a report that names its number; if one says that it was
              delivered, you are done:
              linksms status --to +99955501234 --since 2026-11-26T09:00:00+00:00
           2. Ask the recipient. If it arrived, you are done.
           3. Ask LINK Support; this prints what to write:
              linksms status '#1' --ticket
           4. Send it again if it did not arrive, or if arriving twice does less
              harm than not at all: it may be billed twice. After --once or
              --batch that takes --resend-unknown."""
    )


def test_a_process_that_was_killed_leaves_an_intent() -> None:
    assert (
        below(story(intent()))
        == """\
  2026-11-26 09:00:00Z  intended  no answer was seen

  Happened The process that sent it has stored no outcome: it was killed before
           it saw an answer, or it is still waiting for one.
  Seen     The intent to send it, stored at 2026-11-26 09:00:00Z.
  Not seen Whether the request left; an answer of the gateway; a delivery
           report; whether it reached the handset, and whether it was billed.
  Resend   Not blindly: it may have been delivered or billed already.
  Now      1. Look for a report that names its number; if one says that it was
              delivered, you are done:
              linksms status --to +99955501234 --since 2026-11-26T09:00:00+00:00
           2. Ask the recipient. If it arrived, you are done.
           3. Ask LINK Support; this prints what to write:
              linksms status '#1' --ticket
           4. Send it again if it did not arrive, or if arriving twice does less
              harm than not at all: it may be billed twice. After --once or
              --batch that takes --resend-unknown."""
    )


def test_the_gateway_may_not_know_itself() -> None:
    assert (
        below(story(submission(verdict(answer=answer(4)))))
        == """\
  2026-11-26 09:00:00Z  tried     the gateway does not know what became of it: 4
                                  Timeout

  Happened The gateway answered 4 Timeout. Something did not answer in time.
           Whether the message was delivered or billed is unknown.
  Seen     The request, which left at 2026-11-26 09:00:00Z; an answer of the
           gateway.
  Not seen A delivery report; whether it reached the handset, and whether it was
           billed.
  Resend   Not blindly: it may have been delivered or billed already.
  Now      1. Ask the recipient. If it arrived, you are done.
           2. Ask LINK Support; this prints what to write:
              linksms status Dcshuhod0PMAAAFQ+/PbnR3x --ticket
           3. Send it again if it did not arrive, or if arriving twice does less
              harm than not at all: it may be billed twice. After --once or
              --batch that takes --resend-unknown."""
    )


def test_a_code_that_nobody_knows_may_be_explained_by_a_report() -> None:
    assert (
        below(story(submission(verdict(answer=answer(7777, description="Who knows")))))
        == """\
  2026-11-26 09:00:00Z  tried     the gateway answered with an unknown code:
                                  7777 Who knows

  Happened The gateway answered 7777 not a known code. Unknown code: it is in
           neither guide 5.1 nor any older client. It may mean success or
           failure, so it counts as neither.
  Seen     The request, which left at 2026-11-26 09:00:00Z; an answer of the
           gateway.
  Not seen A delivery report; whether it reached the handset, and whether it was
           billed.
  Resend   Not blindly: it may have been delivered or billed already.
  Now      1. Wait for its report:
              linksms status Dcshuhod0PMAAAFQ+/PbnR3x --wait 10m
           2. Ask the recipient. If it arrived, you are done.
           3. Ask LINK Support; this prints what to write:
              linksms status Dcshuhod0PMAAAFQ+/PbnR3x --ticket
           4. Send it again if it did not arrive, or if arriving twice does less
              harm than not at all: it may be billed twice. After --once or
              --batch that takes --resend-unknown."""
    )


def test_a_code_that_nobody_knows_may_come_without_an_id() -> None:
    assert (
        below(story(submission(verdict(answer=answer(7777, None, "Who knows")))))
        == """\
  2026-11-26 09:00:00Z  tried     the gateway answered with an unknown code:
                                  7777 Who knows

  Happened The gateway answered 7777 not a known code. Unknown code: it is in
           neither guide 5.1 nor any older client. It may mean success or
           failure, so it counts as neither.
  Seen     The request, which left at 2026-11-26 09:00:00Z; an answer of the
           gateway.
  Not seen A delivery report; whether it reached the handset, and whether it was
           billed.
  Resend   Not blindly: it may have been delivered or billed already.
  Now      1. Look for a report that names its number; if one says that it was
              delivered, you are done:
              linksms status --to +99955501234 --since 2026-11-26T09:00:00+00:00
           2. Ask the recipient. If it arrived, you are done.
           3. Ask LINK Support; this prints what to write:
              linksms status '#1' --ticket
           4. Send it again if it did not arrive, or if arriving twice does less
              harm than not at all: it may be billed twice. After --once or
              --batch that takes --resend-unknown."""
    )


def test_a_report_may_end_a_message_without_saying_how() -> None:
    assert (
        below(story(submission(parts=2), report(1001, part=0, of=2), report(1010, part=1, of=2)))
        == """\
  2026-11-26 09:00:00Z  sent         1005 Queued
  2026-11-26 09:00:05Z  part 1 of 2  1001 Billed and delivered
                                     operator no.telenor
  2026-11-26 09:00:05Z  part 2 of 2  1010 Expired, generated by LINK
                                     operator no.telenor

  Happened A report said 1010 Expired, generated by LINK. LINK itself declared
           the message expired. Whether the message was delivered or billed is
           unknown.
  Seen     The request, which left at 2026-11-26 09:00:00Z; an answer of the
           gateway; reports of 2 of 2 parts.
  Not seen Whether it reached the handset, and whether it was billed.
  Resend   Not blindly: it may have been delivered or billed already.
  Now      1. Ask the recipient. If it arrived, you are done.
           2. Ask LINK Support; this prints what to write:
              linksms status Dcshuhod0PMAAAFQ+/PbnR3x --ticket
           3. Send it again if it did not arrive, or if arriving twice does less
              harm than not at all: it may be billed twice. After --once or
              --batch that takes --resend-unknown."""
    )


def test_what_others_sent_is_unknown_too() -> None:
    assert (
        below(story(None, report(1010)))
        == """\
  2026-11-26 09:00:05Z  reported  1010 Expired, generated by LINK
                                  operator no.telenor

  Happened A report said 1010 Expired, generated by LINK. LINK itself declared
           the message expired. Whether the message was delivered or billed is
           unknown.
  Seen     Reports of 1 of 1 parts.
  Not seen Whether it reached the handset, and whether it was billed.
  Resend   Not blindly: it may have been delivered or billed already.
  Now      1. Ask the recipient. If it arrived, you are done.
           2. Ask LINK Support; this prints what to write:
              linksms status Dcshuhod0PMAAAFQ+/PbnR3x --ticket
           3. Send it again if it did not arrive, or if arriving twice does less
              harm than not at all: it may be billed twice. After --once or
              --batch that takes --resend-unknown."""
    )


def test_a_pasted_answer_is_not_in_the_store() -> None:
    assert (
        below(pasted(answer(4)), is_stored=False)
        == """\
  answered  4 Timeout

  Happened The gateway answered 4 Timeout. Something did not answer in time.
           Whether the message was delivered or billed is unknown.
  Seen     An answer of the gateway.
  Not seen A delivery report; whether it reached the handset, and whether it was
           billed.
  Resend   Not blindly: it may have been delivered or billed already.
  Now      1. Ask the recipient. If it arrived, you are done.
           2. Ask LINK Support, and tell them: message id
              Dcshuhod0PMAAAFQ+/PbnR3x, result code 4.
           3. Send it again if it did not arrive, or if arriving twice does less
              harm than not at all: it may be billed twice. After --once or
              --batch that takes --resend-unknown."""
    )


def test_a_pasted_answer_may_have_no_id() -> None:
    assert (
        below(pasted(answer(4, None)), is_stored=False)
        == """\
  answered  4 Timeout

  Happened The gateway answered 4 Timeout. Something did not answer in time.
           Whether the message was delivered or billed is unknown.
  Seen     An answer of the gateway.
  Not seen A delivery report; whether it reached the handset, and whether it was
           billed.
  Resend   Not blindly: it may have been delivered or billed already.
  Now      1. Ask the recipient. If it arrived, you are done.
           2. Ask LINK Support, and tell them: no message id, result code 4.
           3. Send it again if it did not arrive, or if arriving twice does less
              harm than not at all: it may be billed twice. After --once or
              --batch that takes --resend-unknown."""
    )


def test_a_pasted_report_says_when_and_to_whom_it_was_sent() -> None:
    assert (
        below(pasted(report(1010)), is_stored=False)
        == """\
  2026-11-26 09:00:05Z  reported  1010 Expired, generated by LINK
                                  operator no.telenor

  Happened A report said 1010 Expired, generated by LINK. LINK itself declared
           the message expired. Whether the message was delivered or billed is
           unknown.
  Seen     Reports of 1 of 1 parts.
  Not seen Whether it reached the handset, and whether it was billed.
  Resend   Not blindly: it may have been delivered or billed already.
  Now      1. Ask the recipient. If it arrived, you are done.
           2. Ask LINK Support, and tell them: message id
              Dcshuhod0PMAAAFQ+/PbnR3x, to +99955501234, sent 2026-11-26
              09:00:02Z, result code 1010.
           3. Send it again if it did not arrive, or if arriving twice does less
              harm than not at all: it may be billed twice. After --once or
              --batch that takes --resend-unknown."""
    )


def test_a_time_that_is_none_is_a_word_for_the_shell() -> None:
    assert (
        below(story(submission(verdict(status=502), sent_at="then; x")))
        == """\
  then; x  tried     HTTP 502 without a readable answer: it may have been sent

  Happened HTTP 502 without a readable answer. The request had left by then, so
           the gateway may have taken the message.
  Seen     The request, which left at then; x.
  Not seen An answer of the gateway; a delivery report; whether it reached the
           handset, and whether it was billed.
  Resend   Not blindly: it may have been delivered or billed already.
  Now      1. Look for a report that names its number; if one says that it was
              delivered, you are done:
              linksms status --to +99955501234 --since 'then; x'
           2. Ask the recipient. If it arrived, you are done.
           3. Ask LINK Support; this prints what to write:
              linksms status '#1' --ticket
           4. Send it again if it did not arrive, or if arriving twice does less
              harm than not at all: it may be billed twice. After --once or
              --batch that takes --resend-unknown."""
    )


def test_commands_stay_in_one_piece_on_a_narrow_page() -> None:
    assert (
        below(
            story(submission(verdict(answer=answer(7777, "it's-an-id-" + "x" * 40, "Who knows")))),
            60,
        )
        == """\
  2026-11-26 09:00:00Z  tried     the gateway answered with
                                  an unknown code: 7777 Who
                                  knows

  Happened The gateway answered 7777 not a known code.
           Unknown code: it is in neither guide 5.1 nor any
           older client. It may mean success or failure, so
           it counts as neither.
  Seen     The request, which left at 2026-11-26 09:00:00Z;
           an answer of the gateway.
  Not seen A delivery report; whether it reached the
           handset, and whether it was billed.
  Resend   Not blindly: it may have been delivered or billed
           already.
  Now      1. Wait for its report:
              linksms status 'it'\\''s-an-id-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' --wait 10m
           2. Ask the recipient. If it arrived, you are
              done.
           3. Ask LINK Support; this prints what to write:
              linksms status 'it'\\''s-an-id-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' --ticket
           4. Send it again if it did not arrive, or if
              arriving twice does less harm than not at all:
              it may be billed twice. After --once or
              --batch that takes --resend-unknown."""
    )


def test_nothing_that_is_copied_is_broken_at_any_width() -> None:
    unknown = story(submission(verdict(answer=answer(7777))))
    overdue = story(submission())
    options = {"--ticket", "--wait", "--once", "--batch", "--resend-unknown.", "--overdue-after"}
    for width in range(60, 81):
        pages = view.as_text(unknown, width), view.as_text(overdue, width, overdue=3600.0)
        assert options <= set(stripped("\n".join(pages)).split()), width

"""What `send` prints of a message, for each way in which it can end: whole results."""

from typing import Any

import pytest

from linksms_cli.sms.account.profile import Account, Settings
from linksms_cli.sms.dlr.receiving import reported
from linksms_cli.sms.dlr.report import Report
from linksms_cli.sms.dlr.tally import fold
from linksms_cli.sms.mt.exchange import Fault
from linksms_cli.sms.mt.result import Problem, Result
from linksms_cli.sms.mt.result_of import repeat
from linksms_cli.sms.mt.waited import after_waiting
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.text.ansi import stripped
from linksms_cli.views import send as view
from tests.stories import ID, answer, report, verdict


def result(**exchange: Any) -> Result:
    """Return the result of an attempt, stored as number 1; without an exchange it was accepted."""
    decided = verdict(**(exchange or {"answer": answer(1005)}))
    return Result(
        to="+99955501234",
        source="LINK",
        outcome=decided.outcome,
        exit_code=decided.exit_code,
        final=decided.final,
        delivered=decided.delivered,
        billed=decided.billed,
        retry=decided.retry,
        encoding=None,
        parts=1,
        profile=None,
        result_code=decided.result_code,
        description=decided.description,
        message_id=decided.message_id,
        error=decided.problem,
        number=1,
    )


def waited(*reports: Report, parts: int = 1, interrupted: bool = False) -> Result:
    """Return the result after a wait of 5 s with these reports."""
    statuses = [reported(one, "2026-11-26T09:00:06.000Z") for one in reports]
    delivery = fold(statuses, parts) if reports else None
    return after_waiting(result(), delivery, 5.0, interrupted=interrupted)


def shown(one: Result, **how: bool) -> str:
    return stripped(view.as_text(one, **how))


def described(words: str) -> Result:
    return result(answer=answer(1005, "abc", words))


def test_what_was_accepted_is_one_line_with_its_id() -> None:
    assert (
        shown(result())
        == """\
accepted   +99955501234  1005 Queued  id Dcshuhod0PMAAAFQ+/PbnR3x"""
    )


def test_what_has_no_id_is_one_line_too() -> None:
    assert (
        shown(result(answer=answer(1005, None)))
        == """\
accepted   +99955501234  1005 Queued"""
    )


def test_what_was_delivered_at_once_is_one_line() -> None:
    assert (
        shown(result(answer=answer(1001)))
        == """\
delivered  +99955501234  1001 Billed and delivered  id Dcshuhod0PMAAAFQ+/PbnR3x"""
    )


def test_the_gateway_need_not_describe_a_code() -> None:
    assert (
        shown(result()._replace(description=""))
        == """\
accepted   +99955501234  1005  id Dcshuhod0PMAAAFQ+/PbnR3x"""
    )


def test_what_does_not_fit_into_a_line_has_its_id_below() -> None:
    assert (
        shown(result(answer=answer(1005, ID, "Queued for the operator")))
        == """\
accepted   +99955501234  1005 Queued for the operator
           id Dcshuhod0PMAAAFQ+/PbnR3x"""
    )


def test_a_line_is_eighty_columns_wide_at_most() -> None:
    fits = shown(described("w" * 42))
    assert fits == f"accepted   +99955501234  1005 {'w' * 42}  id abc"
    assert len(fits) == 80
    assert shown(described("w" * 43)) == (
        f"accepted   +99955501234  1005 {'w' * 43}\n           id abc"
    )


def test_an_id_stays_in_one_piece() -> None:
    assert (
        shown(result(answer=answer(1005, "i-" * 45)))
        == """\
accepted   +99955501234  1005 Queued
           id
           i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-i-"""
    )


def test_what_was_rejected_says_why_and_what_to_do() -> None:
    assert (
        shown(result(answer=answer(2104, None)))
        == """\
rejected   +99955501234  the gateway rejected it: 2104 Unknown subscriber
           not delivered, not billed, final
  Meaning  No subscriber is known under this number.
  Next     Check the number. If it is right, it may no longer be in use: take it
           off the list.
  Resend   Pointless: nothing was delivered or billed, and it would fail again."""
    )


def test_one_of_many_is_short() -> None:
    assert (
        shown(result(answer=answer(2104, None)), in_full=False)
        == """\
rejected   +99955501234  the gateway rejected it: 2104 Unknown subscriber
           Check the number. If it is right, it may no longer be in use: take it
           off the list."""
    )


def test_what_was_rejected_and_billed_has_advice_of_its_own() -> None:
    assert (
        shown(result(answer=answer(1009)))
        == """\
rejected   +99955501234  the gateway rejected it, and it was billed: 1009 Billed
           OK and NOT Delivered
           id Dcshuhod0PMAAAFQ+/PbnR3x
           Do not send it again: the recipient would be billed twice. Ask LINK
           Support."""
    )


def test_refused_credentials_have_advice_of_their_own() -> None:
    assert (
        shown(result(answer=answer(103, None)))
        == """\
rejected   +99955501234  the gateway refused the credentials: 103 Invalid
           password
           Nothing was sent. Check the service id, user name and password:
           linksms config show."""
    )


def test_what_was_rejected_in_place_of_the_gateway_has_no_code() -> None:
    assert (
        shown(result(status=403))
        == """\
rejected   +99955501234  HTTP 403 instead of an answer: access was refused
           Nothing was sent. Check the credentials and the base URL: linksms
           config show."""
    )


def test_what_the_gateway_had_no_room_for_is_safe_to_send_again() -> None:
    assert (
        shown(result(answer=answer(3, None)))
        == """\
not sent   +99955501234  the gateway could not accept it now: 3 Maximum
           throttling exceeded
           It had no effect and is safe to send again."""
    )


def test_what_never_left_this_machine_is_safe_to_send_again() -> None:
    assert (
        shown(result(sent=False, fault=Fault.CONNECTION, detail="connection refused"))
        == """\
not sent   +99955501234  no connection: connection refused
           It had no effect and is safe to send again. Check the base URL and
           the network."""
    )


def test_what_had_no_answer_leads_to_its_page() -> None:
    assert (
        shown(result(fault=Fault.TIMEOUT, detail="nothing within 30.0 s"))
        == """\
unknown    +99955501234  no answer in time: nothing within 30.0 s
           delivery unknown, billing unknown, not final
  Next     linksms status '#1' says what was seen, and what to do now.
  Resend   Not blindly: it may have been delivered or billed already."""
    )


def test_what_is_not_stored_has_no_page() -> None:
    assert (
        shown(result(fault=Fault.TIMEOUT, detail="nothing within 30.0 s"), is_stored=False)
        == """\
unknown    +99955501234  no answer in time: nothing within 30.0 s
           Do not send it again blindly: it may have been sent and billed."""
    )


def test_what_the_store_has_no_number_of_has_no_page() -> None:
    assert (
        shown(result(fault=Fault.TIMEOUT, detail="nothing within 30.0 s")._replace(number=None))
        == """\
unknown    +99955501234  no answer in time: nothing within 30.0 s
           Do not send it again blindly: it may have been sent and billed."""
    )


def test_what_the_gateway_does_not_know_leads_to_its_page() -> None:
    assert (
        shown(result(answer=answer(4)))
        == """\
unknown    +99955501234  the gateway does not know what became of it: 4 Timeout
           id Dcshuhod0PMAAAFQ+/PbnR3x
           delivery unknown, billing unknown, final
  Meaning  Something did not answer in time. Whether the message was delivered
           or billed is unknown.
  Next     linksms status Dcshuhod0PMAAAFQ+/PbnR3x says what was seen, and what
           to do now.
  Resend   Not blindly: it may have been delivered or billed already."""
    )


def test_what_the_gateway_does_not_know_may_not_be_stored() -> None:
    assert (
        shown(result(answer=answer(4)), is_stored=False)
        == """\
unknown    +99955501234  the gateway does not know what became of it: 4 Timeout
           id Dcshuhod0PMAAAFQ+/PbnR3x
           delivery unknown, billing unknown, final
  Meaning  Something did not answer in time. Whether the message was delivered
           or billed is unknown.
  Next     Do not send it again blindly: the recipient may have it. Ask LINK
           Mobility Support what became of it, giving the message id, or the
           time and the recipient if there is none. A later report under its id
           may settle it too.
  Resend   Not blindly: it may have been delivered or billed already."""
    )


def test_a_code_that_nobody_knows_is_unknown() -> None:
    assert (
        shown(result(answer=answer(7777, None, "Who knows")))
        == """\
unknown    +99955501234  the gateway answered with an unknown code: 7777 Who
           knows
           delivery unknown, billing unknown, not final
  Meaning  Unknown code: it is in neither guide 5.1 nor any older client. It may
           mean success or failure, so it counts as neither.
  Next     linksms status '#1' says what was seen, and what to do now.
  Resend   Not blindly: it may have been delivered or billed already."""
    )


def test_a_wait_in_vain_leaves_it_pending() -> None:
    assert (
        shown(waited())
        == """\
pending    +99955501234  accepted, but no report came within 5 s
           id Dcshuhod0PMAAAFQ+/PbnR3x
           not delivered yet, not billed, not final
  Meaning  The gateway has put the message into its queue. An asynchronous call
           that succeeds gets this answer first.
  Next     Wait for the delivery report. Do not send it again.
  Resend   Not yet: it is still on its way."""
    )


def test_a_wait_for_what_has_no_id_is_over_at_once() -> None:
    assert (
        shown(after_waiting(result(answer=answer(1005, None)), None, 5.0, interrupted=False))
        == """\
pending    +99955501234  accepted, but without an id to follow it by
           It may still be delivered: do not send it again."""
    )


def test_a_wait_that_was_interrupted_says_what_is_known() -> None:
    assert (
        shown(waited(report(1000), interrupted=True))
        == """\
pending    +99955501234  interrupted while waiting: 1 of 1 parts reported, 1000
           Sent (to operator)
           id Dcshuhod0PMAAAFQ+/PbnR3x
           not delivered yet, not billed, not final, 1 of 1 parts reported
  Meaning  The gateway has passed the message on to the recipient's operator.
           Whether it reaches the phone is still open.
  Next     Wait for the delivery report. Do not send it again.
  Resend   Not yet: it is still on its way."""
    )


def test_a_wait_may_end_with_some_parts() -> None:
    assert (
        shown(waited(report(1001, part=0, of=2), parts=2))
        == """\
pending    +99955501234  not final within 5 s: 1 of 2 parts reported, 1001
           Billed and delivered
           id Dcshuhod0PMAAAFQ+/PbnR3x
           not delivered yet, billed if it has a charge, not final, 1 of 2 parts
           reported
  Meaning  Final so far: 1 of 2 parts. The rest is to come.
  Next     Wait for the other reports:
           linksms status Dcshuhod0PMAAAFQ+/PbnR3x --wait 5m
  Resend   Not yet: it is still on its way."""
    )


def test_a_wait_that_saw_it_delivered_is_one_line() -> None:
    assert (
        shown(waited(report(1001)))
        == """\
delivered  +99955501234  1001 Billed and delivered  id Dcshuhod0PMAAAFQ+/PbnR3x"""
    )


def test_a_wait_that_saw_it_fail_says_why() -> None:
    assert (
        shown(waited(report(2104)))
        == """\
failed     +99955501234  finally not delivered: 2104 Unknown subscriber
           id Dcshuhod0PMAAAFQ+/PbnR3x
           not delivered, not billed, final, 1 of 1 parts reported
  Meaning  No subscriber is known under this number.
  Next     Check the number. If it is right, it may no longer be in use: take it
           off the list.
  Resend   Pointless: nothing was delivered or billed, and it would fail again."""
    )


def test_a_wait_that_saw_an_unknown_end_leads_to_its_page() -> None:
    assert (
        shown(waited(report(1010)))
        == """\
unknown    +99955501234  a report said 1010 Expired, generated by LINK
           id Dcshuhod0PMAAAFQ+/PbnR3x
           delivery unknown, billing unknown, final, 1 of 1 parts reported
  Meaning  LINK itself declared the message expired. Whether the message was
           delivered or billed is unknown.
  Next     linksms status Dcshuhod0PMAAAFQ+/PbnR3x says what was seen, and what
           to do now.
  Resend   Not blindly: it may have been delivered or billed already."""
    )


def test_a_dry_run_says_that_it_is_planned() -> None:
    assert (
        shown(result()._replace(outcome=Outcome.PLANNED, result_code=None, message_id=None))
        == """\
planned    +99955501234"""
    )


def test_a_guard_says_why_it_refuses() -> None:
    assert (
        shown(
            result()._replace(
                outcome=Outcome.REFUSED,
                message_id=None,
                error=Problem(
                    "guard", "it needs 3 parts, more than --max-parts 2", "Shorten the text."
                ),
            )
        )
        == """\
refused    +99955501234  it needs 3 parts, more than --max-parts 2
           Shorten the text."""
    )


def test_what_is_given_twice_has_the_option_for_it_in_one_piece() -> None:
    assert (
        shown(repeat(result()))
        == """\
skipped    +99955501234  given more than once, and handled only once: accepted
           id Dcshuhod0PMAAAFQ+/PbnR3x
           To send one message for each time it is given, add
           --allow-duplicates."""
    )


def test_times_are_those_of_the_place() -> None:
    assert (
        shown(
            result()._replace(
                outcome=Outcome.SKIPPED,
                error=Problem("once", "it was sent under this key on 2026-11-26T09:00:00.000Z"),
            )
        )
        == """\
skipped    +99955501234  it was sent under this key on 2026-11-26 09:00:00Z
           id Dcshuhod0PMAAAFQ+/PbnR3x"""
    )


def test_what_a_result_quotes_has_no_line_of_its_own() -> None:
    assert (
        shown(
            result()._replace(to="+999\nx", error=Problem("x", "why\nforged: 1", "do\nforged: 2"))
        )
        == """\
accepted   +999\\x0ax  why\\x0aforged: 1  id Dcshuhod0PMAAAFQ+/PbnR3x
           do\\x0aforged: 2"""
    )


def test_a_record_has_every_key_whatever_became_of_it() -> None:
    one = result(answer=answer(2104, None))._replace(
        profile="prod", key="order-7", sent_at="2026-11-26T09:00:00.100Z", elapsed_ms=5
    )
    assert view.as_record(one) == {
        "to": "+99955501234",
        "from": "LINK",
        "outcome": "rejected",
        "result_code": 2104,
        "description": "Unknown subscriber",
        "message_id": None,
        "final": True,
        "delivered": "no",
        "billed": "no",
        "retry": "pointless",
        "encoding": None,
        "parts": 1,
        "profile": "prod",
        "key": "order-7",
        "sent_at": "2026-11-26T09:00:00.100Z",
        "elapsed_ms": 5,
        "error": {
            "kind": "rejected",
            "message": "the gateway rejected it: 2104 Unknown subscriber",
            "hint": (
                "Check the number. If it is right, it may no longer be in use: take it off the "
                "list."
            ),
        },
    }
    assert view.as_record(result()) == {
        "to": "+99955501234",
        "from": "LINK",
        "outcome": "accepted",
        "result_code": 1005,
        "description": "Queued",
        "message_id": ID,
        "final": False,
        "delivered": "no",
        "billed": "no",
        "retry": "wait",
        "encoding": None,
        "parts": 1,
        "profile": None,
        "key": None,
        "sent_at": None,
        "elapsed_ms": None,
        "error": None,
    }


def test_the_outcome_alone_has_a_colour() -> None:
    tones = {
        Outcome.ACCEPTED: "32",
        Outcome.DELIVERED: "32",
        Outcome.FAILED: "31",
        Outcome.PENDING: "36",
        Outcome.REJECTED: "31",
        Outcome.NOT_SENT: "31",
        Outcome.UNKNOWN: "33",
        Outcome.REFUSED: "31",
        Outcome.PLANNED: "36",
        Outcome.SKIPPED: "2",
    }
    assert {
        outcome: view.as_text(result()._replace(outcome=outcome), in_full=False)
        for outcome in Outcome
    } == {
        outcome: f"\x1b[{tone}m{outcome.replace('_', ' '):<9}\x1b[0m  +99955501234  1005 Queued  "
        f"id {ID}"
        for outcome, tone in tones.items()
    }


def test_what_is_waited_for_is_named_as_soon_as_it_is_accepted() -> None:
    assert view.as_accepted(result()) == f"accepted   +99955501234  id {ID}"
    assert view.as_accepted_record(result()) == {
        "accepted": {"to": "+99955501234", "message_id": ID}
    }


def test_what_has_no_id_is_named_by_its_number() -> None:
    assert view.as_reference(result()) == (
        "linksms status '#1' says what was seen, and what to do now."
    )


def test_quiet_prints_the_id_and_the_reason_of_a_failure() -> None:
    rejected = result(answer=answer(2104, None))
    assert (view.as_id(result()), view.as_id(rejected)) == (ID, "")
    assert view.as_reason(rejected) == (
        "+99955501234: the gateway rejected it: 2104 Unknown subscriber"
    )
    assert view.as_reason(result()) == "+99955501234: accepted"
    once = Problem("once", "it was sent under this key on 2026-11-26T09:00:00.000Z")
    assert view.as_reason(result()._replace(error=once)) == (
        "+99955501234: it was sent under this key on 2026-11-26 09:00:00Z"
    )


@pytest.mark.parametrize(
    ("name", "is_default", "said"),
    [
        (None, False, "Using the account in the environment."),
        ("prod", False, "Using profile prod."),
        ("prod", True, "Using profile prod (the default)."),
    ],
)
def test_where_the_account_comes_from_is_said(
    name: str | None, is_default: bool, said: str
) -> None:
    account = Account(base_url="https://gw.example", service_id=1, username="u", password="p")
    assert view.as_account(Settings(name=name, account=account, is_default=is_default)) == said

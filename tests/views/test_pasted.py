"""What `code -` explains of a pasted text: codes, messages and incoming messages."""

from dataclasses import replace

from linksms_cli.sms.codes import explain
from linksms_cli.sms.text.ansi import stripped
from linksms_cli.views import code, pasted
from linksms_cli.views.status import record
from tests.sms.dlr.test_incoming import MESSAGE
from tests.stories import ID, answer, report
from tests.stories import pasted as told


def test_each_has_a_page_of_its_own() -> None:
    shown = stripped(pasted.as_text([explain(1001), told(answer(1005)), MESSAGE], 80))
    assert (
        shown
        == """\
1001  Billed and delivered
      final, delivered, billed if it has a charge

  Meaning  The message was delivered and, if it carried a charge, paid.
  Next     Nothing is left to do.
  Retry    done: it was delivered
  Guide    FINAL: DELIVERED, BILLED* (if applicable)
  Note     The guide adds "(if applicable)" to BILLED: for a message without a
           tariff there is nothing to bill.

* The guide marks every state with an asterisk and does not explain it.

Dcshuhod0PMAAAFQ+/PbnR3x
pending: not delivered yet, not billed, not final

  answered  1005 Queued

  Meaning  The gateway has put the message into its queue. An asynchronous call
           that succeeds gets this answer first.
  Next     Wait for the delivery report. Do not send it again.
  Resend   Not yet: it is still on its way.
  Support  Tell LINK Support: message id Dcshuhod0PMAAAFQ+/PbnR3x, result code
           1005.

an incoming message: it has no result code
  +99955501234 to 2333  no.telenor
  STOP & go
  2
  Dcshuhod0PMAAAFQ+/PbnR3x"""
    )


def test_each_page_is_as_wide_as_the_terminal() -> None:
    delayed = explain(1012)
    assert pasted.as_text([delayed], 60) == code.as_text([delayed], 60)
    filled = replace(MESSAGE, content=f"{'x' * 50} {'y' * 7} z")
    assert stripped(pasted.as_text([filled], 60)).splitlines()[2:4] == [
        f"  {'x' * 50} {'y' * 7}",
        "  z",
    ]


def test_a_message_has_the_words_of_its_code_and_no_handle_of_a_store() -> None:
    one = told(answer(1005), report(2104))
    made = pasted.as_record(one)
    assert "handle" not in made
    assert made == code.as_record(explain(2104)) | {
        key: value for key, value in record.as_record(one).items() if key != "handle"
    }
    assert (made["message_id"], made["to"], made["meaning"]) == (
        ID,
        "+99955501234",
        "No subscriber is known under this number.",
    )


def test_what_was_not_said_is_null() -> None:
    made = pasted.as_record(told(answer(1005, None)))
    unsaid = ("message_id", "to", "from", "sent_at", "updated_at", "parts_expected")
    assert [made[key] for key in unsaid] == [None] * 6


def test_a_code_and_an_incoming_message_have_records_of_their_own() -> None:
    assert pasted.as_record(explain(1001)) == code.as_record(explain(1001))
    assert pasted.as_record(MESSAGE) == {
        "event": "incoming",
        "message_id": ID,
        "source": "+99955501234",
        "destination": "2333",
        "content": "STOP & go\n2",
        "operator": "no.telenor",
        "timestamp": "2015-11-19T09:37:00Z",
        "gate_custom_parameters": {},
        "custom_parameters": {"keyword": "STOP"},
        "format": "json",
    }

"""The record of a message, as `status --json` and `--csv` print it: each key of the contract."""

from linksms_cli.sms.forward.due import State
from linksms_cli.views.status import record, table, ticket
from tests.stories import ID, forward, heard, intent, report, story, submission

REPORTED = heard(
    report(1001, part=0, of=2, operatorResultCode="2", refId="mo-1"),
    forward(State.WAITING, attempts=2, status=503, next_attempt_at="2026-11-26T09:05:00.000Z"),
)


def test_a_message_with_a_report() -> None:
    assert record.as_record(story(submission(parts=2), REPORTED)) == {
        "message_id": ID,
        "to": "+99955501234",
        "from": "LINK",
        "outcome": "pending",
        "result_code": 1001,
        "description": "Billed and delivered",
        "final": False,
        "delivered": "no",
        "billed": "yes",
        "retry": "wait",
        "parts_expected": 2,
        "parts_reported": 1,
        "sent_at": "2026-11-26T09:00:00.100Z",
        "updated_at": "2026-11-26T09:00:06.000Z",
        "handle": ID,
        "reports": [
            {
                "id": f"{ID}$0",
                "part": 0,
                "result_code": 1001,
                "description": "Billed and delivered",
                "final": True,
                "delivered": "yes",
                "billed": "yes",
                "retry": "done",
                "operator": "no.telenor",
                "operator_result_code": "2",
                "segments": 2,
                "ref_id": "mo-1",
                "source": "LINK",
                "destination": "+99955501234",
                "sent_timestamp": "2026-11-26T09:00:02Z",
                "timestamp": "2026-11-26T09:00:05Z",
                "received_at": "2026-11-26T09:00:06.000Z",
                "forwards": [
                    {
                        "target": "https://crm.example/dlr",
                        "number": 1,
                        "state": "waiting",
                        "attempts": 2,
                        "status": 503,
                        "failure": None,
                        "forwarded_at": None,
                        "next_attempt_at": "2026-11-26T09:05:00.000Z",
                    }
                ],
            }
        ],
    }


def test_what_nobody_knows_is_null() -> None:
    assert record.as_record(story(intent())) == {
        "message_id": None,
        "to": "+99955501234",
        "from": "LINK",
        "outcome": "unknown",
        "result_code": None,
        "description": None,
        "final": False,
        "delivered": "unknown",
        "billed": "unknown",
        "retry": "never",
        "parts_expected": 1,
        "parts_reported": 0,
        "sent_at": None,
        "updated_at": "2026-11-26T09:00:00.000Z",
        "handle": "#1",
        "reports": [],
    }


def test_a_message_that_is_not_in_the_store_has_the_same_keys() -> None:
    missing = record.as_missing_record("abc")
    assert list(missing) == list(record.as_record(story(submission())))
    assert {key: value for key, value in missing.items() if value is not None} == {
        "message_id": "abc",
        "reports": [],
    }


def test_a_ticket_is_the_record_with_the_account_the_question_and_the_text() -> None:
    told = story(submission(base_url="https://gw.example", service_id=4711, parts=2), REPORTED)
    assert ticket.as_record(told) == record.as_record(told) | {
        "base_url": "https://gw.example",
        "service_id": 4711,
        "operator": "no.telenor",
        "reference": "mo-1",
        "question": "It is not final. Where is it now, and was it delivered or billed?",
        "text": ticket.as_text(told),
    }
    theirs = ticket.as_record(story(None, report(1001)))
    assert (theirs["base_url"], theirs["service_id"]) == (None, None)


def test_a_row_of_csv_has_what_a_sheet_can_hold() -> None:
    assert table.csv_head() == (
        "handle,message_id,to,from,outcome,result_code,description,final,delivered,billed,retry,"
        "parts_expected,parts_reported,operator,reference,profile,sent_at,updated_at"
    )
    # A number keeps its plus behind an apostrophe, or the sheet would add it up.
    assert table.as_csv(story(submission(parts=2, profile="X"), REPORTED)) == (
        f"{ID},{ID},+99955501234,LINK,pending,1001,Billed and delivered,false,no,yes,wait,2,1,"
        "no.telenor,mo-1,X,2026-11-26T09:00:00.100Z,2026-11-26T09:00:06.000Z"
    )
    assert table.as_csv(story(intent())) == (
        "#1,,+99955501234,LINK,unknown,,,false,unknown,unknown,never,1,0,,,,,"
        "2026-11-26T09:00:00.000Z"
    )
    assert table.as_csv(story(None, report(1001, customParameters={}))) == (
        f"{ID},{ID},,,delivered,1001,Billed and delivered,true,yes,yes,done,1,1,no.telenor,,,"
        "2026-11-26T09:00:02Z,2026-11-26T09:00:06.000Z"
    )


def test_a_cell_of_csv_is_neither_a_formula_nor_two_cells() -> None:
    told = report(
        1001,
        operator='=1+1,"x"',
        refId="a\nb",
        customParameters={"source": "a,b", "destination": "a\rb"},
    )
    assert table.as_csv(story(None, told)) == (
        f'{ID},{ID},"a\rb","a,b",delivered,1001,Billed and delivered,true,yes,yes,done,1,1,'
        '"\'=1+1,""x""","a\nb",,2026-11-26T09:00:02Z,2026-11-26T09:00:06.000Z'
    )

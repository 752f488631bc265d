"""Faults set through the admin interface, which apply whatever the number of a message."""

import time

import pytest

from linksms_cli.adapters.sandbox.numbers import BEHAVIOURS
from tests.adapters.sandbox.conftest import Client

ONE, OTHER = "+99955501234", "+99955505678"


def test_two_failures_then_all_is_well_is_one_call(client: Client) -> None:
    standing = client.ask("POST", "/faults", {"times": 2, "status": 500})
    assert (standing.status, standing.json) == (
        201,
        {"fault": 1, "times": 2, "status": 500, "used": 0},
    )
    assert [client.send().status for _ in range(3)] == [500, 500, 200]
    assert client.ask("GET", "/faults").json == [standing.json | {"used": 2}]


def test_the_first_ones_may_go_by(client: Client) -> None:
    client.ask("POST", "/faults", {"after": 1, "times": 1, "answer": {"code": 3}})
    answers = [client.send().fields[:2] for _ in range(3)]
    assert answers == [
        ["1005", "Queued"],
        ["3", "Maximum throttling exceeded"],
        ["1005", "Queued"],
    ]


def test_it_can_be_for_some_numbers_alone(client: Client) -> None:
    client.ask("POST", "/faults", {"to": "+9995550", "answer": {"code": 2104}})
    assert client.send("+46700000000").fields[0] == "1005"
    assert [client.send(ONE).fields[0] for _ in range(3)] == ["2104"] * 3


def test_a_number_that_is_magic_has_no_say(client: Client) -> None:
    client.ask("POST", "/faults", {"status": 503})
    assert client.send("+99910002104").status == 503


def test_an_answer_can_have_words_of_its_own_and_an_id_if_it_accepts(client: Client) -> None:
    client.ask("POST", "/faults", {"times": 1, "answer": {"code": 1001, "description": "Hi"}})
    client.ask("POST", "/faults", {"times": 1, "answer": {"code": 7777}})
    code, description, message_id = client.send().fields
    assert (code, description, len(message_id)) == ("1001", "Hi", 24)
    assert client.send().body == b"7777;A code that nobody knows;"


@pytest.mark.parametrize("behaviour", sorted(BEHAVIOURS))
def test_every_behaviour_of_the_numbers_can_be_asked_for(client: Client, behaviour: str) -> None:
    standing = client.ask("POST", "/faults", {"times": 1, "behaviour": behaviour})
    assert standing.status == 201
    with client.submitting(ONE):
        (seen,) = client.ask("GET", "/messages?wait=10").json
    assert seen["effect"] == BEHAVIOURS[behaviour]
    assert client.send().fields[0] == "1005"


def test_a_reset_is_one(client: Client) -> None:
    client.ask("POST", "/faults", {"to": None, "after": 0, "times": 1, "behaviour": "reset"})
    with client.submitting(ONE) as connection, pytest.raises(ConnectionResetError):
        connection.recv(1)
    assert client.send().fields[0] == "1005"


def test_the_earlier_one_comes_first_and_lets_go_by_what_is_not_its_turn(client: Client) -> None:
    client.ask("POST", "/faults", {"after": 1, "times": 1, "status": 501})
    client.ask("POST", "/faults", {"times": 2, "status": 502})
    assert [client.send().status for _ in range(4)] == [502, 501, 502, 200]


def test_a_latency_alone_leaves_the_answer_to_the_number(client: Client) -> None:
    client.ask("POST", "/faults", {"times": 1, "latency": "300ms"})
    client.ask("POST", "/faults", {"times": 1, "status": 500, "latency": 0.3})
    for expected in (2104, 500):
        begun = time.monotonic()
        answered = client.send("+99910002104")
        assert time.monotonic() - begun >= 0.3
        assert expected in {answered.status, int(answered.body[:4].strip(b" ;") or 0)}
    begun = time.monotonic()
    client.send()


def test_what_is_wrongly_written_is_refused_all_the_same(client: Client) -> None:
    client.ask("POST", "/faults", {"times": 1, "status": 500})
    assert client.send(Source=None).fields[0] == "2000"
    assert client.send().status == 500


def test_all_can_be_taken_away_or_one(client: Client) -> None:
    for status in (501, 502, 503):
        client.ask("POST", "/faults", {"status": status})
    assert client.ask("DELETE", "/faults/1").json == {"faults": 1}
    assert client.send().status == 502
    assert client.ask("DELETE", "/faults").json == {"faults": 2}
    assert client.send().status == 200
    assert client.ask("DELETE", "/faults/1").refusal == (
        404,
        "not_found",
        "no fault 1 is set",
    )


def test_there_is_room_for_many_and_no_more(client: Client) -> None:
    for _ in range(1000):
        assert client.ask("POST", "/faults", {"to": "+1", "status": 500}).status == 201
    status, _, message = client.ask("POST", "/faults", {"status": 500}).refusal
    assert (status, message) == (400, "1000 faults are set, and there is no room for more")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "a fault needs one of answer, status, behaviour, report; given: none of them"),
        ({"status": 500, "report": 1}, "given: status and report"),
        ({"status": 99}, "status is not a whole number from 100 to 999"),
        ({"status": True}, "status is not a whole number from 100 to 999"),
        ({"status": 500.0}, "status is not a whole number from 100 to 999"),
        ({"report": 10_000}, "report is not a whole number from 0 to 9999"),
        ({"status": 500, "times": 0}, "times is not a whole number from 1 to 999999999"),
        ({"status": 500, "after": -1}, "after is not a whole number from 0 to 999999999"),
        ({"status": 500, "to": 46}, "to is not a text of at most 1000 characters"),
        ({"behaviour": "explode"}, "there is no such behaviour"),
        ({"behaviour": ["reset"]}, "there is no such behaviour"),
        ({"behavior": "reset"}, "there is no field 'behavior' here"),
        ({"answer": 3}, "answer is not an object with a code, and perhaps a description"),
        ({"answer": {"kode": 3}}, "answer is not an object with a code"),
        ({"answer": {}}, "answer has no code"),
        ({"answer": {"code": 3, "description": 1}}, "description is not a text"),
        ({"latency": "slow"}, "latency 'slow' is not a duration"),
        ({"latency": -1}, "latency is not a number of seconds from 0 to 3600"),
        ({"answer": {"code": 3, "description": "\ud83d"}}, "description holds half a character"),
        ({"status": 500, "to": "9995550"}, "to is not the beginning of a number"),
        ({"status": 500, "to": "+9995 550"}, "to is not the beginning of a number"),
        ([], "the body is not a JSON object"),
    ],
)
def test_a_fault_that_is_none_says_why(client: Client, body: object, message: str) -> None:
    status, kind, said = client.ask("POST", "/faults", body).refusal
    assert (status, kind) == (400, "usage")
    assert message in said


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff", b"[" * 60_000, b'{"status":' + b"9" * 5000 + b"}", b"{} x", b"NaN"],
)
def test_a_body_that_is_no_json_says_so(client: Client, body: bytes) -> None:
    status, kind, said = client.request("POST", "/faults", body).refusal
    assert (status, kind) == (400, "usage")
    assert said.startswith("the body is not ")


def test_a_hint_names_what_was_meant(client: Client) -> None:
    answered = client.ask("POST", "/faults", {"behavior": "reset"})
    assert answered.json["error"]["hint"] == "Did you mean behaviour?"

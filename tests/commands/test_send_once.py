"""`linksms send --once`: what a key remembers, and what it refuses."""

import json
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from linksms_cli.actions.listen.receiver import Receiver
from linksms_cli.actions.send import waiting
from linksms_cli.actions.wait import await_delivery
from linksms_cli.adapters.store import find_store
from tests.conftest import Linksms, account, on_every_store
from tests.loopback import Answer, Recorder, http
from tests.stored import change, everything, query

OK = http(b"1005;Queued;abc123")
SEND = ("send", "-t", "+99955501234", "-f", "LINK", "--once", "deploy-1", "--timeout", "2")

pytestmark = on_every_store


def test_the_second_run_is_skipped_with_what_the_first_one_stored(
    call: Linksms, gateway: Recorder
) -> None:
    first = call(*SEND, "x", "--json", env=account(gateway.url))
    second = call(*SEND, "x", "--json", env=account(gateway.url))
    person = call(*SEND, "x", env=account(gateway.url))
    assert (first.code, second.code, len(gateway.requests)) == (0, 0, 1)
    assert first.record["key"] == "deploy-1"
    stored = first.record | {"outcome": "skipped", "error": second.record["error"]}
    assert second.record == stored
    assert second.record["error"]["kind"] == "once"
    assert person.stdout.startswith("skipped    +99955501234  it was sent under this key on 20")


def test_when_it_was_sent_is_local_for_a_person_and_utc_for_a_program(
    call: Linksms, gateway: Recorder
) -> None:
    env = account(gateway.url) | {"TZ": "Asia/Kolkata"}
    call(*SEND, "x", env=env)
    said = call(*SEND, "x", "--json", env=env).record["error"]["message"]
    _, _, utc = said.rpartition(" ")
    assert utc.endswith("Z")
    local = datetime.fromisoformat(utc).astimezone(timezone(timedelta(hours=5.5)))
    assert f"on {local:%Y-%m-%d %H:%M:%S}+05:30  id" in call(*SEND, "x", env=env).stdout.replace(
        "\n" + " " * 11, "  "
    )


def test_a_new_store_says_that_its_keys_protect_from_now_on(
    call: Linksms, gateway: Recorder
) -> None:
    assert "the store was made just now" in call(*SEND, "x", env=account(gateway.url)).stderr
    assert "made just now" not in call(*SEND, "x", env=account(gateway.url)).stderr


def test_another_payload_under_the_key_is_refused(call: Linksms, gateway: Recorder) -> None:
    env = account(gateway.url)
    call(*SEND, "x", env=env)
    changes = [
        (*SEND, "y"),
        (*SEND, "x", "-t", "+99955501235"),
        (*SEND, "x", "--async"),
        (*SEND, "x", "--dry-run", "--from", "OTHER"),
    ]
    for words in changes:
        done = call(*words, "--json", env=env)
        assert done.code == 10
        assert {record["error"]["kind"] for record in done.records} == {"once_conflict"}
    assert len(gateway.requests) == 1


def test_a_key_belongs_to_base_url_and_service(call: Linksms, gateway: Recorder) -> None:
    call(*SEND, "x", env=account(gateway.url))
    call(*SEND, "y", env=account(gateway.url, service_id="2"))
    call(*SEND, "x", env=account(gateway.url, password="changed"))
    assert len(gateway.requests) == 2


def test_one_gateway_is_one_scope_however_its_url_is_spelt(
    call: Linksms, gateway: Recorder
) -> None:
    call(*SEND, "x", env=account(gateway.url))
    for url in (f"{gateway.url}/", gateway.url.replace("http", "HTTP", 1)):
        assert call(*SEND, "x", "--json", env=account(url)).record["outcome"] == "skipped"
        assert call(*SEND, "y", "--json", env=account(url)).code == 10
    assert len(gateway.requests) == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (http(b"2104;Unknown subscriber;"), 5),
        (http(b"3;Maximum throttling exceeded;"), 6),
        (http(b"103;Invalid password;"), 4),
        (http(b"", "404 Not Found"), 3),
    ],
)
def test_what_was_not_sent_leaves_the_key_free(call: Linksms, answer: Answer, code: int) -> None:
    with Recorder(answer, OK) as gateway:
        first = call(*SEND, "x", env=account(gateway.url))
        second = call(*SEND, "x", env=account(gateway.url))
        third = call(*SEND, "x", env=account(gateway.url))
    assert (first.code, second.code, third.code) == (code, 0, 0)
    assert len(gateway.requests) == 2


def test_what_was_rejected_and_yet_billed_is_not_charged_again(call: Linksms) -> None:
    with Recorder(http(b"1009;Billed OK and NOT Delivered;abc123")) as gateway:
        charge = ("--tariff", "SEK1000", "--confirm-charge", "SEK1000")
        first = call(*SEND, *charge, "x", "--json", env=account(gateway.url))
        second = call(*SEND, *charge, "x", "--json", env=account(gateway.url))
        again = call(*SEND, *charge, "x", "--resend-unknown", env=account(gateway.url))
        other = call(*SEND, *charge, "y", "--json", env=account(gateway.url))
    assert [done.code for done in (first, second, again, other)] == [5, 5, 5, 10]
    stored = first.record | {"outcome": "skipped", "error": second.record["error"]}
    assert second.record == stored
    assert second.record["billed"] == "yes"
    assert second.record["error"]["kind"] == "once_billed"
    assert "  it was rejected and yet billed under this key" in again.stdout
    assert other.record["error"]["kind"] == "once_conflict"
    assert len(gateway.requests) == 1


def test_a_mistake_that_sent_nothing_may_be_corrected_under_its_key(call: Linksms) -> None:
    with Recorder(http(b"2104;Unknown subscriber;"), OK) as gateway:
        words = ("send", "-f", "LINK", "--once", "k", "x")
        wrong = call(*words, "-t", "+99955501234", env=account(gateway.url))
        right = call(*words, "-t", "+99955501235", env=account(gateway.url))
    assert (wrong.code, right.code, len(gateway.requests)) == (5, 0, 2)


def test_what_may_have_been_sent_is_not_sent_again_but_on_request(call: Linksms) -> None:
    with Recorder(http(b"", "500 Oops"), OK) as gateway:
        first = call(*SEND, "x", "--json", env=account(gateway.url))
        second = call(*SEND, "x", "--json", env=account(gateway.url))
        dry = call(*SEND, "x", "--json", "--dry-run", env=account(gateway.url))
        third = call(*SEND, "x", "--json", "--resend-unknown", env=account(gateway.url))
        fourth = call(*SEND, "x", "--json", "--resend-unknown", env=account(gateway.url))
    outcomes = [done.record["outcome"] for done in (first, second, dry, third, fourth)]
    assert outcomes == ["unknown", "skipped", "skipped", "accepted", "skipped"]
    assert [d.code for d in (first, second, dry, third, fourth)] == [7, 7, 7, 0, 0]
    assert second.record["error"]["kind"] == "once_unknown"
    assert len(gateway.requests) == 2


def test_only_recipients_that_were_not_sent_to_are_sent_to(call: Linksms) -> None:
    with Recorder(OK, http(b"3;Maximum throttling exceeded;"), OK) as gateway:
        words = ("send", "-t", "+99955501234", "-t", "+99955501235", "-f", "LINK", "--once", "k")
        first = call(*words, "x", "--json", env=account(gateway.url))
        # The other order of the recipients is the same order.
        again = ("send", "-t", "+99955501235", "-t", "+99955501234", "-f", "LINK", "--once", "k")
        second = call(*again, "x", "--json", env=account(gateway.url))
    assert [record["outcome"] for record in first.records] == ["accepted", "not_sent"]
    assert [record["outcome"] for record in second.records] == ["accepted", "skipped"]
    assert [record["to"] for record in second.records] == ["+99955501235", "+99955501234"]
    assert len(gateway.requests) == 3


def test_a_corrected_command_goes_on_under_its_key(call: Linksms) -> None:
    words = ("send", "-f", "LINK", "--once", "k", "--json")
    rejected = http(b"2104;Unknown subscriber;")
    with Recorder(OK, rejected, http(b"1005;Queued;def456"), OK) as gateway:
        env = account(gateway.url)
        first = call(*words, "-t", "+99955501234", "-t", "+99955501235", "x", env=env)
        corrected = (*words, "-t", "+99955501236", "-t", "+99955501234")
        planned = call(*corrected, "x", "--dry-run", env=env)
        second = call(*corrected, "x", env=env)
        third = call(*corrected, "x", env=env)
        other_text = call(*corrected, "y", env=env)
        more = call(*corrected, "-t", "+99955501237", "x", env=env)
    assert [record["outcome"] for record in first.records] == ["accepted", "rejected"]
    assert [record["outcome"] for record in planned.records] == ["planned", "skipped"]
    assert [record["outcome"] for record in second.records] == ["accepted", "skipped"]
    assert second.records[1]["message_id"] == first.records[0]["message_id"]
    assert [record["outcome"] for record in third.records] == ["skipped", "skipped"]
    assert {record["error"]["kind"] for record in other_text.records} == {"once_conflict"}
    assert {record["error"]["kind"] for record in more.records} == {"once_conflict"}
    assert len(gateway.requests) == 3


def test_a_correction_must_hold_what_was_sent(call: Linksms) -> None:
    words = ("send", "-f", "LINK", "--once", "k", "--json")
    with Recorder(OK, http(b"2104;Unknown subscriber;"), OK) as gateway:
        env = account(gateway.url)
        call(*words, "-t", "+99955501234", "-t", "+99955501235", "x", env=env)
        without = call(*words, "-t", "+99955501236", "x", env=env)
        reworded = call(*words, "-t", "+99955501234", "-t", "+99955501236", "y", env=env)
    for done in (without, reworded):
        assert done.code == 10
        hint = done.records[0]["error"]["hint"]
        assert hint.startswith("It has reached 1 recipient.")
    assert len(gateway.requests) == 2


def test_allowed_duplicates_are_counted_under_a_key(call: Linksms, gateway: Recorder) -> None:
    words = ("send", "-t", "+99955501234", "-t", "+99955501234", "-f", "LINK", "--once", "k")
    for _ in range(2):
        done = call(*words, "--allow-duplicates", "x", "--json", env=account(gateway.url))
        assert done.code == 0
    assert len(gateway.requests) == 2


def test_a_dry_run_tells_and_leaves_the_key_free(call: Linksms, gateway: Recorder) -> None:
    env = account(gateway.url)
    call("send", "-t", "+99955501234", "-f", "LINK", "x", env=env)  # there is a store
    planned = call(*SEND, "x", "--dry-run", "--json", env=env)
    sent = call(*SEND, "y", "--json", env=env)
    skipped = call(*SEND, "y", "--dry-run", "--json", env=env)
    outcomes = [done.record["outcome"] for done in (planned, sent, skipped)]
    assert outcomes == ["planned", "accepted", "skipped"]


def test_a_key_that_is_held_is_waited_for(call: Linksms, gateway: Recorder, state: str) -> None:
    find_store({"LINKSMS_STATE": state}).outbox().close()
    # Another process holds it; the lock ends with the process, even killed.
    script = (
        "import sys, time; from linksms_cli.adapters.store import find_store\n"
        "from linksms_cli.sms.mt.submission import OnceKey\n"
        "key = OnceKey(sys.argv[2], 1, 'deploy-1')\n"
        "with find_store({'LINKSMS_STATE': sys.argv[1]}).hold(key) as held:\n"
        "    print(held, flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, state, gateway.url], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout
    assert holder.stdout.readline() == "True\n"
    started = time.monotonic()
    done = call(*SEND, "x", "--json", env=account(gateway.url))
    waited = time.monotonic() - started
    holder.kill()
    holder.wait()
    holder.stdout.close()
    after = call(*SEND, "x", "--json", env=account(gateway.url))
    assert (done.code, done.record["outcome"]) == (7, "unknown")
    assert done.record["error"]["kind"] == "once_busy"
    assert 1.9 < waited < 10
    assert after.code == 0
    assert len(gateway.requests) == 1


def test_eight_processes_with_one_key_send_one_message(
    linksms: Linksms, environment: dict[str, str]
) -> None:
    def slowly(connection: socket.socket) -> None:
        time.sleep(0.2)
        connection.sendall(OK)

    with Recorder(slowly) as gateway:
        command = [sys.executable, "-m", "linksms_cli", *SEND, "x", "-q", "--timeout", "20"]
        env = environment | account(gateway.url)
        running = [
            subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) for _ in range(8)
        ]
        ended = [(process.communicate(timeout=60)[0], process.returncode) for process in running]
    assert ended == [("abc123\n", 0)] * 8
    assert len(gateway.requests) == 1
    assert linksms(*SEND, "x", "-q", env=account(gateway.url)).stdout == "abc123\n"


def test_the_store_holds_neither_text_nor_password(
    call: Linksms, gateway: Recorder, state: str
) -> None:
    env = account(gateway.url, password="a-marked-password")
    call(*SEND, "a marked text", env=env)
    call("send", "-t", "+99955501234", "-f", "LINK", "a marked text", env=env)
    held = everything(state)
    assert b"99955501234" in held
    assert b"marked" not in held
    ((payload,),) = query(state, "SELECT payload FROM once_key")
    assert len(payload) == 32


@pytest.mark.parametrize(
    ("mistake", "says"),
    [
        ({"LINKSMS_CA_BUNDLE": "/none/typo.pem"}, "the CA bundle /none/typo.pem cannot be read"),
        ({"HTTPS_PROXY": "socks5://127.0.0.1:1"}, "HTTPS_PROXY"),
    ],
)
def test_a_mistake_in_the_configuration_stores_nothing_and_uses_no_key_up(
    call: Linksms, environment: dict[str, str], mistake: dict[str, str], says: str
) -> None:
    env = account("https://gateway.invalid/x")
    for words in ((), ("--dry-run",)):
        done = call(*SEND, "x", *words, "--json", env=env | mistake)
        assert (done.code, done.stdout) == (3, "")
        assert says in done.stderr
        assert not find_store(environment).exists()
    mended = call(*SEND, "x", "--json", env=env | dict.fromkeys(mistake, ""))
    assert (mended.code, mended.record["outcome"]) == (6, "not_sent")


def report(receiver: Receiver, code: int) -> None:
    body = json.dumps({"id": "abc123", "resultCode": code, "segments": 1}).encode()
    answer = urllib.request.urlopen(receiver.url, body, timeout=10)  # noqa: S310 - on loopback
    assert answer.status == 200
    answer.close()


def test_a_hit_says_what_reports_have_said_since(
    call: Linksms, gateway: Recorder, environment: dict[str, str]
) -> None:
    env = account(gateway.url)
    call(*SEND, "x", env=env)
    with Receiver(find_store(environment)) as receiver:
        report(receiver, 2104)
    hit = call(*SEND, "x", "--json", env=env)
    assert (hit.code, hit.record["outcome"]) == (0, "skipped")
    assert (hit.record["result_code"], hit.record["final"]) == (2104, True)
    assert (hit.record["delivered"], hit.record["retry"]) == ("no", "pointless")
    assert hit.record["error"]["message"].endswith("and is finally not delivered")


@pytest.mark.parametrize(("code", "ends"), [(1001, 0), (2104, 5), (1010, 7), (1000, 8)])
def test_a_hit_joins_the_wait_and_ends_like_it(
    call: Linksms,
    gateway: Recorder,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    ends: int,
) -> None:
    env = account(gateway.url)
    call(*SEND, "x", env=env)
    with Receiver(find_store(environment)) as receiver:

        def reported_then(*given: Any, **options: Any) -> Any:
            """Report once the wait has begun."""
            report(receiver, code)
            return await_delivery(*given, **options)

        monkeypatch.setattr(waiting, "await_delivery", reported_then)
        seconds = "1" if ends == 8 else "30"
        hit = call(*SEND, "x", "--json", "--wait", seconds, env=env)
    assert (hit.code, hit.record["outcome"], hit.record["result_code"]) == (ends, "skipped", code)
    assert hit.record["error"]["kind"] == "once"
    assert len(gateway.requests) == 1


def test_a_store_that_fails_during_the_wait_takes_no_result_away(
    call: Linksms, environment: dict[str, str], state: str
) -> None:
    def spoil() -> None:
        change(state, "ALTER TABLE callback RENAME TO gone")

    def answer(connection: socket.socket) -> None:
        connection.sendall(OK)
        threading.Timer(0.5, spoil).start()

    with Recorder(answer) as slow, Receiver(find_store(environment)):
        done = call(*SEND, "x", "--json", "--wait", "5", env=account(slow.url))
    assert (done.code, done.record["outcome"]) == (8, "pending")
    assert done.record["message_id"] == "abc123"
    assert done.record["error"]["kind"] == "store"

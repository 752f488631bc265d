"""Commands whose store is a PostgreSQL server."""

from linksms_cli.adapters.store import store_at
from tests.adapters.store.test_face import callback, receive
from tests.conftest import Linksms, account
from tests.loopback import Recorder
from tests.ports import refusing
from tests.postgres import PostgresServer
from tests.reporting import report

SEND = ("send", "x", "-t", "+99955501234", "-f", "LINK", "--json")


def test_a_key_holds_and_a_report_is_found_across_machines(
    call: Linksms, gateway: Recorder, postgres: PostgresServer
) -> None:
    address = postgres.database()
    env = account(gateway.url) | {"LINKSMS_STATE": address}
    first = call(*SEND, "--once", "k", env=env)
    message_id = first.record["message_id"]
    receive(store_at(address), callback(report(id=message_id)))
    second = call(*SEND, "--once", "k", env=env)
    assert (first.record["outcome"], second.record["outcome"]) == ("accepted", "skipped")
    assert len(gateway.requests) == 1
    assert call("status", message_id, "--json", env=env).record["outcome"] == "delivered"
    found = call("status", "--to", "+99955501234", "--json", env=env)
    assert [record["message_id"] for record in found.records] == [message_id]


def test_nothing_is_sent_where_the_server_cannot_be_reached(
    call: Linksms, gateway: Recorder
) -> None:
    with refusing() as port:
        address = f"postgresql://u:pa55-marked@127.0.0.1:{port}/d"
        done = call(*SEND, env=account(gateway.url) | {"LINKSMS_STATE": address})
    assert (done.code, gateway.requests) == (3, [])
    assert "cannot be reached" in done.stdout + done.stderr
    assert "pa55-marked" not in done.stdout + done.stderr

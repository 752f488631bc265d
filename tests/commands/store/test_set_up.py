"""README's way to a store in PostgreSQL, taken on a real server."""

import re

from linksms_cli.adapters.store import find_store
from tests.adapters.store.test_face import callback, receive
from tests.conftest import Linksms, account
from tests.loopback import Recorder
from tests.postgres import PostgresServer
from tests.readme import README
from tests.reporting import report
from tests.stored import query

SEND = ("send", "x", "-t", "+99955501234", "-f", "LINK", "--once", "k", "--json")


def test_the_role_that_readme_makes_can_do_all_that_is_needed(
    call: Linksms, gateway: Recorder, postgres: PostgresServer
) -> None:
    shown = re.search(r"^```sql\n(.*?)^```$", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert shown
    for statement in shown[1].strip().splitlines():
        postgres.run(statement)
    address = f"postgresql://linksms@127.0.0.1:{postgres.port}/linksms"
    env = account(gateway.url) | {"LINKSMS_STATE": address, "PGPASSWORD": "a long one"}
    sent = call(*SEND, env=env).record
    receive(find_store(env), callback(report(id=sent["message_id"])))
    assert call(*SEND, env=env).record["outcome"] == "skipped"
    assert call("status", sent["message_id"], "--json", env=env).record["outcome"] == "delivered"
    assert call("store", "info", "--json", env=env).record["messages"] == 1
    assert call("store", "check", env=env).code == 0
    (found,) = query(address, "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = user")
    assert found == (False,)

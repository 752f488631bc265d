"""A session of several orders: what is opened once, and what each order keeps to itself."""

from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from linksms_cli.actions.send.session import Session, open_session
from linksms_cli.actions.send.terms import Observer, Terms, ToAccount
from linksms_cli.adapters.store import store_in
from linksms_cli.errors import StoreError
from linksms_cli.sms.account.profile import Account, Settings
from linksms_cli.sms.mt.message import Draft
from linksms_cli.sms.mt.order import Order
from linksms_cli.sms.text.segments import measure
from tests.loopback import Recorder, http


def order(number: int, text: str = "x", key: str | None = None) -> Order:
    draft = Draft(source="LINK", text=text)
    return Order(recipients=(f"+99955501{number:03}",), draft=draft, figures=measure(text), key=key)


def session(
    gateway: Recorder, folder: Path, warnings: list[str], *, dry_run: bool = False
) -> AbstractContextManager[Session]:
    account = Account(base_url=gateway.url, service_id=1, username="u", password="p")
    return open_session(
        ToAccount(settings=Settings(name=None, account=account), store=store_in(folder)),
        Terms(timeout=5, retries=0, dry_run=dry_run, resend_unknown=False),
        Observer(
            warn=warnings.append,
            detail=lambda _text: None,
            accepted=lambda _result: None,
            progress=lambda _id, _delivery: None,
        ),
    )


def outcomes(opened: Session, *orders: Order) -> list[tuple[str, str | None]]:
    results = [result for one in orders for result in opened.send(one)]
    return [(result.outcome, result.error and result.error.kind) for result in results]


def test_orders_go_out_one_after_the_other_over_one_connection(tmp_path: Path) -> None:
    with Recorder() as gateway:
        with session(gateway, tmp_path, []) as opened:
            made = outcomes(opened, *(order(number) for number in range(20)))
        assert made == [("accepted", None)] * 20
        assert (len(gateway.requests), gateway.connections) == (20, 1)


def test_each_order_has_a_key_of_its_own_and_a_new_store_is_said_once(tmp_path: Path) -> None:
    orders = [order(1, key="a"), order(2, key="b"), order(3), order(1, key="a")]
    warnings: list[str] = []
    with Recorder() as gateway:
        with session(gateway, tmp_path, warnings) as opened:
            made = outcomes(opened, *orders, order(1, text="another", key="b"))
        assert len(gateway.requests) == 3
    assert made == [
        *[("accepted", None)] * 3,
        ("skipped", "once"),
        ("refused", "once_conflict"),
    ]
    assert [text.split(":")[0] for text in warnings] == [
        f"the store was made just now in {tmp_path}"
    ]


def test_a_failure_that_all_share_stops_the_orders_after_it(tmp_path: Path) -> None:
    with Recorder(http(b"1005;Queued;a"), http(b"103;Unauthorized;")) as gateway:
        with session(gateway, tmp_path, []) as opened:
            made = outcomes(opened, *(order(number) for number in range(4)))
        assert len(gateway.requests) == 2
    assert [outcome for outcome, _ in made] == ["accepted", "rejected", "not_sent", "not_sent"]


def test_an_order_that_a_guard_refuses_opens_nothing_and_stops_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with Recorder() as gateway, session(gateway, folder, []) as opened:
        assert outcomes(opened, order(1, text="x" * 5000)) == [("refused", "over_limit")]
        assert (folder.exists(), gateway.connections) == (False, 0)
        assert outcomes(opened, order(2)) == [("accepted", None)]


def test_a_dry_run_makes_no_store(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with Recorder() as gateway, session(gateway, folder, [], dry_run=True) as opened:
        assert outcomes(opened, order(1), order(2, key="k")) == [("planned", None)] * 2
        assert (folder.exists(), gateway.connections) == (False, 0)


def test_a_store_that_cannot_be_opened_sends_nothing(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with Recorder() as gateway:
        with session(gateway, tmp_path / "state", []) as opened, pytest.raises(StoreError):
            outcomes(opened, order(1))
        assert gateway.requests == []

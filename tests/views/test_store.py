"""A store as it is shown: what it holds, what came of a copy, and whom it is shared with."""

from dataclasses import replace

from linksms_cli.sms.holdings import Holdings, StoreCopied, StoreFacts, StoreKind, StoreShared
from linksms_cli.sms.text.ansi import stripped
from linksms_cli.views.store import copied, info, shared

FACTS = StoreFacts(
    kind=StoreKind.SQLITE,
    place="/var/lib/linksms",
    software="SQLite 3.46.0",
    version=17,
    size=1_500_000,
    has_receiver=True,
    group="sms",
    held=Holdings(
        messages=1200,
        reports=2400,
        incoming=1,
        unreadable=2,
        keys=1,
        batches=2,
        unfinished_batches=1,
        forwards_waiting=1000,
        forwards_set_aside=3,
        oldest="2026-08-28T09:00:00.000Z",
        newest="2026-11-26T09:00:00.000Z",
    ),
)


def test_what_a_store_is_and_holds() -> None:
    assert (
        stripped(info.as_text(FACTS))
        == """\
The store in /var/lib/linksms
  messages  1,200
  reports   2,400, 1 incoming message, 2 unreadable
  period    2026-08-28 09:00:00Z to 2026-11-26 09:00:00Z
  keys      1 once-key, 2 batches, 1 of them not finished
  forwards  1,000 waiting, 3 set aside
  receiver  running
  shared    with the group sms
  size      1.5 MB
  version   17, in SQLite 3.46.0"""
    )


def test_a_store_that_holds_little_has_no_line_for_what_it_has_not() -> None:
    plain = replace(FACTS, has_receiver=False, group=None, held=Holdings(messages=1, batches=1))
    assert (
        stripped(info.as_text(plain))
        == """\
The store in /var/lib/linksms
  messages  1
  reports   0
  period    nothing yet
  keys      0 once-keys, 1 batch
  forwards  0 waiting, 0 set aside
  receiver  none is running
  size      1.5 MB
  version   17, in SQLite 3.46.0"""
    )


def test_where_nothing_was_stored_yet() -> None:
    assert (
        info.as_text(replace(FACTS, version=None))
        == """\
\x1b[1mThe store in /var/lib/linksms\x1b[0m
  \x1b[2mholds     \x1b[0mnothing: no command has stored anything yet"""
    )


def test_the_record_of_a_store() -> None:
    assert info.as_record(FACTS) == {
        "kind": "sqlite",
        "place": "/var/lib/linksms",
        "exists": True,
        "software": "SQLite 3.46.0",
        "version": 17,
        "size": 1_500_000,
        "has_receiver": True,
        "group": "sms",
        "messages": 1200,
        "reports": 2400,
        "incoming": 1,
        "unreadable": 2,
        "keys": 1,
        "batches": 2,
        "unfinished_batches": 1,
        "forwards_waiting": 1000,
        "forwards_set_aside": 3,
        "oldest": "2026-08-28T09:00:00.000Z",
        "newest": "2026-11-26T09:00:00.000Z",
    }
    assert info.as_record(replace(FACTS, version=None))["exists"] is False


COPIED = StoreCopied(origin="/home/me/.local", facts=FACTS, rows=7000, seconds=12.34)


def test_what_came_of_a_copy() -> None:
    assert copied.as_text(COPIED) == (
        "Copied 1,200 messages, 2,400 reports and 1 once-key to the store in /var/lib/linksms in "
        "12.3 s."
    )
    assert copied.advice(COPIED) == (
        "From now on set LINKSMS_STATE to the copy, for every command and service: the store in "
        "/home/me/.local is as it was, and neither learns what the other sends."
    )
    assert copied.as_record(COPIED) == {
        "from": "/home/me/.local",
        "to": "/var/lib/linksms",
        "messages": 1200,
        "reports": 2400,
        "keys": 1,
        "batches": 2,
        "rows": 7000,
        "seconds": 12.3,
    }


def test_whom_a_store_is_shared_with() -> None:
    ours = StoreShared(place="/srv/\nsms", group="a\nb", closed=("/srv", "/x\ny"))
    assert shared.as_text(ours) == "The store in /srv/\\x0asms is shared with the group a\\x0ab."
    assert shared.advice(ours) == (
        "Each member sets LINKSMS_STATE=/srv/\\x0asms; who was just added to the group logs in "
        "again first."
    )
    assert shared.warning(ours) == (
        "the group cannot get to it through /srv, /x\\x0ay: let it in there (chmod o+x), or keep "
        "the store elsewhere, like in /var/lib/linksms (LINKSMS_STATE)"
    )
    assert shared.warning(replace(ours, closed=())) is None
    assert shared.as_record(ours) == {
        "place": "/srv/\nsms",
        "group": "a\nb",
        "closed": ["/srv", "/x\ny"],
    }


def test_a_store_that_is_shared_no_more() -> None:
    mine = StoreShared(place="/srv/\nsms", group=None, closed=())
    assert shared.as_text(mine) == "The store in /srv/\\x0asms belongs to its owner alone again."
    assert shared.advice(mine) == (
        "A process that has it open keeps it until it ends: start receivers again."
    )

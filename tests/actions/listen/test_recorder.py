"""Callbacks that wait for a commit share the next one, as far as that takes no long time."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from linksms_cli.actions.listen.recorder import Recorder
from linksms_cli.adapters.store import Inbox, store_in
from linksms_cli.sms.dlr.reading import read_callback
from linksms_cli.sms.dlr.receiving import Callback, StoredCallback
from tests.reporting import report


class WatchedInbox:
    """An inbox that remembers how much it was given at a time."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self.batches: list[int] = []

    async def store(self, batch: Sequence[Callback]) -> list[Sequence[StoredCallback]]:
        self.batches.append(len(batch))
        return await self._inbox.store(batch)

    def close(self) -> None:
        self._inbox.close()


def callback(reports: int) -> Callback:
    body = b"\n".join(report(id=f"m{number}") for number in range(reports))
    return Callback(
        received_at="2026-07-01T10:00:00.000Z",
        remote="192.0.2.1",
        method="POST",
        query="",
        headers=(),
        body=body,
        contents=read_callback(body=body, query="", content_type=None),
    )


def test_a_commit_is_shared_by_no_more_reports_than_the_loop_can_wait_for(tmp_path: Path) -> None:
    async def record() -> tuple[list[int], list[StoredCallback]]:
        inbox = WatchedInbox(store_in(tmp_path).inbox())
        told: list[StoredCallback] = []
        recorder = Recorder(inbox, tell=told.extend, trouble=lambda _: None)
        stored = [asyncio.get_running_loop().create_future() for _ in range(606)]
        for future, reports in zip(stored, [300, 200, 12, 1, 600, 600, *[1] * 600], strict=True):
            recorder.take(callback(reports), future.set_result)
        assert all(await asyncio.gather(*stored))
        inbox.close()
        return inbox.batches, told

    batches, told = asyncio.run(record())
    assert batches == [3, 1, 1, 1, 512, 88]
    assert [event.number for event in told] == list(range(1, 2314))

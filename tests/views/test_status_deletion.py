"""What `status --forget-before` says of what it deletes."""

import pytest

from linksms_cli.sms.story import Forgotten
from linksms_cli.views.status import deletion

OLD = Forgotten(before="2026-08-28T09:00:00.000Z", messages=1, reports=1200, erased=True)


def test_it_asks_before_it_deletes() -> None:
    assert deletion.question(OLD) == (
        "Delete 1 message and 1,200 reports from before 2026-08-28 09:00:00Z?"
    )


@pytest.mark.parametrize(
    ("dry_run", "said"),
    [
        (False, "deleted 1 message and 1,200 reports from before 2026-08-28 09:00:00Z"),
        (True, "would delete 1 message and 1,200 reports from before 2026-08-28 09:00:00Z"),
    ],
)
def test_it_says_what_it_deleted_or_would(dry_run: bool, said: str) -> None:
    assert deletion.as_text(OLD, dry_run=dry_run) == said
    assert deletion.as_record(OLD, dry_run=dry_run) == {
        "before": "2026-08-28T09:00:00.000Z",
        "messages": 1,
        "reports": 1200,
        "erased": True,
        "dry_run": dry_run,
    }

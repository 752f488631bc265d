from datetime import UTC, datetime, timedelta

import pytest

from linksms_cli.sms.dlr.reading import Unreadable
from linksms_cli.sms.dlr.receiving import Callback, told
from linksms_cli.sms.forward.due import Attempted, Backlog, Due, Settled, State, settled
from linksms_cli.sms.timestamp import rfc3339

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
DAY = timedelta(days=1)
CAME = Callback(
    "2026-11-27T11:00:00.000Z", "127.0.0.1", "POST", "", (), b"x", (Unreadable(fault="no"),)
)


def due(attempts: int = 0, failed_since: str | None = None) -> Due:
    return Due(1, "dlr_1", attempts, failed_since, CAME, told(CAME, CAME.contents[0], 1))


def judged(status: int | None, failure: str | None = None, **what: object) -> Settled:
    attempts, since = what.get("attempts", 0), what.get("failed_since")
    assert isinstance(attempts, int)
    assert since is None or isinstance(since, str)
    return settled(
        due(attempts, since), Attempted(status, failure), now=NOW, patience=DAY, chance=0.0
    )


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_only_a_2xx_is_a_success(status: int) -> None:
    assert judged(status) == Settled(1, State.FORWARDED, rfc3339(NOW), status=status)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 413, 422, 451])
def test_a_final_4xx_is_set_aside_at_once(status: int) -> None:
    assert judged(status) == Settled(1, State.SET_ASIDE, rfc3339(NOW), status=status)


@pytest.mark.parametrize("status", [300, 301, 302, 307, 408, 425, 429, 500, 502, 503, 599])
def test_the_rest_is_tried_again(status: int) -> None:
    soon = rfc3339(NOW + timedelta(seconds=1))
    assert judged(status) == Settled(1, State.WAITING, rfc3339(NOW), status=status, due_at=soon)
    assert judged(status).is_failure


def test_what_is_over_is_no_failure_that_another_attempt_may_mend() -> None:
    assert not judged(200).is_failure
    assert not judged(404).is_failure
    assert not judged(None).is_failure


def test_a_failure_says_why() -> None:
    assert judged(None, "refused").failure == "refused"
    assert judged(None, "refused", failed_since=rfc3339(NOW - DAY)).failure == "refused"


def test_pauses_grow_to_five_minutes() -> None:
    pauses = []
    for attempts in range(12):
        at = judged(None, "connection refused", attempts=attempts).due_at
        assert at
        pauses.append((datetime.fromisoformat(at) - NOW).total_seconds())
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_chance_only_makes_a_pause_shorter() -> None:
    one = settled(due(9), Attempted(500, None), now=NOW, patience=DAY, chance=1.0)
    assert one.due_at == rfc3339(NOW + timedelta(seconds=225))


def test_it_is_set_aside_when_it_has_failed_for_too_long() -> None:
    just = rfc3339(NOW - DAY + timedelta(seconds=1))
    assert judged(500, attempts=99, failed_since=just).state is State.WAITING
    over = judged(500, attempts=99, failed_since=rfc3339(NOW - DAY))
    assert over.state is State.SET_ASIDE
    assert over.due_at is None


def test_an_attempt_that_we_cut_off_counts_for_nothing() -> None:
    one = judged(None)
    assert one == Settled(1, State.WAITING, rfc3339(NOW), tried=False, due_at=rfc3339(NOW))


@pytest.mark.parametrize(
    ("asked", "waits"), [(None, 1), (0.0, 1), (90.0, 90), (3600.0, 3600), (86400.0, 3600)]
)
def test_a_target_says_when_to_come_again_within_an_hour(asked: float | None, waits: int) -> None:
    attempted = Attempted(503, None, retry_after=asked)
    one = settled(due(0), attempted, now=NOW, patience=DAY, chance=0.0)
    assert one.due_at == rfc3339(NOW + timedelta(seconds=waits))


@pytest.mark.parametrize(
    ("status", "asked", "wish"),
    [
        (503, 90.0, 90.0),
        (503, None, 0.0),
        (None, 90.0, 90.0),
        (300, 90.0, 90.0),
        (299, 90.0, 0.0),
        (200, 90.0, 0.0),
    ],
)
def test_a_target_that_took_a_report_is_not_left_alone(
    status: int | None, asked: float | None, wish: float
) -> None:
    assert Attempted(status, None, retry_after=asked).wish == wish


@pytest.mark.parametrize(
    ("oldest_at", "age"),
    [("2026-11-27T11:59:58.500Z", 1.5), ("2026-11-27T12:00:01.000Z", 0.0), (None, 0.0)],
)
def test_a_backlog_is_as_old_as_its_oldest(oldest_at: str | None, age: float) -> None:
    assert Backlog("t", 1, oldest_at, 0).age(NOW) == age

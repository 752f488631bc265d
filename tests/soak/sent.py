"""Rules about messages: what the gateway took, what is stored of it, and what a batch tells."""

from collections import Counter
from collections.abc import Iterator

from tests.soak.books import ACCEPTED, CONCURRENCY, Books, Submission, Submitted, grouped

_COUNTED = ("accepted", "rejected", "not_sent", "unknown", "skipped", "refused")
# The exit code of a batch that was finished before.
_FINISHED = 10


def taken_once(books: Books) -> Iterator[str]:
    """Nobody got two messages: neither by what was passed on, nor by what the gateway says."""
    perhaps = Counter[str]()
    for one in books.submitted:
        if one.code in {None, ACCEPTED}:
            perhaps[one.to] += one.passed_on
    yield from (f"{to} was perhaps sent {n} times" for to, n in perhaps.items() if n > 1)
    messages = [message for life in books.taken for message in life]
    taken = Counter(message["to"] for message in messages if message["message_id"])
    yield from (f"the gateway took {n} for {to}" for to, n in taken.items() if n > 1)
    came = {one.to for one in books.submitted if one.passed_on}
    yield from (f"the gateway was never sent {to}" for to in taken if to not in came)


def gateway_books(books: Books) -> Iterator[str]:
    """The gateway has printed what it accepted: all of it, up to where it was killed."""
    answered = grouped((one.life, one) for one in books.submitted if one.code == ACCEPTED)
    for life, messages in enumerate(books.taken):
        serials = [message["serial"] for message in messages]
        if missing_serials := set(range(1, max(serials, default=0))) - set(serials):
            yield f"life {life} of the gateway has not printed {sorted(missing_serials)}"
        printed = {message["message_id"] for message in messages}
        missing = [one for one in answered.get(life, []) if one.message_id not in printed]
        if missing and life == len(books.taken) - 1:
            yield f"the gateway accepted and did not print {[one.to for one in missing]}"


def stored_outcomes(books: Books) -> Iterator[str]:
    """*Accepted* is stored of what was accepted, *unknown* only of what nobody can know."""
    asked = grouped((one.to, one) for one in books.submitted)
    stored = grouped((one.to, one) for one in books.submissions)
    out = frozenset[str]().union(*books.out)
    everybody = [to for rows in books.rows for to in rows]
    yield from (f"{to} is stored and stands in no file" for to in set(stored) - set(everybody))
    for to in everybody:
        found = _wrong(stored.get(to, []), asked.get(to, []), was_out=to in out)
        if found:
            yield f"{to}: {found}; {stored.get(to)}; {asked.get(to)}"
    # Their requests were on the way when the gateway was killed, and nobody has read them.
    unread = set(stored) - set(asked) - out
    if len(unread) > CONCURRENCY * (len(books.taken) - 1):
        yield f"nobody saw a request for {sorted(unread)}"


def _wrong(stored: list[Submission], asked: list[Submitted], *, was_out: bool) -> str | None:
    """Return what is wrong with the outcome of a message that was asked for in this way."""
    if not stored:
        return "nothing is stored of it"
    last = asked[-1] if asked else None
    outcomes = [one.outcome for one in stored]
    if any(outcome != "not_sent" for outcome in outcomes[:-1]):
        return "it was sent again after an outcome"
    outcome = outcomes[-1]
    if outcome == "accepted":
        sure = last and (last.code, last.message_id) == (ACCEPTED, stored[-1].message_id)
        return None if sure else "it was not accepted"
    if outcome == "rejected":
        sure = last and last.code == stored[-1].code not in {None, ACCEPTED}
        return None if sure else "it was not rejected"
    if outcome in {None, "unknown"}:
        return "it was answered" if last and last.is_clear and not was_out else None
    return "its batch has ended without it"


def unknown_after_kills(books: Books) -> Iterator[str]:
    """A kill leaves no more unknown than requests may be out at once."""
    for number, out in enumerate(books.out):
        if len(out) > CONCURRENCY:
            yield f"{len(out)} were out at kill {number} of the batch: {sorted(out)}"


def sums_of_runs(books: Books) -> Iterator[str]:
    """The sum of a run is that of its rows; a run that was not killed has one."""
    for run in books.runs:
        outcomes = Counter(row["outcome"] for row in run.rows)
        if run.summary:
            sums = {name: run.summary[name] for name in _COUNTED}
            rows = len(books.rows[run.batch])
            if sums != {name: outcomes[name] for name in _COUNTED} or outcomes.total() != rows:
                yield f"batch {run.batch}: the sum is {sums}, of {rows} rows: {outcomes}"
            if outcomes["unknown"] and run.code != 7 and not run.is_killed:
                yield f"batch {run.batch}: {outcomes['unknown']} unknown, and it ended {run.code}"
        elif not run.is_killed and run.code != _FINISHED:
            yield f"batch {run.batch} ended {run.code} without a summary"


def told_rows(books: Books) -> Iterator[str]:
    """What a batch tells as accepted is stored so, and told once; a kill leaves little untold."""
    stored = {one.to: one for one in books.submissions}
    for batch, runs in grouped((run.batch, run) for run in books.runs).items():
        rows = [row for run in runs for row in run.rows if row["outcome"] == "accepted"]
        for row in rows:
            one = stored.get(row["to"])
            if one is None or (one.outcome, one.message_id) != ("accepted", row["message_id"]):
                yield f"{row['to']} was told as {row['message_id']}, and is stored as {one}"
        told = Counter(row["to"] for row in rows)
        yield from (f"{to} was told as accepted {n} times" for to, n in told.items() if n > 1)
        accepted = {to for to in books.rows[batch] if to in stored and stored[to].message_id}
        untold = accepted - set(told)
        if len(untold) > CONCURRENCY * sum(run.is_killed for run in runs):
            yield f"batch {batch}: accepted and never told: {sorted(untold)}"
        last = runs[-1]
        if not (last.code == _FINISHED or (last.summary and last.summary["finished"])):
            yield f"batch {batch} was not finished"

"""Fires the rounds at a receiver, one after the other, and has each graded."""

import http.client
import secrets
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from linksms_cli.adapters.http.failures import in_words
from linksms_cli.adapters.sandbox.firing.kinds import MESSAGES, WayOfSending
from linksms_cli.adapters.sandbox.firing.rounds import Round, Shot, rounds
from linksms_cli.adapters.sandbox.firing.ways import AT_ONCE, EVERY
from linksms_cli.adapters.sandbox.firing.wire import Aim, Line
from linksms_cli.errors import UsageError
from linksms_cli.sms.sandbox.firing import (
    LONGEST,
    FiredAnswer,
    FiringEvent,
    FiringOrder,
    FiringSummary,
    Graded,
    TargetUnreachable,
)
from linksms_cli.sms.sandbox.grading import judge, not_tried

# After so many rounds in a row without any answer the rest is not tried: each would take as long.
_ENOUGH_SILENCE = 3
_LATE = f"no answer within {LONGEST:g} s"


def fire(
    order: FiringOrder,
    tls_context: Callable[[], ssl.SSLContext],
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[FiringEvent]:
    """Yield how the receiver did in each case, then the summary; or that it cannot be reached.

    Raises UsageError if a case is to be skipped that does not exist.
    """
    names = [kind.name for kind in EVERY]
    for name in order.skipped:
        if name not in names:
            hint = f"There are: {', '.join(names)}."
            raise UsageError(f"there is no case {name!r} to skip", hint)
    aim = Aim.at(order.url, order.headers, tls_context)
    try:
        Line(aim).close()
    except (OSError, UnicodeError) as failure:
        yield TargetUnreachable(reason=in_words(failure))
        return
    graded: list[Graded] = []
    plain: dict[str, Graded] = {}
    silent = 0
    run = secrets.token_hex(3)
    for each in rounds(order, run=run, now=clock(), guarded=bool(aim.proof)):
        if silent >= _ENOUGH_SILENCE:
            found = not_tried(each.case)
        else:
            answers = _fired(each, aim)
            known = plain.get(each.case.format)
            found = judge(each.case, answers, expected=order.expected_body, plain=known)
            if each.case.name == MESSAGES[0].name:
                plain[each.case.format] = found
            silent = silent + 1 if all(answer.status is None for answer in answers) else 0
        graded.append(found)
        yield found
    yield FiringSummary.of(graded)


def _fired(each: Round, aim: Aim) -> list[FiredAnswer]:
    shots = each.shots
    match each.sending:
        case WayOfSending.KEEP_ALIVE:
            return _on_one_connection(aim, shots)
        case WayOfSending.TOGETHER:
            return _together(aim, shots)
        case WayOfSending.BESIDE_A_SLOW_ONE:
            return _beside_a_slow_one(aim, shots[0])
        case WayOfSending.UNPROVEN:
            aim = replace(aim, proof=())
    send = _WAYS.get(each.sending, Line.fire)
    return [_tried(aim, partial(_with_shot, send, shot)) for shot in shots]


def _with_shot(send: Callable[[Line, Shot], FiredAnswer], shot: Shot, line: Line) -> FiredAnswer:
    return send(line, shot)


def _fired_as_old(line: Line, shot: Shot) -> FiredAnswer:
    return line.fire(shot, version="HTTP/1.0")


_WAYS: dict[WayOfSending, Callable[[Line, Shot], FiredAnswer]] = {
    WayOfSending.SLOWLY: Line.fire_slowly,
    WayOfSending.ASKING_FIRST: Line.ask_and_fire,
    WayOfSending.CHUNKED: Line.fire_chunked,
    WayOfSending.OLD: _fired_as_old,
}


def _tried(aim: Aim, send: Callable[[Line], FiredAnswer]) -> FiredAnswer:
    try:
        with Line(aim) as line:
            return send(line)
    except (OSError, http.client.HTTPException) as failure:
        return _failed(failure)


def _on_one_connection(aim: Aim, shots: tuple[Shot, ...]) -> list[FiredAnswer]:
    """Send one after the other, on a new connection if the receiver has closed the old one."""
    answers: list[FiredAnswer] = []
    line: Line | None = None
    try:
        for shot in shots:
            line = line or Line(aim)
            answer = line.fire(shot)
            answers.append(answer)
            if line.is_ended:
                line.close()
                line = None
    except (OSError, http.client.HTTPException) as failure:
        answers.append(_failed(failure))
    finally:
        if line is not None:
            line.close()
    return answers


def _together(aim: Aim, shots: tuple[Shot, ...]) -> list[FiredAnswer]:
    start = threading.Barrier(len(shots))

    def send(shot: Shot) -> FiredAnswer:
        start.wait()
        return _tried(aim, lambda line: line.fire(shot))

    with ThreadPoolExecutor(AT_ONCE) as together:
        return list(together.map(send, shots))


def _beside_a_slow_one(aim: Aim, shot: Shot) -> list[FiredAnswer]:
    try:
        with Line(aim) as slow:
            slow.begin(shot)
            return [_tried(aim, lambda line: line.fire(shot))]
    except OSError as failure:
        return [_failed(failure)]


def _failed(failure: Exception) -> FiredAnswer:
    late = isinstance(failure, TimeoutError)
    seconds = LONGEST if late else 0.0
    return FiredAnswer(status=None, seconds=seconds, failure=_LATE if late else in_words(failure))

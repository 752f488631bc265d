"""How a receiver is graded: what was wrong, what LINK would do then, and what to change."""

from collections.abc import Sequence

from linksms_cli.sms.sandbox.firing import SWIFT, Case, FiredAnswer, Grade, Graded

_LOST = (
    "LINK takes the report as not received. The guide does not say whether it is sent again: it "
    "may be lost."
)
_LATE = "The guide names no time limit; LINK may give up earlier, and the report may be lost."
_NOT_FOLLOWED = f"{_LOST} Nothing says that LINK follows redirects."
_OPEN = "LINK notices nothing, but anybody who finds the URL can report what they like."


def judge(
    case: Case, answers: Sequence[FiredAnswer], *, expected: bytes | None, plain: Graded | None
) -> Graded:
    """Grade what a receiver answered in one case.

    `expected` is the body that it is to answer, None for any. `plain` is how it did with a plain
    report in this format: if it fails in the same way, what is special here is not what is wrong.
    """
    slowest = max(answer.seconds for answer in answers)
    worst = next((each for each in answers if not _is_right(each, expected)), answers[-1])
    graded = Graded(case=case, grade=Grade.PASSED, status=worst.status, seconds=slowest)
    if case.to_be_refused:
        if _is_right(worst, expected):
            return _with(graded, Grade.DOUBTFUL, "it is admitted", _OPEN, case.mend)
        return graded
    if _is_right(worst, expected):
        if slowest > SWIFT:
            mend = "Store the report and answer; do the rest of the work afterwards."
            return _with(graded, Grade.DOUBTFUL, f"it took {slowest:.1f} s", _LATE, mend)
        return graded
    reason, after, mend = _fault(case, worst, expected, plain)
    if len(answers) > 1:
        reason += f" (report {answers.index(worst) + 1})"
    return _with(graded, Grade.FAILED, reason, after, mend)


def _fault(
    case: Case, answer: FiredAnswer, expected: bytes | None, plain: Graded | None
) -> tuple[str, str, str]:
    """Return what is wrong with an answer, what LINK would do then, and what to change."""
    if answer.status == 200:
        reason = f"the body is {_excerpt(answer.body)} instead of {_excerpt(expected or b'')}"
        return reason, _LOST, "Answer exactly the body that LINK Support has set for your gate."
    mend = case.mend
    if plain is None or (plain.grade is Grade.FAILED and plain.status == answer.status):
        mend = _MENDING.get(answer.status, mend)
    if answer.status is None:
        return answer.failure or "no answer", _LOST, mend
    after = _NOT_FOLLOWED if 300 <= answer.status < 400 else _LOST
    return f"HTTP {answer.status} instead of 200", after, mend


def not_tried(case: Case) -> Graded:
    """Return the grade of a case for which the receiver no longer answered."""
    return Graded(
        case=case,
        grade=Grade.NOT_TRIED,
        status=None,
        seconds=0.0,
        reason="the receiver had stopped answering",
        next=_LOST,
        mend="Mend what failed before, and fire again.",
    )


# What to do about a status, or about none, that has nothing to do with what is special in a report.
_REDIRECTED = "Give LINK the URL that it redirects to, or take the redirect away."
_MENDING: dict[int | None, str] = {
    None: "Look into the receiver's log: it gives no answer even to a plain report.",
    **dict.fromkeys((201, 202, 204), "Answer 200: the guide takes no other status for a receipt."),
    **dict.fromkeys((301, 302, 303, 307, 308), _REDIRECTED),
    401: "Give the credentials that LINK sends, with --header.",
    403: "Give the header that LINK sends with --header, or admit this machine's address.",
    404: "Check the path of the URL.",
    405: "Take this method: JSON, XML and form reports come by POST, query reports by GET.",
    415: "Take this Content-Type, or fire only the format that LINK sends you, with --format.",
    429: "Do not limit LINK's rate: reports come as fast as messages are sent.",
}


def _is_right(answer: FiredAnswer, expected: bytes | None) -> bool:
    return answer.status == 200 and expected in (None, answer.body)


def _with(graded: Graded, grade: Grade, reason: str, after: str, mend: str) -> Graded:
    return Graded(
        case=graded.case,
        grade=grade,
        status=graded.status,
        seconds=graded.seconds,
        reason=reason,
        next=after,
        mend=mend,
    )


def _excerpt(body: bytes) -> str:
    text = body[:40].decode("utf-8", "replace")
    return repr(text + "…" if len(body) > 40 else text)

"""The look-up of known vulnerabilities fails for one, and says when it has looked up nothing."""

import json

import pytest

import audit

FAULT = {"id": "PYSEC-1", "fix_versions": ["2.0"], "aliases": [], "description": ""}


def answer(*dependencies: dict[str, object]) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


@pytest.mark.parametrize(
    ("stdout", "code", "said"),
    [
        (
            answer({"name": "a", "version": "1.0", "vulns": [FAULT]}),
            1,
            "a 1.0: PYSEC-1, fixed in 2.0",
        ),
        (
            answer({"name": "a", "version": "1.0", "vulns": []}, {"name": "b", "skip_reason": ""}),
            0,
            "no known vulnerability in 1 packages; 1 not looked up",
        ),
        (
            answer({"name": "b", "skip_reason": "not found"}),
            0,
            "audit skipped: no database of vulnerabilities knows any of 1 packages",
        ),
        ("", 0, "audit skipped: no database of vulnerabilities answers (no name)"),
    ],
)
def test_an_answer_is_judged(stdout: str, code: int, said: str) -> None:
    assert audit.judged(stdout, "Traceback\nno name") == (code, said)

"""What stands on the command line or in the environment, with all that a terminal obeys in it.

A script may have it from a stranger: a file's name from an upload, a host from a form.
"""

from pathlib import Path

import pytest

from linksms_cli.sms.mt.result import Problem
from linksms_cli.sms.outcome import Outcome
from linksms_cli.views.batch import Alike, row_text
from linksms_cli.views.send import as_text
from tests.conftest import Linksms, account
from tests.results import accepted

# A title, text that is hidden, a link, an 8-bit control, lines of its own, and turns of direction.
HOSTILE = "\x1b]0;x\x07\x1b[8m\x1b]8;;http:x\x1b\\\x9b1m\nforged: 1\rforged: 2\u2028\u202e\u2066"
SEND = ("send", "-t", "+99955501234", "-f", "LINK", "x")
TO_NOBODY = "http://127.0.0.1:9/"


@pytest.mark.parametrize(
    ("words", "env"),
    [
        (("send", "--batch", HOSTILE, "-f", "LINK", "x"), {}),
        (("send", "-t", HOSTILE, "-f", "LINK", "x"), {}),
        (("segments", "-F", HOSTILE), {}),
        (("store", "share", HOSTILE), {}),
        (("listen", "--port", "0", "--host", HOSTILE), {}),
        (("listen", "--port", "0", "--tls-cert", HOSTILE, "--tls-key", HOSTILE), {}),
        (("listen", "--port", "0", "--forward-to", TO_NOBODY, "-H", f"X: @{HOSTILE}"), {}),
        (("listen", "--port", "0", "--timeout", "0.01", "--reply-body", HOSTILE), {}),
        (("status", "--to", HOSTILE), {}),
        (("status",), {"LINKSMS_STATE": f"service={HOSTILE}"}),
        (("config", "show", HOSTILE), {}),
        ((*SEND, "-p", HOSTILE), {}),
        ((HOSTILE,), {}),
        ((*SEND, f"--{HOSTILE}"), {}),
        (SEND, {"LINKSMS_SOURCE": HOSTILE, "LINKSMS_ALLOWED_DESTINATIONS": HOSTILE}),
        (SEND, {"LINKSMS_BASE_URL": f"http://{HOSTILE}/"}),
        (SEND, {"LINKSMS_CA_BUNDLE": HOSTILE, "LINKSMS_BASE_URL": "https://127.0.0.1:9/"}),
        (SEND, {"LINKSMS_PASSWORD": "", "LINKSMS_PASSWORD_FILE": HOSTILE}),
        (SEND, {"HTTP_PROXY": HOSTILE, "LINKSMS_BASE_URL": "http://gateway.example/"}),
    ],
    ids=lambda value: "" if isinstance(value, dict) else " ".join(value)[:30],
)
def test_nothing_that_was_given_is_obeyed_or_has_a_line_of_its_own(
    call: Linksms, words: tuple[str, ...], env: dict[str, str]
) -> None:
    done = call(*words, env=account(TO_NOBODY, FORCE_COLOR="1") | env)
    said = f"{done.stdout}{done.stderr}"
    assert not any(line.startswith("forged") for line in said.splitlines())
    assert "\x1b[8m" not in said


def test_files_may_have_such_names(call: Linksms, tmp_path: Path) -> None:
    file = tmp_path / HOSTILE.replace("/", "-")
    state = file.with_name(f"state{file.name}")
    file.write_text('to,text\n+99955501234,"a\n')
    for words in (("--rejected", str(file)), (), ("--dry-run",)):
        env = account(TO_NOBODY, FORCE_COLOR="1", LINKSMS_STATE=str(state))
        done = call("send", "--batch", str(file), "-f", "LINK", *words, env=env)
        said = f"{done.stdout}{done.stderr}"
        assert not any(line.startswith("forged") for line in said.splitlines())
        assert "\x1b[8m" not in said
        file.write_text(f'to,text\n+99955501234,a\n1,b\n"{HOSTILE}",c\n')


def test_what_a_result_quotes_is_not_obeyed() -> None:
    result = accepted(HOSTILE, "id")
    why = Problem(kind="store", message=f"the store {HOSTILE} failed", hint=f"Mend {HOSTILE}")
    failed = result._replace(outcome=Outcome.NOT_SENT, message_id=None, error=why)
    alike = Alike()
    alike.add(1, failed)
    for said in (as_text(failed), row_text(1, failed), *alike.lines()):
        assert "\x1b[8m" not in said
        assert not any(line.strip().startswith("forged") for line in said.split("\n"))

"""A finding of `config check` as it is shown."""

import pytest

from linksms_cli.sms.check import findings
from linksms_cli.sms.check.findings import Finding, Mark
from linksms_cli.views import finding as view


@pytest.mark.parametrize(
    ("mark", "line"),
    [
        (Mark.OK, "\x1b[32m✓\x1b[0m Base URL      as LINK gave it"),
        (Mark.NOTE, "\x1b[2m-\x1b[0m Base URL      as LINK gave it"),
        (Mark.WARNING, "\x1b[33m!\x1b[0m Base URL      as LINK gave it"),
        (Mark.FAILED, "\x1b[31m✗\x1b[0m Base URL      as LINK gave it"),
    ],
)
def test_a_mark_says_how_it_is(mark: Mark, line: str) -> None:
    assert view.as_text(Finding(check="Base URL", mark=mark, seen="as LINK gave it"), 80) == line


def test_advice_stands_below_and_breaks_no_name() -> None:
    found = findings.note("Proxy", "none", "Set the proxy, or take linksms-gateway.example out.")
    assert view.as_text(found, 50) == (
        "\x1b[2m-\x1b[0m Proxy         none\n"
        "                Set the proxy, or take\n"
        "                linksms-gateway.example out."
    )


def test_a_program_gets_the_name_of_the_check_as_a_word() -> None:
    found = findings.note("Base URL", "legacy", "Use the new one.")
    assert view.as_record(found) == {
        "check": "base_url",
        "status": "note",
        "finding": "legacy",
        "advice": "Use the new one.",
    }

"""The exit codes as a person reads them."""

import pytest

from linksms_cli.errors import ExitCode
from linksms_cli.sms.text.ansi import stripped
from linksms_cli.views.exit_codes import as_table


def test_a_line_for_each_with_the_meaning_in_its_column() -> None:
    lines = stripped(as_table()).splitlines()
    assert lines[:6] == [
        "code  resend?            meaning",
        "   0  no                 Done: accepted by the gateway. With --wait, and for",
        "                         status: delivered.",
        "   1  check the message  Failed for another reason. For code and status: not",
        "                         found. For a command that only prints: its output could",
        "                         not be written.",
    ]
    assert lines[-1] == " 143  check the message  Ended by SIGTERM; otherwise as 130."
    codes = [int(line[:4]) for line in lines[1:] if line[:4].strip()]
    assert codes == sorted(ExitCode)


@pytest.mark.parametrize("width", [60, 80, 100])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    widest = max(map(len, stripped(as_table(width)).splitlines()))
    assert width - 12 <= widest <= width

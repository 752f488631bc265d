"""What one attempt says, whatever it means for a message."""

import pytest

from linksms_cli.sms.mt.answer import Answer
from linksms_cli.sms.mt.exchange import Exchange


@pytest.mark.parametrize(
    ("status", "code", "throttled"),
    [
        (200, 3, True),
        (200, 1005, False),
        (429, None, True),
        (429, 1005, False),  # its answer says more than the status around it
        (430, None, False),
        (None, None, False),
    ],
)
def test_the_gateway_asks_for_fewer_messages(
    status: int | None, code: int | None, throttled: bool
) -> None:
    answer = None if code is None else Answer(code=code, description="", message_id=None)
    one = Exchange(sent=True, elapsed=0.0, status=status, answer=answer)
    assert one.is_throttled is throttled

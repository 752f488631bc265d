"""What has arrived of one response: its status, its body so far, and the answer if complete."""

from typing import TYPE_CHECKING

from linksms_cli.adapters.gateway.body import Body
from linksms_cli.adapters.http import retry_after
from linksms_cli.sms.mt import answer as answers
from linksms_cli.sms.mt.echo import BLACKED, black_out

if TYPE_CHECKING:
    from linksms_cli.adapters.gateway.responses import FinalResponse


class Arrival:
    """What has arrived of a response whose header section is complete.

    `is_whole` is whether its body has proved to be complete.
    """

    def __init__(self, response: "FinalResponse") -> None:
        self.status = response.status
        self.retry_after = retry_after.seconds(response.head.get("retry-after"))
        self.answer: answers.Answer | None = None
        self._response = response
        self._body = Body(response.head.get("content-encoding"))
        self.is_whole = False

    def receive(self, *, password: str) -> None:
        """Receive the body, and read the answer in it, with every echo of the password removed.

        Raises what Body.receive does.
        """
        text = self._body.receive(self._response).decode("utf-8", "replace")
        is_whole = self._response.is_whole(self._body.received)
        self.answer = _answer(text, whole=is_whole, password=password)
        # Only now: whoever looks from another thread in between must not take it for no answer.
        self.is_whole = is_whole

    @property
    def may_have_answered(self) -> bool:
        """Whether an answer may have been cut off: what arrived could be the start of one."""
        if self.answer or self.is_whole:
            return False
        return self._response.head.lacks_headers or answers.may_begin(self._body.beginning())


def _answer(text: str, *, whole: bool, password: str) -> answers.Answer | None:
    """Return the answer in a body's text, with every echo of the password removed."""
    code, separator, rest = text.partition(";")
    found = answers.parse(f"{code}{separator}{black_out(password, rest)}", whole=whole)
    if found and BLACKED in f"{found.message_id}{found.doubtful_id}":
        return found._replace(message_id=None, doubtful_id=None)
    return found

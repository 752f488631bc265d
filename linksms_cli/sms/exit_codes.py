"""What each exit code means, and whether the message may be sent again."""

from collections.abc import Mapping
from typing import NamedTuple

from linksms_cli.errors import ExitCode


class ExitMeaning(NamedTuple):
    """What an exit code says: `meaning` in whole sentences, `again` in a few words."""

    meaning: str
    again: str


MEANINGS: Mapping[ExitCode, ExitMeaning] = {
    ExitCode.DONE: ExitMeaning(
        "Done: accepted by the gateway. With --wait, and for status: delivered.", "no"
    ),
    ExitCode.FAILED: ExitMeaning(
        "Failed for another reason. For code and status: not found. For a command that only "
        "prints: its output could not be written.",
        "check the message",
    ),
    ExitCode.USAGE: ExitMeaning(
        "Wrong usage: an option, an argument or the input is invalid. Nothing was done.",
        "after fixing it",
    ),
    ExitCode.CONFIGURATION: ExitMeaning(
        "The configuration, the credentials or the store are missing or unusable; an address "
        "cannot be listened on; or a redirect, 404, 407 or 511 came instead of a gateway's answer.",
        "after fixing it",
    ),
    ExitCode.CREDENTIALS: ExitMeaning("The gateway refused the credentials.", "after fixing them"),
    ExitCode.REJECTED: ExitMeaning(
        "Rejected by the gateway, or finally not delivered.", "ask linksms code"
    ),
    ExitCode.NOT_SENT: ExitMeaning(
        "Not sent: it provably took no effect, so you can try again.", "yes"
    ),
    ExitCode.UNKNOWN: ExitMeaning(
        "Unknown: it may have been sent or billed. Do not send it again blindly.", "not blindly"
    ),
    ExitCode.PENDING: ExitMeaning("Still pending when the wait ended.", "no"),
    ExitCode.MIXED: ExitMeaning(
        "Several results that differ: some failed, none is unknown.", "one by one"
    ),
    ExitCode.REFUSED: ExitMeaning(
        "Refused by a guard of linksms itself: the text is over the limit or over --max-parts, a "
        "recipient is not allowed, a charge is not confirmed, or the key of --once belongs to "
        "another message.",
        "after a look",
    ),
    ExitCode.INTERRUPTED: ExitMeaning(
        'Interrupted by Ctrl-C. This never means "not sent": a request that was under way is '
        "stored and printed as unknown first.",
        "check the message",
    ),
    ExitCode.TERMINATED: ExitMeaning("Ended by SIGTERM; otherwise as 130.", "check the message"),
}

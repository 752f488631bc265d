"""The words that scripts read, that people type, and that stores have kept since older versions.

Each is written out here: a word that changes breaks a script, or makes a store unreadable.
"""

from enum import StrEnum

import pytest

from linksms_cli.sms.check.findings import Mark
from linksms_cli.sms.codes import Certainty, Retry
from linksms_cli.sms.dlr.receiving import Ending
from linksms_cli.sms.dlr.report import Format
from linksms_cli.sms.forward.due import State
from linksms_cli.sms.forward.target import ForwardAs
from linksms_cli.sms.holdings import StoreKind
from linksms_cli.sms.metric import MetricKind
from linksms_cli.sms.mt.result_of import REJECTED_BEFORE
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.sandbox.firing import PREFIX, Grade
from linksms_cli.sms.sandbox.message import Fate
from linksms_cli.sms.sandbox.settings import BASE_PATH
from linksms_cli.sms.search import CountField, OutcomeFilter
from linksms_cli.sms.text.segments import Encoding
from linksms_cli.sms.text.truncation import Kept


@pytest.mark.parametrize(
    ("words", "written"),
    [
        (
            Outcome,
            "accepted delivered failed pending rejected not_sent unknown refused planned skipped",
        ),
        (Certainty, "yes no unknown"),
        (Retry, "wait done safe pointless never"),
        (Encoding, "GSM-7 UCS-2"),
        (Format, "json xml form query"),
        (Ending, "signal timeout until-final exit-after"),
        (Mark, "ok note warning failed"),
        (State, "waiting forwarded set_aside"),
        (ForwardAs, "event raw"),
        (OutcomeFilter, "delivered failed pending overdue rejected not_sent unknown"),
        (CountField, "outcome code operator hour day profile batch"),
        (Kept, "head tail"),
        (StoreKind, "sqlite postgresql"),
        (MetricKind, "counter gauge"),
        (Grade, "passed doubtful failed not_tried"),
    ],
)
def test_a_word_stays_as_it_is(words: type[StrEnum], written: str) -> None:
    assert [word.value for word in words] == written.split()


def test_so_does_what_the_sandbox_says_and_what_a_batch_says_of_an_earlier_run() -> None:
    assert [fate.value for fate in Fate] == ["delivered", "waiting", "given up"]
    assert (PREFIX, BASE_PATH) == ("SANDBOX-", "/smscsimplehttp")
    assert REJECTED_BEFORE == "batch_rejected"

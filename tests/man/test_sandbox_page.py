"""What is written about the sandbox is what it does: its test numbers, its admin interface."""

import re
from pathlib import Path

import pytest

from linksms_cli.adapters.sandbox.admin import Admin
from linksms_cli.adapters.sandbox.faults import FIELDS, FaultTable
from linksms_cli.adapters.sandbox.firing import ways
from linksms_cli.adapters.sandbox.ledger import MessageLog
from linksms_cli.adapters.sandbox.numbers import BEHAVIOURS, Tale, Trick
from linksms_cli.sms.sandbox.firing import Grade
from linksms_cli.sms.sandbox.settings import Access
from tests.conftest import Linksms
from tests.man.test_manual import section
from tests.readme import README

ROOT = Path(__file__).parent.parent.parent
SOURCE = (ROOT / ".ci/derived/manual/sandbox.mdoc").read_text(encoding="utf-8")
TALES = [tale for tale in Tale if tale is not Tale.PLAIN]


def test_readme_has_every_number_in_its_words() -> None:
    rows = dict(re.findall(r"^\| (`\+999.*`) \| (.*) \|$", README.read_text(), re.MULTILINE))
    assert rows[f"`+99920000001` … `{len(Trick):03}`"] == "; ".join(Trick)
    tales = [f"{number} {tale}" for number, tale in enumerate(TALES, 1)]
    assert rows["`+9993000000K`"] == "; ".join(tales)


def test_the_manual_names_every_behaviour_in_the_order_of_the_numbers() -> None:
    numbers = SOURCE.split(".Sh TEST NUMBERS")[1].split(".Sh ")[0]
    listed = re.findall(r"^\.It Li ([a-z_]+)$", numbers, re.MULTILINE)
    assert [name for name in listed if name in BEHAVIOURS] == list(BEHAVIOURS)
    rows = re.search(
        r"In this order:\n(.*?)100 to 999.*In this order:\n(.*?)\.El", SOURCE, re.DOTALL
    )
    assert rows
    ordered = re.findall(r"^\.Li ([a-z_]+)", rows[1] + rows[2], re.MULTILINE)
    assert ordered == list(BEHAVIOURS)


def test_help_and_manual_count_them_right(call: Linksms) -> None:
    shown = call("sandbox", "--help").stdout
    for text in (shown, section("linksms-sandbox", "TEST NUMBERS")):
        assert f"001 to {len(Trick):03}: a broken answer" in text
        assert f"1 to {len(TALES)}: reports " in text


@pytest.mark.parametrize("field", FIELDS)
def test_the_manual_names_every_field_of_a_fault(field: str) -> None:
    fault = SOURCE[SOURCE.index(".It Li POST /faults") : SOURCE.index(".It Li GET /faults")]
    assert re.search(rf"^\.Li {field}\b", fault, re.MULTILINE)


def test_the_manual_has_every_case_in_its_words() -> None:
    text = section("linksms-sandbox", "TRYING A RECEIVER")
    rows = [f"{kind.name} {kind.title[0].upper()}{kind.title[1:]}." for kind in ways.EVERY]
    assert [row for row in rows if row not in text] == []
    assert [f" {grade} " for grade in Grade if f" {grade} " not in text] == []


def test_the_manual_names_every_path_and_method() -> None:
    admin = Admin(
        access=Access(),
        log=MessageLog(),
        faults=FaultTable(),
        send_reports=lambda *_arguments: (),
        reset=dict,
    )
    shown = SOURCE.replace("ID", "1").replace("NUMBER", "1")
    assert [call for call in admin.calls if call.replace("*", "1") not in shown] == []

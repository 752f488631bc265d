"""A result code as a person sees it."""

import pytest

from linksms_cli.sms.codes import explain
from linksms_cli.views import code as view


@pytest.mark.parametrize("width", [1, 60])
@pytest.mark.parametrize("number", [1012, 10**77])
def test_a_page_is_laid_out_however_little_room_there_is(number: int, width: int) -> None:
    shown = view.as_text([explain(number)], width)
    assert str(number) in shown
    assert all(word in shown for word in explain(number).action.split())

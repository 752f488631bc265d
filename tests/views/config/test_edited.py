"""What `config set`, `config remove` and `config use` print of a change."""

from typing import Any

import pytest

from linksms_cli.sms.account.edits import Edited
from linksms_cli.sms.account.keys import Key
from linksms_cli.views.config import edited as view


def edited(**changes: Any) -> Edited:
    values: dict[str, Any] = {
        "name": "alerts",
        "file": "/etc/linksms/config.toml",
        "created": False,
        "is_default": False,
        "changed": (),
        "missing": (),
        "warnings": (),
    }
    return Edited(**(values | changes))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Profile alerts unchanged."),
        ({"is_default": True}, "Profile alerts unchanged."),
        ({"changed": (Key.SOURCE,)}, "Profile alerts changed: source."),
        (
            {"changed": (Key.SOURCE, Key.ASYNC), "is_default": True},
            "Profile alerts changed: source, async.",
        ),
        ({"created": True, "changed": (Key.USERNAME,)}, "Profile alerts created: username."),
        (
            {"created": True, "changed": (Key.USERNAME,), "is_default": True},
            "Profile alerts created: username. It is the default.",
        ),
        ({"created": True}, "Profile alerts created."),
    ],
)
def test_a_line_says_what_happened(changes: dict[str, Any], said: str) -> None:
    assert view.as_text(edited(**changes)) == said


def test_a_record_says_it_too() -> None:
    one = edited(
        created=True,
        is_default=True,
        changed=(Key.SOURCE, Key.USERNAME),
        missing=(Key.PASSWORD,),
    )
    assert view.as_record(one) == {
        "name": "alerts",
        "default": True,
        "created": True,
        "changed": ["source", "username"],
        "missing": ["password"],
        "file": "/etc/linksms/config.toml",
    }


def test_what_is_missing_is_said_with_what_to_do() -> None:
    assert view.as_missing(edited(missing=(Key.BASE_URL, Key.PASSWORD))) == (
        "Still missing: base_url, password. On a terminal 'linksms config set alerts' asks for it."
    )
    assert view.as_missing(edited(changed=(Key.SOURCE,))) is None

"""Edits of profiles: what one changes, what it takes the place of, and what is missing after it."""

import pytest

from linksms_cli.errors import UsageError
from linksms_cli.sms.account import edits
from linksms_cli.sms.account.edits import Edit
from linksms_cli.sms.account.keys import Key
from linksms_cli.sms.account.profile import Profile, ProfileFile

WHOLE = Profile(base_url="https://h/x", service_id=1, username="u", password="old")


def test_words_become_an_edit() -> None:
    words = ["base_url=HTTPS://H/x?", "source="]
    with pytest.raises(UsageError, match=r"base_url has '\?' or '#' after its path"):
        edits.read_edit("p", words)
    edit = edits.read_edit("p", ["base_url=HTTPS://H/x", "source=", "async=1"])
    assert edit == Edit(
        name="p",
        values={Key.BASE_URL: "https://h/x", Key.ASYNC: True},
        removed=(Key.SOURCE,),
    )


@pytest.mark.parametrize(
    ("edit", "before", "after"),
    [
        (Edit(name="p", values={Key.SOURCE: "L"}), Profile(), Profile(source="L")),
        (Edit(name="p", removed=(Key.SOURCE,)), Profile(source="L"), Profile()),
        (
            Edit(name="p", values={Key.PASSWORD_COMMAND: "x"}),
            Profile(password="old", keyring=False),
            Profile(password_command="x"),
        ),
        (
            Edit(name="p", values={Key.KEYRING: True}),
            Profile(password_command="x"),
            Profile(keyring=True),
        ),
        (
            Edit(name="p", password="new"),
            Profile(password_command="x"),
            Profile(),  # the password itself is put in by whoever keeps it
        ),
        (Edit(name="p", password="new"), Profile(keyring=True), Profile(keyring=True)),
        (
            Edit(name="p", values={Key.KEYRING: False}),
            Profile(password="old"),
            Profile(password="old", keyring=False),
        ),
    ],
)
def test_an_edit_is_applied(edit: Edit, before: Profile, after: Profile) -> None:
    assert edits.apply(edit, before) == after


@pytest.mark.parametrize(
    ("edit", "before", "missing"),
    [
        (Edit(name="p"), Profile(), (Key.BASE_URL, Key.SERVICE_ID, Key.USERNAME, Key.PASSWORD)),
        (Edit(name="p"), WHOLE, ()),
        (Edit(name="p", removed=(Key.USERNAME,)), WHOLE, ()),
        (Edit(name="p", values={Key.KEYRING: True}), WHOLE, ()),  # the password moves in
        (
            Edit(name="p", values={Key.SERVICE_ID: 2}),
            Profile(base_url="https://h/x", service_id=1, username="u", keyring=True),
            (Key.PASSWORD,),  # another account's
        ),
        (
            Edit(name="p", values={Key.SOURCE: "L"}),
            Profile(base_url="https://h/x", service_id=1, username="u", keyring=True),
            (),
        ),
        (
            Edit(name="p", values={Key.KEYRING: True}),
            Profile(base_url="https://h/x", service_id=1, username="u", password_command="x"),
            (Key.PASSWORD,),
        ),
    ],
)
def test_what_is_missing_after_an_edit(
    edit: Edit, before: Profile, missing: tuple[Key, ...]
) -> None:
    assert edits.missing(edit, before) == missing


def test_only_the_first_profile_becomes_the_default() -> None:
    empty = ProfileFile(path="/c")
    one = edits.put(empty, "a", Profile())
    two = edits.put(one, "b", Profile())
    assert (one.default, two.default) == ("a", "a")
    without = edits.remove(two, "a")
    assert (without.default, list(without.profiles)) == (None, ["b"])
    assert edits.put(without, "c", Profile()).default is None
    assert edits.use(without, "b").default == "b"


def test_a_password_is_not_given_and_removed_at_once() -> None:
    edit = edits.read_edit("prod", ["password="])
    with pytest.raises(UsageError, match="password= removes a password, and one is given"):
        edits.with_password(edit, "secret")

"""Edits of profiles: what one changes, what it takes the place of, and what is missing after it."""

from dataclasses import replace

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
    edit = edits.read_edit("p", ["base_url=HTTPS://H/x", "source=", "async=1", "username=a=b:c"])
    assert edit == Edit(
        name="p",
        values={Key.BASE_URL: "https://h/x", Key.ASYNC: True, Key.USERNAME: "a=b:c"},
        removed=(Key.SOURCE,),
    )


KEYS = f"Keys: {', '.join(Key)}."


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["username"], "'username' is not KEY=VALUE", KEYS),
        (["username:hidden"], "'username' is not KEY=VALUE", KEYS),
        (["user=x"], "unknown key 'user'", "Did you mean username?"),
        (["user:hidden=hidden"], "unknown key 'user'", "Did you mean username?"),
        (["passwort=hidden"], "unknown key 'passwort'", "Did you mean password?"),
        (["zzz=x"], "unknown key 'zzz'", KEYS),
        (["base_url=ftp://x"], "base_url does not begin with https://", None),
        (
            ["require_profile=true"],
            "require_profile is not a key of one profile",
            (
                "Write it at the top of the profile file ('linksms config path'): "
                "require_profile = true."
            ),
        ),
        (
            ["service_id=x"],
            "service_id must be a whole number, not 'x'",
            "LINK Support assigns it with the account.",
        ),
        *(
            ([one, other], "source is given twice", "Give each key once.")
            for one in ("source=a", "source=")
            for other in ("source=b", "source=")
        ),
        (
            ["password_command=pass", "keyring=yes"],
            "both password_command and keyring are given",
            "A password comes from one place.",
        ),
    ],
)
def test_a_wrong_word_is_refused(words: list[str], message: str, hint: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        edits.read_edit("p", words)
    assert caught.value.message == message
    assert hint is None or caught.value.hint == hint
    assert "hidden" not in f"{message}{caught.value.hint}"


def test_a_wrong_name_is_refused() -> None:
    with pytest.raises(UsageError, match="'a b' is not a valid profile name") as caught:
        edits.read_edit("a b", [])
    assert caught.value.hint == "Use the letters A-Z a-z, digits, _ and -."


@pytest.mark.parametrize("key", ["password", "PassWord", " password "])
@pytest.mark.parametrize("rest", ["=hidden", ":hidden", ": hidden", ":hidden=hidden", ":", ""])
def test_a_password_is_no_argument_and_is_not_repeated(key: str, rest: str) -> None:
    with pytest.raises(UsageError) as caught:
        edits.read_edit("p", [f"{key}{rest}", "hidden"])
    assert caught.value.message == (
        "do not pass the password as an argument: other users could see it"
    )
    assert caught.value.hint == (
        "Leave it out and 'linksms config set p' asks for it, or pipe one line in with "
        "--password-stdin."
    )


@pytest.mark.parametrize(
    ("words", "way"),
    [
        (["keyring=yes", "password_command="], Key.KEYRING),
        (["password_command=pass x", "keyring="], Key.PASSWORD_COMMAND),
    ],
)
def test_one_way_to_a_password_is_enough(words: list[str], way: Key) -> None:
    assert list(edits.read_edit("p", words).values) == [way]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (Edit(name="p"), False),
        (Edit(name="p", values={Key.KEYRING: False}), True),
        (Edit(name="p", removed=(Key.SOURCE,)), True),
        (Edit(name="p", password="x"), True),
    ],
)
def test_an_edit_is_true_if_it_changes_something(edit: Edit, expected: bool) -> None:
    assert bool(edit) is expected


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
            Edit(name="p", password="new"),
            Profile(password="old", keyring=False),
            Profile(password="old"),
        ),
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
    assert edits.remove(two, "b").default == "a"


def test_a_password_that_was_piped_in_is_added_to_an_edit() -> None:
    edit = edits.read_edit("p", ["source=LINK", "keyring=yes", "username="])
    assert edits.with_password(edit, " s=e c:ret\r\n") == replace(edit, password=" s=e c:ret")


ONE_PLACE = "A password comes from one place."


@pytest.mark.parametrize(
    ("word", "password", "message", "hint"),
    [
        (
            "password=",
            "hidden",
            "password= removes a password, and one is given",
            "Leave one of them out.",
        ),
        (
            "password_command=x",
            "hidden",
            "both a password and password_command are given",
            ONE_PLACE,
        ),
        ("source=LINK", "\n", "the password is empty", None),
        (
            "source=LINK",
            "hidden\nhidden\n",
            "the password contains a line break",
            "A secret is one line.",
        ),
    ],
)
def test_a_password_that_cannot_be_one_or_has_a_place_already_is_refused(
    word: str, password: str, message: str, hint: str | None
) -> None:
    with pytest.raises(UsageError) as caught:
        edits.with_password(edits.read_edit("p", [word]), password)
    assert (caught.value.message, caught.value.hint) == (message, hint)

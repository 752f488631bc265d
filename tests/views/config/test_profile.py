"""What `config show`, `config list` and `config remove` print of a profile: whole pages."""

import pytest

from linksms_cli.sms.account.guard import Guard
from linksms_cli.sms.account.keys import Key
from linksms_cli.sms.account.place import Place
from linksms_cli.sms.account.profile import Profile
from linksms_cli.sms.text.ansi import stripped
from linksms_cli.views.config import profile as view

FILE = "/etc/linksms/config.toml"
URL = "https://gateway.example.org/smscsimplehttp"
WHOLE = Profile(
    base_url=URL,
    service_id=7,
    username="alice",
    password="s3cret",
    source="LINK",
    allow_http=False,
    allowed_destinations=("+9995551*", "+99955501234"),
    async_=True,
)


def place(values: Profile = WHOLE, **more: object) -> Place:
    """Return a place of the profile file, whose values all stand there."""
    fields: dict[str, object] = {
        "name": "alerts",
        "file": FILE,
        "origins": dict.fromkeys(values.held(), "profile alerts"),
    }
    return Place(values=values, **(fields | more))  # type: ignore[arg-type]


def page(one: Place) -> str:
    return stripped(view.as_text(one))


GUARDS = (
    Guard("LINKSMS_ALLOWED_DESTINATIONS", ("+9995*",)),
    Guard("profile alerts", ("+9995551*", "+99955501234")),
)


def test_a_page_has_a_line_for_each_value_with_its_origin() -> None:
    origins = dict.fromkeys(WHOLE.held(), "profile alerts") | {Key.SOURCE: "LINKSMS_SOURCE"}
    assert (
        page(place(is_default=True, origins=origins, guards=GUARDS))
        == """\
Profile alerts (the default)  /etc/linksms/config.toml
  base_url              https://gateway.example.org/smscsimplehttp  profile alerts
  service_id            7                                           profile alerts
  username              alice                                       profile alerts
  password              ********                                    profile alerts
  source                LINK                                        LINKSMS_SOURCE
  allow_http            false                                       profile alerts
  allowed_destinations  +9995*                                      LINKSMS_ALLOWED_DESTINATIONS
  allowed_destinations  +9995551*, +99955501234                     profile alerts
  async                 true                                        profile alerts"""
    )


def test_what_is_missing_stands_below() -> None:
    one = Place(
        name=None,
        file=None,
        values=Profile(username="al\x1b[31mice"),
        origins={Key.USERNAME: "LINKSMS_USERNAME"},
    )
    assert (
        page(one)
        == """\
The account in the environment
  username              al\\x1b[31mice  LINKSMS_USERNAME
  base_url              missing
  service_id            missing
  password              missing"""
    )


def test_a_place_without_any_value_is_a_page_too() -> None:
    one = Place(name="new", file=None, values=Profile(), origins={})
    assert page(one).splitlines() == [
        "Profile new",
        "  base_url              missing",
        "  service_id            missing",
        "  username              missing",
        "  password              missing",
    ]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("pass show link --secret=s3cret", "pass …"),
        ("pass show", "pass …"),
        ("get-password", "get-password"),
    ],
)
def test_of_a_command_only_the_program_is_shown(command: str, said: str) -> None:
    lines = page(place(Profile(password_command=command))).splitlines()
    assert lines[1] == f"  password_command      {said}  profile alerts"
    assert "s3cret" not in str(view.as_record(place(Profile(password_command=command))))


def test_a_record_has_every_key() -> None:
    assert view.as_record(place(is_default=True, guards=GUARDS)) == {
        "name": "alerts",
        "default": True,
        "file": FILE,
        "base_url": URL,
        "service_id": 7,
        "username": "alice",
        "password": "********",
        "password_command": None,
        "keyring": None,
        "source": "LINK",
        "allow_http": False,
        "ca_bundle": None,
        "allowed_destinations": ("+9995551*", "+99955501234"),
        "country": None,
        "async": True,
        "origins": dict.fromkeys(
            [
                *("base_url", "service_id", "username", "password", "source", "allow_http"),
                *("allowed_destinations", "async"),
            ],
            "profile alerts",
        ),
        "guards": {
            "LINKSMS_ALLOWED_DESTINATIONS": ["+9995*"],
            "profile alerts": ["+9995551*", "+99955501234"],
        },
        "missing": [],
    }


def test_a_record_of_the_environment_has_no_name() -> None:
    record = view.as_record(Place(name=None, file=None, values=Profile(), origins={}))
    assert (record["name"], record["default"], record["file"]) == (None, False, None)
    assert record["missing"] == ["base_url", "service_id", "username", "password"]


def test_a_table_has_a_line_for_each_profile() -> None:
    keyring = Profile(base_url=URL, service_id=12345, username="bob", keyring=True)
    places = [
        place(is_default=True),
        place(keyring, name="nightly"),
        place(Profile(password_command="pass show link"), name="x"),
        place(Profile(username="al\x1b[31mice"), name="y"),
    ]
    assert view.as_table(places).splitlines() == [
        f"*  alerts   {URL}  7              alice          password in the file",
        f"   nightly  {URL}  12345          bob            password in the keyring",
        f"   x        {'no base_url':42}  no service_id  no username    password by command",
        f"   y        {'no base_url':42}  no service_id  al\\x1b[31mice  no password",
    ]


def test_a_password_in_a_file_is_named_so() -> None:
    values = Profile(password_file="/run/secrets/link")
    one = place(values, origins={Key.PASSWORD: "LINKSMS_PASSWORD_FILE"})
    assert view.as_table([one]).endswith("  password in a file")


def test_before_a_profile_goes_it_says_where_its_password_is() -> None:
    assert view.question(place()) == "Remove profile alerts, and its password from the file?"
    assert view.question(place(Profile(keyring=True), name="nightly")) == (
        "Remove profile nightly, and its password from the keyring?"
    )


def test_the_account_in_the_environment_has_no_name_in_a_table() -> None:
    one = Place(name=None, file=None, values=Profile(), origins={})
    assert view.as_table([one]).split() == [
        *("no", "base_url", "no", "service_id", "no", "username", "no", "password")
    ]

"""What the sandbox refuses, and with which code."""

import pytest

from linksms_cli.adapters.sandbox.request import Query, parse
from linksms_cli.adapters.sandbox.rules import (
    RuleRefusal,
    refuse_credentials,
    refuse_message,
    remarks_on,
)
from linksms_cli.sms.sandbox.settings import Credentials

KNOWN = Credentials(service_id=1234, username="user", password="a+b c")
GOOD = {"Source": "LINK", "Destination": "+99955501234", "Userdata": "Hello"}


def query(**values: str | None) -> Query:
    given = GOOD | values
    return Query(
        values={name: value for name, value in given.items() if value is not None},
        faults={},
        remarks=(),
    )


def account(**values: str) -> Query:
    given = {"ServiceId": "1234", "Username": "user", "Password": "a+b c"} | values
    return Query(values=given, faults={}, remarks=())


@pytest.mark.parametrize("known", [None, KNOWN])
def test_the_right_credentials_are_taken(known: Credentials | None) -> None:
    assert refuse_credentials(account(), known) is None
    assert refuse_credentials(account(ServiceId="01234"), known) is None


def test_without_an_account_any_are_taken() -> None:
    assert refuse_credentials(account(ServiceId="1", Username="x", Password="y"), None) is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"ServiceId": "1"}, RuleRefusal(code=100, reason="ServiceId is not the sandbox's")),
        ({"ServiceId": ""}, RuleRefusal(code=100, reason="ServiceId is missing")),
        ({"ServiceId": "12a"}, RuleRefusal(code=100, reason="ServiceId is not an integer")),
        ({"ServiceId": "²"}, RuleRefusal(code=100, reason="ServiceId is not an integer")),
        ({"Username": "User"}, RuleRefusal(code=101, reason="Username is not the sandbox's")),
        ({"Password": "ab"}, RuleRefusal(code=103, reason="Password is not the sandbox's")),
        (
            {"Password": "a b c"},
            RuleRefusal(
                code=103,
                reason="Password is not the sandbox's: a '+' in a query string is a space, "
                "write %2B",
            ),
        ),
    ],
)
def test_wrong_credentials(changes: dict[str, str], refusal: RuleRefusal) -> None:
    assert refuse_credentials(account(**changes), KNOWN) == refusal


def test_credentials_wrongly_written_say_so() -> None:
    refusal = refuse_credentials(parse("ServiceId=1&username=u&Password=p"), None)
    assert refusal == RuleRefusal(code=101, reason="username is spelt Username in the guide")


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"Source": "+46732594084"},
        {"Source": "72401"},
        {"Source": "12345678901"},
        {"Source": "{1234567}"},  # two of its characters take two septets: 11 in all
        {"Destination": "+12345"},
        {"Destination": "+123456789012345"},
        {"Userdata": "x" * 1377},
        {"Userdata": "ш" * 567},
        {"Userdata": " "},
        {"UserdataHeader": "050003CC0201", "Userdata": "x" * 153},
        {"UserdataHeader": "050003cc0201", "Userdata": "ш" * 67},
        {"ReferenceId": "any;thing"},
        {"Tariff": "SEK1000", "Vat": "25.0"},
        {"Tariff": "null"},
        {"Tariff": "SEK0"},
        {"Vat": "0"},
        {"Vat": "100.0"},
        {"ChargeOnly": "true", "Tariff": "NOK5", "Userdata": None},
        {"ChargeOnly": "False", "Async": "True"},
    ],
)
def test_what_the_guide_allows_is_taken(values: dict[str, str | None]) -> None:
    assert refuse_message(query(**values)) is None


NUMBER = "a number has '+' and 5 to 15 digits, and nothing else"
SPACE = "a '+' in a query string is a space, write %2B"


@pytest.mark.parametrize(
    ("values", "code", "reason"),
    [
        ({"Source": None}, 2000, "Source is missing"),
        ({"Source": " "}, 2000, "Source is missing"),
        ({"Source": "+123"}, 2000, NUMBER),
        ({"Source": "+46 73 259 40 84"}, 2000, NUMBER),
        ({"Source": " 46732594084"}, 2000, SPACE),
        ({"Source": "LINKMobility"}, 2000, "a name has at most 11 characters, this has 12"),
        ({"Source": "{12345678}9"}, 2000, "a name has at most 11 characters, this has 13"),
        ({"Source": "Ыл"}, 2000, "it holds a character outside the GSM-7 alphabet"),
        ({"Destination": None}, 2108, "Destination is missing"),
        ({"Destination": " 46701234567"}, 2108, SPACE),
        ({"Destination": "LINK"}, 2101, NUMBER),
        ({"Destination": "72401"}, 2100, NUMBER),
        ({"Destination": "46701234567"}, 2106, NUMBER),
        ({"Destination": "+1234"}, 2106, NUMBER),
        ({"Destination": "+1234567890123456"}, 2106, NUMBER),
        ({"Destination": "+46-701234567"}, 2106, NUMBER),
        ({"Destination": "+٤٦٧٠١٢٣٤٥٦٧"}, 2106, NUMBER),
        ({"Userdata": None}, 4003, "Userdata is missing"),
        ({"Userdata": ""}, 4003, "Userdata is missing"),
        ({"Userdata": "x" * 1378}, 4003, "1378 GSM-7 units, the limit is 1377"),
        ({"Userdata": "€" * 689}, 4003, "1378 GSM-7 units, the limit is 1377"),
        ({"Userdata": "ш" * 568}, 4003, "568 UCS-2 units, the limit is 567"),
        (
            {"UserdataHeader": "050003CC0201", "Userdata": "x" * 154},
            4003,
            "154 GSM-7 units, the limit is 153 in one part beside the header",
        ),
        (
            {"UserdataHeader": "050003CC0201", "Userdata": "ш" * 68},
            4003,
            "68 UCS-2 units, the limit is 67 in one part beside the header",
        ),
        ({"UserdataHeader": ""}, 4004, "it is not pairs of hexadecimal digits"),
        ({"UserdataHeader": "05 00"}, 4004, "it is not pairs of hexadecimal digits"),
        ({"UserdataHeader": "05000"}, 4004, "it is not pairs of hexadecimal digits"),
        (
            {"UserdataHeader": "050003CC02"},
            4004,
            "the header's length octet says 5, but 4 octets follow",
        ),
        (
            {"UserdataHeader": "050003CC0201" + "00"},
            4004,
            "the header's length octet says 5, but 6 octets follow",
        ),
        (
            {"UserdataHeader": "050004CC0201"},
            4004,
            "the header's information element at octet 1 overruns its end",
        ),
        ({"Tariff": "10"}, 4002, "a tariff is like SEK1000, for 10 SEK"),
        ({"Tariff": "SEK10.00"}, 4002, "a tariff is like SEK1000, for 10 SEK"),
        ({"Tariff": ""}, 4002, "a tariff is like SEK1000, for 10 SEK"),
        ({"ChargeOnly": "true"}, 4002, "ChargeOnly needs a tariff above 0"),
        ({"ChargeOnly": "true", "Tariff": "SEK0"}, 4002, "ChargeOnly needs a tariff above 0"),
        ({"Vat": "25,0"}, 4006, "a VAT is like 25.0, for 25 %"),
        ({"Vat": "100.1"}, 4006, "a VAT is like 25.0, for 25 %"),
        ({"Vat": "null"}, 4006, "a VAT is like 25.0, for 25 %"),
        ({"ChargeOnly": "1"}, 4001, "ChargeOnly is neither true nor false"),
        ({"Async": "yes"}, 4001, "Async is neither true nor false"),
    ],
)
def test_what_the_guide_does_not_allow(
    values: dict[str, str | None], code: int, reason: str
) -> None:
    assert refuse_message(query(**values)) == RuleRefusal(code=code, reason=reason)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("Source=%zz&Destination=%2B99955501234&Userdata=x", 2000),
        ("Source=a&Destination=%2B99955501234&destination=1&Userdata=x", 2108),
        ("Source=a&Destination=%2B99955501234&USERDATA=x", 4003),
        ("Source=a&Destination=%2B99955501234&Userdata=x&Tariff=SEK1&Tariff=SEK1", 4002),
        ("Source=a&Destination=%2B99955501234&Userdata=x&vat=1.0", 4006),
        ("Source=a&Destination=%2B99955501234&Userdata=x&Async=%E5", 4001),
        ("Source=a&Destination=%2B99955501234&Userdata=x&referenceid=1", 4001),
    ],
)
def test_a_parameter_wrongly_written_is_refused_with_its_code(raw: str, code: int) -> None:
    query = parse(raw)
    (reason,) = query.faults.values()
    assert refuse_message(query) == RuleRefusal(code=code, reason=reason)


def test_more_than_nine_parts_within_the_limit_are_remarked() -> None:
    wasteful = ("x" * 152 + "€") * 8 + "x" * 145
    assert refuse_message(query(Userdata=wasteful)) is None
    assert remarks_on(query(Userdata=wasteful)) == (
        "1377 units are within the limit, but take 10 parts",
    )
    assert remarks_on(query()) == ()

"""The query that carries a message, compared with one typed by hand from the guide."""

from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.sms.mt.message import Draft, query


def test_every_parameter_of_the_guide_in_its_order() -> None:
    draft = Draft(
        source="LINK",
        text="a b&c=+#;%\n\U0001f600~-._",
        udh="050003CC0201",
        reference_id="in/1",
        tariff="SEK1000",
        vat="25.0",
        charge_only=True,
        async_=False,
    )
    assert query(draft.to("+99955501234").parameters()) == (
        "Source=LINK&Destination=%2B99955501234"
        "&Userdata=a%20b%26c%3D%2B%23%3B%25%0A%F0%9F%98%80~-._"
        "&UserdataHeader=050003CC0201&ReferenceId=in%2F1&Tariff=SEK1000&Vat=25.0"
        "&ChargeOnly=true&Async=false"
    )


def test_what_is_not_given_is_left_out() -> None:
    message = Draft(source="72401", text="x").to("+99955501234")
    assert query(message.parameters()) == "Source=72401&Destination=%2B99955501234&Userdata=x"


@given(st.text(st.characters(codec="utf-8")))
def test_only_unreserved_characters_are_written_as_they_are(text: str) -> None:
    written = query([("Userdata", text)]).removeprefix("Userdata=")
    unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    octets = b""
    rest = written
    while rest:
        if rest[0] == "%":
            octets += bytes([int(rest[1:3], 16)])
            assert rest[1:3] == rest[1:3].upper()
            rest = rest[3:]
        else:
            assert rest[0] in unreserved
            octets += rest[0].encode()
            rest = rest[1:]
    assert octets.decode() == text

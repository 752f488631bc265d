"""What `linksms send` puts on the wire, compared with requests typed by hand from the guide."""

import socket

import pytest

from tests.conftest import Linksms, account
from tests.loading import loaded
from tests.loopback import Recorder, http

START = "POST /smscsimplehttp?ServiceId=4711&Username=u&Password=p%26%20%2F%C3%A9"


TO = ["-t", "+99955501234"]
PREMIUM = ["-f", "72401", "--tariff", "SEK1000", "--confirm-charge", "SEK1000"]
CASES: dict[str, tuple[list[str], str]] = {
    "plain": (
        [*TO, "-f", "LINK", "Hej på dig"],
        "&Source=LINK&Destination=%2B99955501234&Userdata=Hej%20p%C3%A5%20dig",
    ),
    "cleaned numbers and reserved characters": (
        ["-t", "+999 555-012.34", "-f", "+46 732 594 084", "a&b+c#d;e%f\ng"],
        "&Source=%2B46732594084&Destination=%2B99955501234&Userdata=a%26b%2Bc%23d%3Be%25f%0Ag",
    ),
    "emoji and unreserved characters": (
        [*TO, "-f", "72401", "\U0001f600 ~-._"],
        "&Source=72401&Destination=%2B99955501234&Userdata=%F0%9F%98%80%20~-._",
    ),
    "asynchronous": (
        [*TO, "-f", "LINK", "--async", "x"],
        "&Source=LINK&Destination=%2B99955501234&Userdata=x&Async=true",
    ),
    "synchronous": (
        [*TO, "-f", "LINK", "--no-async", "x"],
        "&Source=LINK&Destination=%2B99955501234&Userdata=x&Async=false",
    ),
    "header": (
        [*TO, "-f", "LINK", "--udh", "050003cc0201", "x"],
        "&Source=LINK&Destination=%2B99955501234&Userdata=x&UserdataHeader=050003CC0201",
    ),
    "premium": (
        [*TO, *PREMIUM, "--reference-id", "in/1", "--vat", "25", "x"],
        (
            "&Source=72401&Destination=%2B99955501234&Userdata=x&ReferenceId=in%2F1"
            "&Tariff=SEK1000&Vat=25.0"
        ),
    ),
    "charge only": (
        [*TO, *PREMIUM, "--charge-only"],
        "&Source=72401&Destination=%2B99955501234&Tariff=SEK1000&ChargeOnly=true",
    ),
    "no charge": (
        [*TO, "-f", "72401", "--tariff", "SEK0", "x"],
        "&Source=72401&Destination=%2B99955501234&Userdata=x&Tariff=SEK0",
    ),
}


@pytest.mark.parametrize(("words", "rest"), CASES.values(), ids=CASES)
def test_the_request_line(linksms: Linksms, gateway: Recorder, words: list[str], rest: str) -> None:
    env = account(gateway.url, service_id="4711", password="p& /é")
    done = linksms("send", *words, env=env)
    assert gateway.request_lines == [f"{START}{rest} HTTP/1.1"]
    assert (done.code, done.stderr.count("error")) == (0, 0)


def test_the_request_has_an_empty_body_and_no_credentials_elsewhere(
    linksms: Linksms, gateway: Recorder
) -> None:
    linksms("send", "-t", "+99955501234", "-f", "LINK", "x", env=account(gateway.url))
    (raw,) = gateway.requests
    head, _, body = raw.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    version = headers.pop("User-Agent")
    assert body == b""
    assert version.startswith("linksms/")
    assert headers == {
        "Host": gateway.netloc,
        "Accept": "text/plain, */*",
        "Accept-Encoding": "identity",
        "Content-Length": "0",
    }


def test_netrc_and_proxies_are_not_for_a_loopback_gateway(
    linksms: Linksms, gateway: Recorder, environment: dict[str, str]
) -> None:
    with open(f"{environment['HOME']}/.netrc", "w") as netrc:  # noqa: PTH123 - a plain file
        netrc.write("machine 127.0.0.1 login thief password thief\n")
    env = account(gateway.url) | {
        "HTTP_PROXY": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
    }
    done = linksms("send", "-t", "+99955501234", "-f", "LINK", "x", env=env)
    assert done.code == 0
    assert b"Authorization" not in gateway.requests[0]


def test_a_redirect_is_not_followed(linksms: Linksms, gateway: Recorder) -> None:
    gateway.answers = [http(b"", "302 Found", f"Location: {gateway.url}/elsewhere")]
    done = linksms(
        "send", "-t", "+99955501234", "-f", "LINK", "x", "--json", env=account(gateway.url)
    )
    assert len(gateway.requests) == 1
    assert (done.code, done.record["outcome"]) == (3, "not_sent")


def test_several_recipients_share_a_connection(linksms: Linksms, gateway: Recorder) -> None:
    words = ["-t", "+99955501234", "-t", "+99955501235", "-t", "+99955501236", "-f", "LINK", "x"]
    done = linksms("send", *words, env=account(gateway.url))
    assert done.code == 0
    assert len(gateway.requests) == 3
    assert gateway.connections == 1


def test_ipv6(linksms: Linksms) -> None:
    with Recorder(family=socket.AF_INET6) as gateway:
        done = linksms("send", "-t", "+99955501234", "-f", "LINK", "x", env=account(gateway.url))
    assert done.code == 0
    assert len(gateway.requests) == 1


def test_plain_http_takes_no_library_for_it(environment: dict[str, str], gateway: Recorder) -> None:
    env = environment | account(gateway.url)
    modules = loaded(env, "send", "-t", "+99955501234", "-f", "LINK", "x")
    assert len(gateway.requests) == 1
    libraries = {"email", "http", "requests", "ssl", "urllib3"}
    assert not libraries & {name.split(".")[0] for name in modules}


def test_nothing_is_loaded_that_this_send_does_not_need(
    environment: dict[str, str], gateway: Recorder
) -> None:
    env = environment | account(gateway.url)
    words = ("send", "-t", "+99955501234", "-f", "LINK", "x")
    loaded(env, *words)  # makes the store
    modules = loaded(env, *words)
    assert "linksms_cli.adapters.gateway.way" in modules
    # For a proxy, for a name that is not ASCII, for the pause before another attempt.
    assert not {"linksms_cli.sms.account.proxy", "encodings.idna", "random"} & modules


def test_without_a_proxy_nothing_is_loaded_to_look_for_one(environment: dict[str, str]) -> None:
    env = environment | account("https://gateway.example/x")
    words = ("send", "-t", "+99955501234", "-f", "LINK", "--dry-run", "x")
    assert "urllib.request" not in loaded(env, *words)
    assert "urllib.request" in loaded(env | {"Http_Proxy": "http://proxy.example"}, *words)

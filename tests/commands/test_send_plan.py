"""What a person sees before anything is sent: the plan of a dry run, the profile, the charge."""

import pytest

from tests.conftest import Linksms, account
from tests.loopback import Recorder
from tests.server import running
from tests.terminal import PROGRAM, Terminal

TO = ("-t", "+99955501234")


@pytest.fixture
def profile(linksms: Linksms, gateway: Recorder) -> str:
    linksms(
        *("config", "set", "prod", f"base_url={gateway.url}", "service_id=4711", "username=me"),
        *("password_command=echo hidden-pw", "source=LINK"),
    )
    return "prod"


def test_a_dry_run_shows_who_would_send_what_to_whom(
    linksms: Linksms, gateway: Recorder, profile: str
) -> None:
    words = ("send", "--dry-run", *TO, "-t", "+99955501235")
    charge = ("--tariff", "SEK1000", "--confirm-charge", "SEK2000", "--no-store")
    done = linksms(*words, *charge, f"Hej\n{'lång ' * 40}\x1b[31m")
    assert (done.code, gateway.requests) == (0, [])
    assert done.stdout == (
        "Dry run: nothing is sent.\n"
        f"  Account  4711/me at {gateway.url}\n"
        f"  Profile  {profile} (the default)\n"
        "  Sender   LINK\n"
        "  Text     Hej\n"
        f"           {' '.join(['lång'] * 14)}\n"
        f"           {' '.join(['lång'] * 14)}\n"
        f"           {' '.join(['lång'] * 12)} \\x1b[31m\n"
        "  Parts    4 parts UCS-2, 209 of 567 units; 8 parts in all\n"
        "  Charge   SEK1000 to each of 2 recipients, SEK2000 in all\n"
        "planned    +99955501234\n"
        "planned    +99955501235\n"
    )
    assert "hidden-pw" not in done.stderr


def test_a_plan_names_the_environment_and_the_sandbox(linksms: Linksms, gateway: Recorder) -> None:
    env = account(gateway.url)
    words = ("send", "--dry-run", *TO, "-f", "LINK", "Hej")
    shown = linksms(*words, env=env).stdout
    assert "  Profile  none: the account is in the environment\n" in shown
    assert "  Charge   none\n" in shown
    shown = linksms(*words, "--sandbox", env=env).stdout
    assert "  Account  a test gateway that ends with the command\n" in shown
    assert gateway.requests == []


def test_a_program_gets_the_results_of_a_dry_run_alone(linksms: Linksms, profile: str) -> None:
    words = ("send", "--dry-run", *TO, "Hej")
    (record,) = linksms(*words, "--json").records
    assert (record["outcome"], record["profile"]) == ("planned", profile)
    assert linksms(*words, "-q").stdout == "\n"


@pytest.mark.usefixtures("profile")
@pytest.mark.parametrize(
    ("words", "env", "said"),
    [
        ((), {}, "Using profile prod (the default)."),
        (("-p", "other"), {}, "Using profile other."),
        (("-f", "LINK"), account("http://127.0.0.1:1/x"), "Using the account in the environment."),
    ],
)
def test_on_a_terminal_it_says_which_account_it_uses(
    environment: dict[str, str],
    linksms: Linksms,
    words: tuple[str, ...],
    env: dict[str, str],
    said: str,
) -> None:
    linksms(
        *("config", "set", "other", "base_url=http://127.0.0.1:1/x", "service_id=1"),
        *("username=u", "password_command=echo p", "source=LINK"),
    )
    command = ("send", *words, *TO, "--no-store", "Hej")
    with Terminal(*PROGRAM, *command, env=environment | env) as terminal:
        terminal.end()
    assert said in terminal.seen
    assert "Using" not in linksms(*command, env=env).stderr
    with Terminal(*PROGRAM, *command, "-q", env=environment | env) as terminal:
        terminal.end()
    assert "Using" not in terminal.seen


def test_a_charge_without_a_receiver_gets_a_word(
    linksms: Linksms, environment: dict[str, str], gateway: Recorder
) -> None:
    env = account(gateway.url)
    words = ("send", *TO, "-f", "LINK", "Hej")
    charge = ("--tariff", "SEK1000", "--confirm-charge", "SEK1000")
    word = (
        "warning: LINK's guide requires delivery reports for charged messages, and no receiver "
        "runs here: start `linksms listen`, unless another system receives them\n"
    )
    assert word in linksms(*words, *charge, env=env).stderr
    assert word in linksms(*words, *charge, "--no-store", env=env).stderr
    assert word not in linksms(*words, env=env).stderr
    with running(environment, "listen") as receiver:
        assert receiver.url
        assert word not in linksms(*words, *charge, env=env).stderr

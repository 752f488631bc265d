"""`--country`: national numbers from an option, a profile or a variable, for one and for many."""

from pathlib import Path

import pytest

from tests.conftest import Linksms, account
from tests.loading import loaded
from tests.loopback import Recorder

NATIONAL = ("-t", "070-123 45 67", "-f", "LINK", "Hi")


def taken(gateway: Recorder) -> list[str]:
    return [line.split("Destination=")[1].split("&")[0] for line in gateway.request_lines]


@pytest.mark.parametrize(
    ("words", "variable"), [(("--country", "se"), {}), ((), {"LINKSMS_COUNTRY": "SE"})]
)
def test_a_recipient_may_be_written_nationally(
    call: Linksms, gateway: Recorder, words: tuple[str, ...], variable: dict[str, str]
) -> None:
    done = call("send", *words, *NATIONAL, "--json", env=account(gateway.url, **variable))
    assert (done.code, done.record["to"]) == (0, "+46701234567")
    assert taken(gateway) == ["%2B46701234567"]


def test_the_profile_may_name_the_country(
    call: Linksms, gateway: Recorder, environment: dict[str, str]
) -> None:
    config = Path(environment["LINKSMS_CONFIG"])
    config.touch(mode=0o600)
    config.write_text(
        f'default = "p"\n[profiles.p]\nbase_url = "{gateway.url}"\nservice_id = 1\n'
        'username = "u"\npassword = "p"\n'
    )
    assert call("config", "set", "p", "country=no").code == 0
    assert 'country = "NO"' in config.read_text()
    # The option comes before the profile, and the profile before the variable.
    env = {"LINKSMS_COUNTRY": "DK"}
    assert call("send", "-t", "40612345", "-f", "LINK", "Hi", env=env).code == 0
    assert call("send", "--country", "SE", *NATIONAL, env=env).code == 0
    assert taken(gateway) == ["%2B4740612345", "%2B46701234567"]
    wrong = call("config", "set", "p", "country=UK")
    assert (wrong.code, "Did you mean GB?" in wrong.stderr) == (2, True)


def test_without_a_country_a_national_number_is_refused(call: Linksms, gateway: Recorder) -> None:
    done = call("send", *NATIONAL, env=account(gateway.url))
    assert (done.code, gateway.requests) == (2, [])
    assert "'070-123 45 67' is not in international form" in done.stderr
    assert "Or name its country, like --country SE." in done.stderr


def test_what_cannot_be_a_number_there_is_refused(call: Linksms, gateway: Recorder) -> None:
    words = ("send", "--country", "SE", "-f", "LINK", "Hi")
    done = call(*words, "-t", "701234567", "-t", "070-1", "-t", "112", env=account(gateway.url))
    assert (done.code, gateway.requests) == (2, [])
    assert "3 of 3 recipients are wrong" in done.stderr
    assert "'112' cannot be a number in SE: it is too short" in done.stderr
    named = call(*words, "--country", "UK", "-t", "07400 123456", env=account(gateway.url))
    assert (named.code, "Did you mean GB" in named.stderr) == (2, True)


def test_a_country_that_is_set_without_an_account_lets_the_account_be_asked_for(
    call: Linksms,
) -> None:
    done = call("send", *NATIONAL, env={"LINKSMS_COUNTRY": "SE"})
    assert (done.code, "no account" in done.stderr) == (3, True)


TABLE = """to,name
070-123 45 67,Änne
0046 70 174 06 05,Bo
+99955501234,Cay
701234567,lost its zero
4.67E+10,spoilt
070-123 45 67,once more
"""


def test_a_batch_reads_national_numbers_too(
    call: Linksms, gateway: Recorder, tmp_path: Path
) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(TABLE)
    words = ("send", "--batch", str(file), "-f", "LINK", "--json", "Hi {name}")
    env = account(gateway.url)
    done = call(*words, "--country", "SE", env=env)
    rows = {record["row"]: record for record in done.records[:-1]}
    assert {row: (one["outcome"], one["to"]) for row, one in rows.items()} == {
        1: ("accepted", "+46701234567"),
        2: ("accepted", "+46701740605"),
        3: ("accepted", "+99955501234"),
        4: ("refused", "701234567"),
        5: ("refused", "4.67E+10"),
        6: ("accepted", "+46701234567"),
    }
    assert "has no 0 in front, as numbers in SE do" in rows[4]["error"]["message"]
    # In another country it is another batch, of which two rows have been sent.
    other = call(*words, "--country", "NO", env=env)
    assert other.records[-1]["skipped"] == 2


def test_the_library_is_asked_for_by_name_if_it_is_missing(
    linksms: Linksms, gateway: Recorder, tmp_path: Path
) -> None:
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "phonenumbers.py").write_text("raise ImportError\n")
    env = account(gateway.url, PYTHONPATH=str(tmp_path / "hidden"), LINKSMS_COUNTRY="SE")
    done = linksms("send", *NATIONAL, env=env)
    assert (done.code, gateway.requests) == (3, [])
    assert "needs the package phonenumbers, which is not installed" in done.stderr
    assert "pipx install 'linksms-cli[country]'" in done.stderr
    rows = tmp_path / "rows.txt"
    rows.write_text("+99955501234\n0701234567\n")
    batch = linksms("send", "--batch", str(rows), "-f", "LINK", "Hi", env=env)
    assert (batch.code, batch.stdout, gateway.requests) == (3, "", [])
    # Numbers with a plus need neither.
    assert linksms("send", "-t", "+99955501234", "-f", "LINK", "Hi", env=env).code == 0


def test_the_library_is_loaded_for_a_national_number_alone(
    environment: dict[str, str], gateway: Recorder
) -> None:
    env = environment | account(gateway.url, LINKSMS_COUNTRY="SE")
    assert "phonenumbers" not in loaded(env, "send", "-t", "+99955501234", "-f", "LINK", "Hi")
    assert "phonenumbers" in loaded(env, "send", *NATIONAL)

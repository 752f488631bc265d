"""The table of places: which account, whole and from one place, for every way of asking."""

from dataclasses import dataclass, field, replace
from typing import Any

from linksms_cli.sms.account.guard import Guard
from linksms_cli.sms.account.profile import Account, Profile, ProfileFile, Settings

ENVIRONMENT = {
    "LINKSMS_BASE_URL": "https://env.example/smscsimplehttp",
    "LINKSMS_SERVICE_ID": "9",
    "LINKSMS_USERNAME": "env",
    "LINKSMS_PASSWORD": "env-password",
}


def profile(name: str, source: str | None = None) -> Profile:
    return Profile(
        base_url=f"https://{name}.example/smscsimplehttp",
        service_id=len(name),
        username=name,
        password=f"{name}-password",
        source=source,
    )


FILE = ProfileFile(
    path="/c.toml",
    default="prod",
    profiles={"prod": profile("prod", source="LINK"), "test": profile("test")},
)


def account(name: str, service_id: int) -> Account:
    return Account(
        base_url=f"https://{name}.example/smscsimplehttp",
        service_id=service_id,
        username=name,
        password=f"{name}-password",
    )


PROD = Settings(name="prod", account=account("prod", 4), is_default=True, source="LINK")
TEST = Settings(name="test", account=account("test", 4))
FROM_ENVIRONMENT = Settings(name=None, account=account("env", 9))


GUARD = "LINKSMS_ALLOWED_DESTINATIONS"
GUARDED = replace(
    FILE,
    default="test",
    profiles={"test": replace(profile("test"), allowed_destinations=("+46", "+47"))},
)
# Each way that leads to an account, with a guard in the environment that was set to nothing.
WAYS: dict[str, dict[str, Any]] = {
    "the default profile": {"environ": {GUARD: ""}},
    "-p": {"option": "test", "environ": {GUARD: ""}},
    "LINKSMS_PROFILE": {"environ": {GUARD: "", "LINKSMS_PROFILE": "test"}},
    "the environment": {"environ": ENVIRONMENT | {GUARD: ""}},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the table: what is asked for, and what it leads to."""

    says: str
    option: str | None = None
    environ: dict[str, str] = field(default_factory=dict)
    file: ProfileFile = FILE
    leads_to: Settings | str
    notices: tuple[str, ...] = ()


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in ENVIRONMENT.items() if name not in names}


PASSED_OVER = (
    "LINKSMS_BASE_URL, LINKSMS_SERVICE_ID, LINKSMS_USERNAME and LINKSMS_PASSWORD in the environment"
)
ROWS = [
    Row(says="nothing said: the default profile", leads_to=PROD),
    Row(says="-p", option="test", leads_to=TEST),
    Row(says="LINKSMS_PROFILE", environ={"LINKSMS_PROFILE": "test"}, leads_to=TEST),
    Row(
        says="LINKSMS_PROFILE with a final newline, as secret stores give it",
        environ={"LINKSMS_PROFILE": "test\n"},
        leads_to=TEST,
    ),
    Row(says="the environment", environ=ENVIRONMENT, leads_to=FROM_ENVIRONMENT),
    Row(
        says="the environment needs no file",
        environ=ENVIRONMENT,
        file=ProfileFile(path="/none"),
        leads_to=FROM_ENVIRONMENT,
    ),
    Row(
        says="-p over LINKSMS_PROFILE",
        option="test",
        environ={"LINKSMS_PROFILE": "prod"},
        leads_to=TEST,
    ),
    Row(
        says="-p over the environment, which it says",
        option="test",
        environ=ENVIRONMENT,
        leads_to=TEST,
        notices=(f"profile 'test' is used: {PASSED_OVER} ignored",),
    ),
    Row(
        says="-p over both",
        option="test",
        environ=ENVIRONMENT | {"LINKSMS_PROFILE": "prod"},
        leads_to=TEST,
        notices=(f"profile 'test' is used: {PASSED_OVER} ignored",),
    ),
    Row(
        says="-p over a part of an account",
        option="test",
        environ={"LINKSMS_USERNAME": "env"},
        leads_to=TEST,
        notices=("profile 'test' is used: LINKSMS_USERNAME in the environment ignored",),
    ),
    Row(
        says="environment and LINKSMS_PROFILE",
        environ=ENVIRONMENT | {"LINKSMS_PROFILE": "test"},
        leads_to="the environment sets an account (LINKSMS_BASE_URL, LINKSMS_SERVICE_ID, "
        "LINKSMS_USERNAME, LINKSMS_PASSWORD) and LINKSMS_PROFILE",
    ),
    Row(
        says="one account variable and LINKSMS_PROFILE",
        environ={"LINKSMS_PASSWORD": "x", "LINKSMS_PROFILE": "test"},
        leads_to="the environment sets an account (LINKSMS_PASSWORD) and LINKSMS_PROFILE",
    ),
    *(
        Row(
            says=f"the environment without {name}",
            environ=without(name),
            leads_to=f"incomplete account in the environment: {name} not set",
        )
        for name in ("LINKSMS_BASE_URL", "LINKSMS_SERVICE_ID", "LINKSMS_USERNAME")
    ),
    Row(
        says="the environment without a password, though the default profile has one",
        environ=without("LINKSMS_PASSWORD"),
        leads_to="incomplete account in the environment: "
        "LINKSMS_PASSWORD (or LINKSMS_PASSWORD_FILE) not set",
    ),
    Row(
        says="a password alone, though the default profile has the rest",
        environ={"LINKSMS_PASSWORD": "x"},
        leads_to="incomplete account in the environment: "
        "LINKSMS_BASE_URL, LINKSMS_SERVICE_ID and LINKSMS_USERNAME not set",
    ),
    Row(
        says="empty variables are not set",
        environ=dict.fromkeys([*ENVIRONMENT, "LINKSMS_PROFILE", "LINKSMS_SOURCE"], ""),
        leads_to=PROD,
    ),
    Row(
        says="an empty LINKSMS_PROFILE beside the environment",
        environ=ENVIRONMENT | {"LINKSMS_PROFILE": ""},
        leads_to=FROM_ENVIRONMENT,
    ),
    Row(says="an unknown profile", option="x", leads_to="no profile 'x' in /c.toml"),
    Row(
        says="an unknown LINKSMS_PROFILE",
        environ={"LINKSMS_PROFILE": "x"},
        leads_to="LINKSMS_PROFILE: no profile 'x' in /c.toml",
    ),
    Row(says="an empty -p", option="", leads_to="no profile '' in /c.toml"),
    Row(
        says="nothing at all",
        file=ProfileFile(path="/c.toml"),
        leads_to="no account: the environment sets none, and there is no profile in /c.toml",
    ),
    Row(
        says="settings alone are no account",
        environ={"LINKSMS_SOURCE": "LINK", "LINKSMS_ALLOW_HTTP": "1"},
        file=ProfileFile(path="/c.toml"),
        leads_to="no account: the environment sets none, and there is no profile in /c.toml",
    ),
    Row(
        says="profiles without a default",
        file=ProfileFile(path="/c.toml", profiles=FILE.profiles),
        leads_to="no profile is the default in /c.toml",
    ),
    Row(
        says="part of an account in a profile, though the environment has the rest",
        option="half",
        environ={"LINKSMS_PASSWORD": "x"},
        file=ProfileFile(path="/c.toml", profiles={"half": Profile(username="u")}),
        leads_to="incomplete account in profile 'half': "
        "no base_url, service_id and password in /c.toml",
        notices=("profile 'half' is used: LINKSMS_PASSWORD in the environment ignored",),
    ),
    Row(
        says="everything else of the environment",
        environ=ENVIRONMENT
        | {
            "LINKSMS_SOURCE": "72401",
            "LINKSMS_CA_BUNDLE": "/ca.pem",
            "LINKSMS_ALLOW_HTTP": "true",
            "LINKSMS_ALLOWED_DESTINATIONS": "+46 701, +4672,",
            "LINKSMS_ASYNC": "no",
        },
        leads_to=Settings(
            name=None,
            account=account("env", 9),
            source="72401",
            ca_bundle="/ca.pem",
            guards=(Guard(origin=GUARD, allowed=("+46701", "+4672")),),
            async_=False,
        ),
    ),
    Row(
        says="of a profile's gaps only source and CA bundle are filled, and guards add up",
        option="test",
        environ={
            "LINKSMS_SOURCE": "72401",
            "LINKSMS_CA_BUNDLE": "/ca.pem",
            "LINKSMS_ALLOW_HTTP": "true",
            "LINKSMS_ALLOWED_DESTINATIONS": "+4670",
            "LINKSMS_ASYNC": "true",
        },
        leads_to=Settings(
            name="test",
            account=account("test", 4),
            source="72401",
            ca_bundle="/ca.pem",
            guards=(Guard(origin=GUARD, allowed=("+4670",)),),
        ),
    ),
    Row(
        says="a profile's guard and that of the environment",
        environ={GUARD: "+4670"},
        file=GUARDED,
        leads_to=Settings(
            name="test",
            account=account("test", 4),
            is_default=True,
            guards=(
                Guard(origin="profile 'test'", allowed=("+46", "+47")),
                Guard(origin=GUARD, allowed=("+4670",)),
            ),
        ),
    ),
    *(
        Row(says=f"an empty guard beside {name}", **way, leads_to=f"{GUARD} is set, but empty")
        for name, way in WAYS.items()
    ),
    *(
        Row(
            says=f"a profile that is required, and {name}",
            environ=environ,
            file=replace(FILE, require_profile=True),
            leads_to="no profile is named, and /c.toml says require_profile = true",
        )
        for name, environ in {
            "a default": {},
            "LINKSMS_PROFILE": {"LINKSMS_PROFILE": "test"},
            "the environment": ENVIRONMENT,
        }.items()
    ),
    Row(
        says="a profile that is required, and -p",
        option="test",
        file=replace(FILE, require_profile=True),
        leads_to=TEST,
    ),
    Row(
        says="what a profile holds is no gap",
        environ={"LINKSMS_SOURCE": "72401"},
        leads_to=PROD,
    ),
    Row(
        says="a variable of the wrong form",
        environ=ENVIRONMENT | {"LINKSMS_SERVICE_ID": "1x"},
        leads_to="LINKSMS_SERVICE_ID must be a whole number, not '1x'",
    ),
    Row(
        says="two passwords",
        environ=ENVIRONMENT | {"LINKSMS_PASSWORD_FILE": "/run/secrets/p"},
        leads_to="the environment sets LINKSMS_PASSWORD and LINKSMS_PASSWORD_FILE",
    ),
    Row(
        says="plain HTTP over a network",
        environ=ENVIRONMENT | {"LINKSMS_BASE_URL": "http://env.example/x"},
        leads_to="the base URL http://env.example/x is plain HTTP: "
        "anyone on the way could read the password",
    ),
]

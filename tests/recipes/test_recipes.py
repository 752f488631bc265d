"""The pipelines' recipes, their very scripts run by a real shell against a recording gateway."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import pytest
import yaml
from packaging.requirements import Requirement

import generate
from linksms_cli.errors import ExitCode
from tests.loopback import Recorder, http
from tests.postgres import PostgresServer

ACTION = generate.REPOSITORY / ".github" / "actions" / "notify" / "action.yml"
TEMPLATE = generate.REPOSITORY / ".gitlab" / "linksms.yml"
WORKFLOW = generate.REPOSITORY / ".github" / "workflows" / "ci.yml"
FACTS = generate.REPOSITORY / ".ci" / "derived" / "manual" / "facts.toml"
ACCOUNT = (
    "LINKSMS_BASE_URL",
    "LINKSMS_SERVICE_ID",
    "LINKSMS_USERNAME",
    "LINKSMS_PASSWORD",
    "LINKSMS_PASSWORD_FILE",
)
PASSWORD = "pa55-marked"
DATABASE_PASSWORD = "db-pa55-marked"
TEXT = "- Build \"7\" failed; $(touch pwned) `touch pwned` ${HOME} '::error::' – $TO"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A step that has ended: its exit code, its log, and what it left for later steps."""

    code: int
    log: str
    outputs: dict[str, str]


Notify = Callable[..., Job]


@pytest.fixture
def environ(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """What a runner gives a job: folders, and the program where the recipe installs it."""
    program = tmp_path / "linksms" / "bin" / "linksms"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m linksms_cli "$@"\n')
    program.chmod(0o755)
    return environment | {
        "PATH": f"{program.parent}{os.pathsep}{environment['PATH']}",
        "PYTHONPATH": str(generate.REPOSITORY),
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "outputs"),
        "LINKSMS_SERVICE_ID": "12345",
        "LINKSMS_USERNAME": "acme",
        "LINKSMS_PASSWORD": PASSWORD,
        "CI_PIPELINE_ID": "4711",
    }


def load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def action(url: str, environ: dict[str, str], work: Path, **inputs: str) -> Job:
    """Run the action's last step as the runner does, its `env` filled from the inputs."""
    step = load(ACTION)["runs"]["steps"][-1]
    context = {f"${{{{ inputs.{name} }}}}": value for name, value in inputs.items()}
    context["${{ inputs.status || job.status }}"] = inputs.get("status", "failure")
    filled = {name: context[expression] for name, expression in step["env"].items()}
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    account = {"LINKSMS_BASE_URL": url, "GITHUB_ACTION_PATH": str(ACTION.parent)}
    return run(shell, environ | filled | account, work)


def template(shell: list[str], url: str, environ: dict[str, str], work: Path, **inputs: str) -> Job:
    """Run the template's script but for its installation, as GitLab's runner does."""
    _install, script = load(TEMPLATE)["linksms"]["script"]
    notify = {f"NOTIFY_{name.upper()}": value for name, value in inputs.items()}
    return run([*shell, "-c", script], environ | notify | {"LINKSMS_BASE_URL": url}, work)


def run(words: list[str], environ: dict[str, str], work: Path) -> Job:
    outputs = Path(environ["GITHUB_OUTPUT"])
    outputs.write_text("")
    done = subprocess.run(
        words,
        env=environ,
        cwd=work,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert PASSWORD not in done.stdout
    assert not list(work.glob("pwned"))
    lines = outputs.read_text().splitlines()
    return Job(code=done.returncode, log=done.stdout, outputs=dict(s.split("=", 1) for s in lines))


@pytest.fixture(params=["github", "gitlab-bash", "gitlab-sh"])
def notify(request: pytest.FixtureRequest, environ: dict[str, str], tmp_path: Path) -> Notify:
    work = tmp_path / "work"
    work.mkdir()
    usual = {"to": "+99955501234 +99955505678", "from": "LINK", "text": TEXT, "once": "run-1"}

    def call(url: str, **inputs: str) -> Job:
        given = usual | inputs
        if request.param == "github":
            return action(url, environ, work, **given)
        shell = ["bash", "-eo", "pipefail"] if request.param == "gitlab-bash" else ["sh", "-e"]
        return template(shell, url, environ, work, **given)

    return call


def test_the_text_arrives_as_it_is_and_nothing_in_it_is_run(notify: Notify) -> None:
    with Recorder(http(b"1005;Queued;abc")) as gateway:
        job = notify(gateway.url)
    assert (job.code, "accepted" in job.log) == (0, True), job.log
    sent = [parse_qs(line.split("?", 1)[1].split(" ")[0]) for line in gateway.request_lines]
    assert [one["Destination"] for one in sent] == [["+99955501234"], ["+99955505678"]]
    assert {one["Userdata"][0] for one in sent} == {TEXT}


def test_a_rejected_text_is_no_riddle(notify: Notify) -> None:
    with Recorder(http(b"2104;Unknown subscriber;")) as gateway:
        job = notify(gateway.url, to="+99955501234")
    assert job.code == 5, job.log
    assert "+99…34" in job.log
    assert "the gateway rejected it: 2104 Unknown subscriber" in job.log
    assert "Check the number." in job.log
    assert len(gateway.requests) == 1


def test_what_may_go_through_later_is_not_called_hopeless(notify: Notify) -> None:
    with Recorder(http(b"106;Quota Exceeded;")) as gateway:
        job = notify(gateway.url, to="+99955501234")
    assert (job.code, "106 Quota Exceeded" in job.log) == (5, True), job.log
    assert "would be rejected again" not in job.log


def test_of_two_recipients_each_is_told(notify: Notify) -> None:
    answers = (http(b"1005;Queued;first"), http(b"2104;Unknown subscriber;"))
    with Recorder(*answers) as gateway:
        job = notify(gateway.url)
    assert job.code == 9, job.log
    assert re.search(r"accepted.*1005 Queued", job.log)
    assert re.search(r"rejected.*2104 Unknown subscriber", job.log)
    assert "No text sent" not in job.log


def test_a_number_is_not_shown_in_full(notify: Notify) -> None:
    with Recorder(http(b"2104;Unknown subscriber;")) as gateway:
        job = notify(gateway.url)
    shown = [line for line in job.log.splitlines() if not line.startswith("::add-mask::")]
    assert [line for line in shown if "99955501234" in line or "99955505678" in line] == []


@pytest.mark.parametrize(
    ("inputs", "code", "said"),
    [
        ({"to": "0701740605"}, 2, "not in international form"),
        ({"text": " "}, 2, "the text is empty"),
        ({"text": "x" * 1378}, 10, "takes 1378 units"),
    ],
)
def test_what_is_refused_before_it_is_sent_says_why(
    notify: Notify, inputs: dict[str, str], code: int, said: str
) -> None:
    with Recorder() as gateway:
        job = notify(gateway.url, **inputs)
    assert (job.code, gateway.requests) == (code, [])
    assert said in job.log


def test_what_took_no_effect_may_be_run_again(notify: Notify) -> None:
    with Recorder(http(b"", "429 Too Many Requests")) as gateway:
        job = notify(gateway.url, to="+99955501234")
    assert (job.code, "429" in job.log) == (6, True), job.log
    assert len(gateway.requests) == 4


def test_what_may_have_been_sent_is_not_sent_again(notify: Notify) -> None:
    with Recorder(lambda connection: connection.close()) as gateway:
        for _ in range(2):  # within one store the key protects
            job = notify(gateway.url, to="+99955501234")
            assert (job.code, "may have been sent" in job.log) == (7, True), job.log
            assert "::error" not in job.log
    assert len(gateway.requests) == 1


def test_the_action_says_what_became_of_it(environ: dict[str, str], tmp_path: Path) -> None:
    usual = {"to": "+99955501234\n+99955505678", "from": "LINK", "text": "x", "once": "run-1"}
    answers = (http(b"1005;Queued;first"), http(b"2104;Unknown subscriber;"))
    with Recorder(*answers) as gateway:
        job = action(gateway.url, environ, tmp_path, **usual)
    assert job.outputs == {"exit-code": "9", "message-ids": "first"}
    assert "::add-mask::+99955501234\n::add-mask::+99955505678\n" in job.log
    assert "::error title=Text rejected::+99…78 rejected: " in job.log


def test_no_answer_of_a_gateway_is_a_command_to_the_runner(
    environ: dict[str, str], tmp_path: Path
) -> None:
    usual = {"to": "+99955501234 +99955505678", "from": "LINK", "text": "x", "once": "run-1"}
    answers = (
        http(b"1005;Queued%0A::error::x ##[set-output name=y]z;id%0A::set-output name=y::z"),
        http(b"2104;Unknown::%25\r\n::error::x;"),
    )
    with Recorder(*answers) as gateway:
        job = action(gateway.url, environ, tmp_path, **usual)
    commands = [line for line in job.log.splitlines() if line.startswith("::")]
    assert {line.split("::")[1].split(" ")[0] for line in commands} <= {"add-mask", "error"}
    assert [line for line in commands if line.startswith("::error::x")] == []
    # Of an older kind that is obeyed wherever it stands, unless the line is a newer one.
    assert [line for line in job.log.splitlines() if "##[" in line and line not in commands] == []


def test_the_action_shows_what_nobody_foresaw(environ: dict[str, str], tmp_path: Path) -> None:
    """A program that breaks: its own words are in the log, and nothing is claimed of the text."""
    Path(environ["RUNNER_TEMP"], "linksms", "bin", "linksms").write_text(
        "#!/bin/sh\ncat >/dev/null; echo 'Traceback: ::error::boom' >&2; exit 1\n"
    )
    usual = {"to": "+99955501234", "from": "LINK", "text": "x", "once": "run-1"}
    job = action("http://127.0.0.1:9/", environ, tmp_path, **usual)
    assert (job.code, job.outputs) == (1, {"exit-code": "1", "message-ids": ""})
    assert "Traceback: : :error: :boom" in job.log
    assert "linksms ended with exit code 1 and no result." in job.log


def test_the_action_texts_only_on_failure(environ: dict[str, str], tmp_path: Path) -> None:
    usual = {"to": "+99955501234", "from": "LINK", "text": "x", "once": "run-1"}
    with Recorder() as gateway:
        job = action(gateway.url, environ, tmp_path, status="success", **usual)
    assert (job.code, job.outputs, gateway.requests) == (0, {}, [])
    assert load(TEMPLATE)["linksms"]["when"] == "on_failure"


def shown(path: Path, name: str, word: str = "") -> Any:
    """Return a job that a recipe's comment shows, the first with that word in it."""
    comment = path.read_text(encoding="utf-8").replace("#   ", "")
    jobs = re.findall(rf"^{name}:\n(?: .*\n)+", comment, re.MULTILINE)
    return yaml.safe_load(next(job for job in jobs if word in job))[name]


def test_a_last_job_texts_for_the_others() -> None:
    """Nothing in that job itself has failed, so it says so to the action; its store is kept."""
    job = shown(ACTION, "notify")
    restore, text, save = job["steps"]
    assert (job["needs"], job["if"]) == (["build", "test"], "failure()")
    assert set(text["with"]) <= set(load(ACTION)["inputs"])
    assert text["with"]["status"] == "failure"
    folder = restore["with"]["path"]
    assert job["env"]["LINKSMS_STATE"].endswith(f"/{folder}")
    assert (save["if"], save["with"]) == (
        "always()",
        {"path": folder, "key": restore["with"]["key"]},
    )


def on_new_runner(environ: dict[str, str], name: str, address: str) -> dict[str, str]:
    """What a job finds on a runner that has nothing of an earlier one."""
    folder = Path(environ["RUNNER_TEMP"]) / name
    folder.mkdir()
    (folder / "linksms").symlink_to(Path(environ["RUNNER_TEMP"]) / "linksms")
    home = {"HOME": str(folder), "RUNNER_TEMP": str(folder), "PGPASSWORD": DATABASE_PASSWORD}
    return environ | home | {"LINKSMS_STATE": address}


@pytest.mark.parametrize("recipe", ["github", "gitlab"])
def test_a_shared_store_makes_a_key_hold_across_runners_and_re_runs(
    environ: dict[str, str], tmp_path: Path, postgres: PostgresServer, recipe: str
) -> None:
    """With the very variables that the recipe shows; only the server is ours."""
    variables = (
        shown(ACTION, "shared")["steps"][0]["env"]
        if recipe == "github"
        else shown(TEMPLATE, "linksms", "postgresql")["variables"]
    )
    assert variables["LINKSMS_STATE"].startswith("postgresql://linksms@")
    address, text = postgres.database(), {"to": "+99955501234", "from": "LINK", "text": "x"}
    with Recorder(http(b"1005;Queued;abc")) as gateway:
        jobs = []
        for runner in ("first", "re-run"):
            given = on_new_runner(environ, runner, address)
            if recipe == "github":
                jobs.append(action(gateway.url, given, tmp_path, once="4711", **text))
            else:
                jobs.append(template(["sh", "-e"], gateway.url, given, tmp_path, **text))
    assert [job.code for job in jobs] == [0, 0], jobs
    assert len(gateway.requests) == 1
    assert ("skipped" in jobs[0].log, "skipped" in jobs[1].log) == (False, True)
    assert DATABASE_PASSWORD not in jobs[0].log + jobs[1].log


def test_the_template_says_something_of_every_exit_code() -> None:
    _install, script = load(TEMPLATE)["linksms"]["script"]
    pages = tomllib.loads(FACTS.read_text(encoding="utf-8"))["pages"]
    labels = re.findall(r"^ *([0-9 |]+)\) echo", script, re.MULTILINE)
    named = {int(code) for label in labels for code in label.split("|")}
    # 8 is what a wait may end with, and the template does not wait.
    assert named == set(pages["send"]["exit"]) - {ExitCode.PENDING}


class Installation(NamedTuple):
    """What a recipe's installation ran: the words after `pip`, and the account that each saw."""

    code: int
    calls: list[list[str]]
    seen: set[str]
    log: str


@pytest.fixture(params=["github", "gitlab"])
def install(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Installation]:
    """Run a recipe's installation with programs that only take down how they are called."""
    programs = tmp_path / "programs"
    programs.mkdir()
    calls, seen = tmp_path / "calls", tmp_path / "seen"
    pip = f'#!/bin/sh\nprintf "%s\\n" "$*" >>{calls}; env >>{seen}\n'
    for name, text in {
        "pip": pip,
        "python3": f'#!/bin/sh\nmkdir -p "$3/bin"; cp {programs}/pip "$3/bin/pip"\n',
    }.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)

    def call(**environ: str) -> Installation:
        account = dict.fromkeys(ACCOUNT, PASSWORD)
        environ |= {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
        if request.param == "github":
            step = load(ACTION)["runs"]["steps"][0]
            account |= {"RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": str(ACTION.parent)}
            words = ["bash", "-eo", "pipefail", "-c", step["run"]]
            account |= step["env"]
        else:
            words = ["sh", "-ec", load(TEMPLATE)["linksms"]["script"][0]]
        done = subprocess.run(
            words, env=account | environ, capture_output=True, text=True, check=False
        )
        called = calls.read_text().splitlines() if calls.exists() else []
        passed = seen.read_text().splitlines() if seen.exists() else []
        return Installation(
            code=done.returncode,
            calls=[line.split() for line in called],
            seen={line for line in passed if PASSWORD in line},
            log=done.stderr,
        )

    return call


@pytest.mark.parametrize(
    ("state", "is_on_server"),
    [
        ("postgresql://linksms@db/linksms", True),
        ("postgres://linksms@db/linksms", True),
        ("service=linksms", True),
        ("/builds/state", False),
    ],
)
def test_the_driver_is_installed_for_a_server_alone_and_does_not_see_it(
    tmp_path: Path, install: Callable[..., Installation], state: str, is_on_server: bool
) -> None:
    lists = (
        "https://x/r.txt https://x/requirements-postgres.txt" if is_on_server else "https://x/r.txt"
    )
    told = {"LINKSMS_STATE": state, "PGPASSWORD": PASSWORD, "LINKSMS_REQUIREMENTS": lists}
    done = install(**PACKAGE | told)
    assert (done.code, done.seen) == (0, set())
    dependencies, _program = done.calls
    named = [word for word in dependencies if word.endswith(".txt")]
    assert [word.endswith("/requirements-postgres.txt") for word in named] == (
        [False, True] if is_on_server else [False]
    )
    assert sum(word in {"-r", "--requirement"} for word in dependencies) == len(named)
    assert not [line for line in (tmp_path / "seen").read_text().splitlines() if state in line]


PACKAGE = {"LINKSMS_PACKAGE": "https://x/linksms.tar.gz", "LINKSMS_REQUIREMENTS": "https://x/r.txt"}


def test_what_installs_does_not_see_the_account(install: Callable[..., Installation]) -> None:
    done = install(**PACKAGE)
    assert (done.code, done.seen) == (0, set())
    dependencies, program = done.calls
    assert {"--require-hashes", "--only-binary", ":all:"} <= set(dependencies)
    assert {"--no-deps", "--no-build-isolation"} <= set(program)


def test_the_template_installs_nothing_that_is_not_named(tmp_path: Path) -> None:
    """A name of its own would be whose it is: it stands in a job that holds the password."""
    job = load(TEMPLATE)["linksms"]
    assert set(PACKAGE) & set(job["variables"]) == set()
    for missing in PACKAGE:
        left = {name: value for name, value in PACKAGE.items() if name != missing}
        done = subprocess.run(
            ["sh", "-ec", job["script"][0]],
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **left},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode != 0
        assert f"{missing}: says w" in done.stderr


def test_every_dependency_is_pinned() -> None:
    """`.ci/lock` pins them anew."""
    project = tomllib.loads((generate.REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    needed = project["project"]["dependencies"] + project["build-system"]["requires"]
    on_server = project["project"]["optional-dependencies"]["postgres"]
    base, more = pins("requirements.txt"), pins("requirements-postgres.txt")
    assert not set(base) & set(more)
    assert {"psycopg", "psycopg-binary"} <= set(more)
    wanted = [Requirement(line) for line in needed + on_server]
    versions = base | more
    unmet = [str(one) for one in wanted if not one.specifier.contains(versions[one.name])]
    assert unmet == []


def pins(name: str) -> dict[str, str]:
    """Return the version of each package that a list pins."""
    lines = (generate.REPOSITORY / ".ci" / name).read_text().splitlines()
    found = [Requirement(line.removesuffix("\\")) for line in lines if line[:1].isalnum()]
    versions = {pin.name: str(pin.specifier).removeprefix("==") for pin in found}
    assert len(versions) == len(found)
    return versions


def test_no_expression_stands_in_a_script() -> None:
    scripts = [step["run"] for step in load(ACTION)["runs"]["steps"]]
    assert [script for script in scripts if "${{" in script] == []


def test_exit_7_is_neither_a_failure_nor_tried_again_by_gitlab() -> None:
    job = load(TEMPLATE)["linksms"]
    assert (job["retry"]["exit_codes"], job["allow_failure"]["exit_codes"]) == (6, 7)


def test_zizmor_finds_nothing() -> None:
    program = str(Path(sys.executable).with_name("zizmor"))
    words = [program, "--offline", "--no-progress", "--persona", "auditor"]
    done = subprocess.run(
        [*words, str(ACTION), str(WORKFLOW)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr

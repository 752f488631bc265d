"""The pipelines' recipes, their very scripts run by a real shell against a recording gateway."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import yaml

import generate
from tests.loopback import Recorder, http

ACTION = generate.REPOSITORY / ".github" / "actions" / "notify" / "action.yml"
TEMPLATE = generate.REPOSITORY / ".gitlab" / "linksms.yml"
WORKFLOW = generate.REPOSITORY / ".github" / "workflows" / "ci.yml"
PASSWORD = "pa55-marked"
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
    context = {"${{ job.status }}": "failure"}
    context |= {f"${{{{ inputs.{name} }}}}": value for name, value in inputs.items()}
    filled = {name: context[expression] for name, expression in step["env"].items()}
    if "status" in inputs:
        filled["STATUS"] = inputs["status"]
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return run(shell, environ | filled | {"LINKSMS_BASE_URL": url}, work)


def template(shell: list[str], url: str, environ: dict[str, str], work: Path, **inputs: str) -> Job:
    """Run the template's script but for its installation, as GitLab's runner does."""
    install, script = load(TEMPLATE)["linksms"]["script"]
    assert install.startswith("pip install ")
    notify = {f"NOTIFY_{name.upper()}": value for name, value in inputs.items()}
    return run([*shell, "-c", script], environ | notify | {"LINKSMS_BASE_URL": url}, work)


def test_the_template_installs_nothing_that_is_not_named(tmp_path: Path) -> None:
    """A name of its own would be whose it is: it stands in a job that holds the password."""
    job = load(TEMPLATE)["linksms"]
    assert "LINKSMS_PACKAGE" not in job["variables"]
    done = subprocess.run(
        ["sh", "-ec", job["script"][0]],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "LINKSMS_PACKAGE: says what to install, pinned" in done.stderr


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
    assert (job.code, "Accepted" in job.log) == (0, True), job.log
    sent = [parse_qs(line.split("?", 1)[1].split(" ")[0]) for line in gateway.request_lines]
    assert [one["Destination"] for one in sent] == [["+99955501234"], ["+99955505678"]]
    assert {one["Userdata"][0] for one in sent} == {TEXT}


def test_a_rejected_text_is_no_riddle(notify: Notify) -> None:
    with Recorder(http(b"2104;Unknown subscriber;")) as gateway:
        job = notify(gateway.url, to="+99955501234")
    assert (job.code, "would be rejected again" in job.log) == (5, True), job.log
    assert len(gateway.requests) == 1


def test_what_took_no_effect_may_be_run_again(notify: Notify) -> None:
    with Recorder(http(b"", "429 Too Many Requests")) as gateway:
        job = notify(gateway.url, to="+99955501234")
    assert (job.code, "took no effect" in job.log) == (6, True), job.log
    assert len(gateway.requests) == 4


def test_what_may_have_been_sent_is_not_sent_again(notify: Notify) -> None:
    with Recorder(lambda connection: connection.close()) as gateway:
        for _ in range(2):  # within one store the key protects
            job = notify(gateway.url, to="+99955501234")
            assert (job.code, "may have been sent" in job.log) == (7, True), job.log
    assert len(gateway.requests) == 1


def test_the_action_says_what_became_of_it(environ: dict[str, str], tmp_path: Path) -> None:
    usual = {"to": "+99955501234\n+99955505678", "from": "LINK", "text": "x", "once": "run-1"}
    answers = (http(b"1005;Queued;first"), http(b"2104;Unknown subscriber;"))
    with Recorder(*answers) as gateway:
        job = action(gateway.url, environ, tmp_path, **usual)
    assert job.outputs == {"exit-code": "9", "message-ids": "first"}
    assert "::add-mask::+99955501234\n::add-mask::+99955505678\n" in job.log


def test_the_action_texts_only_on_failure(environ: dict[str, str], tmp_path: Path) -> None:
    usual = {"to": "+99955501234", "from": "LINK", "text": "x", "once": "run-1"}
    with Recorder() as gateway:
        job = action(gateway.url, environ, tmp_path, status="success", **usual)
    assert (job.code, job.outputs, gateway.requests) == (0, {}, [])
    assert load(TEMPLATE)["linksms"]["when"] == "on_failure"


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

"""README's tests in other people's languages, run as they stand there."""

import re
import sys
from pathlib import Path

import pytest

from tests.conftest import needs
from tests.readme import README
from tests.test_readme import on_free_ports, run

TEXT = README.read_text("utf-8")


def block(language: str, word: str) -> str:
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    (found,) = [str(each) for each in blocks if word in each]
    return found


SHOP_PY = """
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen


def send_receipt(number, gateway):
    values = {"ServiceId": 1, "Username": "shop", "Password": "secret", "Source": "SHOP"}
    values |= {"Destination": number, "Userdata": "Thank you for your order."}
    for _ in range(TRIES):
        try:
            with urlopen(Request(f"{gateway}?{urlencode(values)}", b"")) as answer:
                return answer.read()
        except HTTPError as failure:
            failure.close()
"""
SHOP_JS = """
export async function sendReceipt(number, gateway) {
  const query = new URLSearchParams({ ServiceId: 1, Username: "shop", Password: "secret",
    Source: "SHOP", Destination: number, Userdata: TEXT });
  const answer = await fetch(`${gateway}?${query}`, { method: "POST" });
  const [code] = (await answer.text()).split(";");
  return code === "2104" ? "Please check your number." : "Thank you.";
}
"""
RECEIPT_SH = """#!/bin/sh
query="ServiceId=1&Username=shop&Password=secret&Source=SHOP&Destination=%2B${1#+}"
curl -sf RETRY -X POST "$2?$query&Userdata=Thank%20you%20for%20your%20order."
"""


# Each is run against an application that is right, and against one that is not: it must notice.
@pytest.mark.parametrize(("tries", "code"), [(3, 0), (1, 1)])
def test_pytest(tmp_path: Path, tries: int, code: int) -> None:
    example = block("python", "@pytest.fixture")
    (tmp_path / "shop.py").write_text(SHOP_PY.replace("TRIES", str(tries)))
    (tmp_path / "test_shop.py").write_text(example)
    done = run(f"{sys.executable} -m pytest -q -p no:cacheprovider -W error test_shop.py", tmp_path)
    assert done.returncode == code, done.stdout + done.stderr
    assert f"1 {'failed' if code else 'passed'}" in done.stdout


@needs("node")
@pytest.mark.parametrize(("text", "code"), [("Thank you for your order.", 0), ("Thanks.", 1)])
def test_node(tmp_path: Path, text: str, code: int) -> None:
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "shop.js").write_text(SHOP_JS.replace("TEXT", f'"{text}"'))
    (tmp_path / "shop.test.js").write_text(block("js", "node:test"))
    done = run("node --test --test-reporter=tap shop.test.js", tmp_path)
    assert done.returncode == code, done.stdout + done.stderr
    assert f"# {'fail' if code else 'pass'} 1" in done.stdout


@needs("curl")
@pytest.mark.parametrize(("retry", "code"), [("--retry 3 --retry-delay 1", 0), ("", 1)])
def test_curl(tmp_path: Path, retry: str, code: int) -> None:
    script = tmp_path / "receipt.sh"
    script.write_text(RECEIPT_SH.replace("RETRY", retry))
    script.chmod(0o755)
    done = run(on_free_ports(block("sh", "receipt.sh")), tmp_path)
    assert done.returncode == code, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("language", "word"), [("python", "@pytest"), ("js", "node:test"), ("sh", "receipt.sh")]
)
def test_each_has_fifteen_lines_at_most(language: str, word: str) -> None:
    lines = [line for line in block(language, word).splitlines() if line.strip()]
    assert len(lines) <= 15
    assert [line for line in lines if len(line) > 100] == []

"""Show what became of each recipient as an annotation of the run, and set the action's outputs.

``python3 annotate.py EXIT_CODE RESULTS REMARKS``: what `linksms send --json` ended with, and the
files that hold its stdout and its stderr.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

# outcome: how loud it is, and what stands above its annotation. An accepted text needs none.
_TITLES = {
    "rejected": ("error", "Text rejected"),
    "not_sent": ("error", "Text not sent"),
    "refused": ("error", "Text not sent"),
    "unknown": ("warning", "Text perhaps sent"),
}
# The same for a recipient whose text went out, or may have, in an earlier run under the same key.
_SKIPPED = {"once_unknown": "unknown", "once_billed": "rejected"}


def main(code: str, results_file: str, remarks_file: str) -> None:
    """Print the annotations, and write the outputs."""
    results = [json.loads(line) for line in _lines(results_file)]
    for result in results:
        print(f"::add-mask::{result['to']}")
        print(_annotation(result))
    for line in _lines(remarks_file):
        print(_remark(line, title="Text" if results else "No text sent"))
    if not results:
        print(_on_one_line(f"linksms ended with exit code {code} and no result."))
    ids = " ".join(result["message_id"] for result in results if result["message_id"])
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.write(f"exit-code={code}\nmessage-ids={_on_one_line(ids)}\n")


def _lines(file: str) -> list[str]:
    return Path(file).read_text(encoding="utf-8").splitlines()


def _annotation(result: dict[str, Any]) -> str:
    error = result["error"] or {}
    outcome = _SKIPPED.get(error.get("kind"), result["outcome"])
    # Enough of a number to know whose it is, not enough to call it.
    number = f"{result['to'][:3]}…{result['to'][-2:]}"
    words = [f"{number} {result['outcome'].replace('_', ' ')}"]
    if error:
        words.append(error["message"])
    elif result["result_code"] is not None:
        words.append(f"{result['result_code']} {result['description']}")
    told = ": ".join(words)
    if outcome not in _TITLES:
        return _on_one_line(told)
    if error.get("hint"):
        told += f". {error['hint']}"
    return _command(*_TITLES[outcome], told)


def _remark(line: str, *, title: str) -> str:
    """Return a line of stderr: an error, a warning, or something unforeseen."""
    try:
        remark = json.loads(line)
    except ValueError:
        remark = line
    match remark:
        case {"error": {"message": message, "hint": hint}}:
            return _command("error", title, f"{message}. {hint}" if hint else message)
        case {"warning": str() as warning}:
            return _on_one_line(f"warning: {warning}")
    return _on_one_line(line)


def _command(level: str, title: str, message: str) -> str:
    """Return a workflow command; what would end it early, or begin another one, is escaped."""
    escaped = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level} title={title}::{escaped}"


def _on_one_line(text: str) -> str:
    """Return text from outside so that it begins no line of its own, and holds no command.

    The runner obeys `::command::` at the beginning of a line, and `##[command]` anywhere in it.
    """
    return " ".join(text.split()).replace("::", ": :").replace("##[", "## [")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Change each literal in the tables of a module of `sms/`, and show what no test notices.

``.venv/bin/python .ci/literals.py MODULE... -- TEST...``, as `mutants.py` takes them. That one
changes what functions do; a table, a set of words or a limit at the top of a module is left to this
one. A number becomes the next one, a text gets a letter more, a switch is turned. Sentences are
left alone. Each change takes a run of the tests in a process of its own, on a copy.
"""

import ast
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mutants import are_failing, copy

# What was compiled of the module before a change must not be taken for it.
_FRESH = {"PYTHONDONTWRITEBYTECODE": "1"}


class Change(NamedTuple):
    """A module's code with one literal changed; `said` tells which one, and what it became."""

    said: str
    code: str


def main(words: list[str]) -> int:
    """Try each change, print the table; 1 if one is left, 2 for usage."""
    if "--" not in words or words[0] == "--" or words[-1] == "--":
        print("usage: .ci/literals.py MODULE... -- TEST...", file=sys.stderr)
        return 2
    modules, tests = words[: words.index("--")], words[words.index("--") + 1 :]
    print(f"{'module':44}{'literals':>9}{'killed':>8}{'left':>8}")
    is_left = False
    with tempfile.TemporaryDirectory(prefix="linksms-literals-") as made:
        folder = Path(made)
        copy(folder, [], tests)
        named = [f"tests/{test}" for test in tests]
        if are_failing(folder, named, _FRESH):
            print("The tests fail without any change.", file=sys.stderr)
            return 2
        for module in modules:
            place = folder / "linksms_cli" / module
            code = place.read_text(encoding="utf-8")
            tried, left = 0, []
            for change in changes(code):
                place.write_text(change.code, encoding="utf-8")
                tried += 1
                if not are_failing(folder, named, _FRESH):
                    left.append(change.said)
            place.write_text(code, encoding="utf-8")
            print(f"{module:44}{tried:9}{tried - len(left):8}{len(left):8}", *left, sep="\n  ")
            is_left = is_left or bool(left)
    return 1 if is_left else 0


def changes(code: str) -> Iterator[Change]:
    """Return each change of a literal in what a module assigns when it is imported."""
    lines = code.splitlines(keepends=True)
    for literal in literals(ast.parse(code)):
        changed = other(literal.value)
        if changed is None or literal.lineno != literal.end_lineno:
            continue
        number = literal.lineno - 1
        line = lines[number].encode()
        line = line[: literal.col_offset] + repr(changed).encode() + line[literal.end_col_offset :]
        yield Change(
            f"{literal.lineno}: {literal.value!r} -> {changed!r}",
            "".join([*lines[:number], line.decode(), *lines[number + 1 :]]),
        )


def literals(module: ast.Module) -> Iterator[ast.Constant]:
    """Return the literals at the top of a module and in its enumerations, f-strings left out."""
    enumerations = [
        node
        for node in module.body
        if isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(one) for one in node.bases)
    ]
    for statement in [*module.body, *(line for one in enumerations for line in one.body)]:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value:
            joined = [node for node in ast.walk(statement) if isinstance(node, ast.JoinedStr)]
            inside = {node for one in joined for node in ast.walk(one)}
            for node in ast.walk(statement.value):
                if isinstance(node, ast.Constant) and node not in inside:
                    yield node


def other(value: object) -> object:
    """Return what to put in the place of a literal, None to leave it alone."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case float():
            return value * 2
        case str() if not (" " in value and len(value) > 25):
            return value + "X"
        case _:
            return None


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""Change each literal in the tables of a module of `sms/`, and show what no test notices.

``.venv/bin/python .ci/literals.py MODULE... -- TEST...``, as `mutants.py` takes them. That one
changes what functions do; a table, a set of words or a limit at the top of a module is left to this
one. A number becomes the next one, also one that says how often a pattern repeats. A text gets a
letter more, and a set of characters loses each of its own in turn. A switch is turned. Sentences
and f-strings are left alone. Each change takes a run of the tests in a process of its own, on a
copy.
"""

import ast
import re
import sys
import tempfile
from collections.abc import Iterator
from itertools import accumulate
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
    print(f"{'module':44}{'changes':>9}{'killed':>8}{'left':>8}")
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
    octets = code.encode()
    lines = [0, *accumulate(map(len, octets.splitlines(keepends=True)))]
    for literal in literals(ast.parse(code)):
        start = lines[literal.lineno - 1] + literal.col_offset
        end = lines[(literal.end_lineno or 1) - 1] + (literal.end_col_offset or 0)
        for changed in others(literal.value):
            yield Change(
                f"{literal.lineno}: {literal.value!r} -> {changed!r}",
                (octets[:start] + repr(changed).encode() + octets[end:]).decode(),
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


def others(value: object) -> Iterator[object]:
    """Return what to put in the place of a literal, one after the other."""
    match value:
        case bool():
            yield not value
        case int():
            yield value + 1
        case float():
            yield value * 2
        case bytes():
            yield value + b"X"
        case str() if not (" " in value and len(value) > 25):
            yield value + "X"
            if not re.search("[A-Za-z0-9]", value):  # a set of characters
                yield from (value[:at] + value[at + 1 :] for at in range(len(value)))
            for count in re.finditer(r"(?<=[{,])[0-9]+(?=[,}])", value):  # of a pattern
                yield f"{value[: count.start()]}{int(count[0]) + 1}{value[count.end() :]}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

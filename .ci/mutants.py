"""Change code in every small way, one at a time, and show what no test notices.

``pip install mutmut``, then ``.venv/bin/python .ci/mutants.py MODULE... -- TEST...``, modules below
`linksms_cli` and tests below `tests`: ``sms/mt/verdict.py -- sms/mt``. It works on a copy, and it
is slow: it is for a developer, not for CI.

mutmut forks every mutant from a process that has imported the modules already, so it takes what
runs at import for untested. That is tried again, each mutant in a process of its own, with all the
tests named.
"""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
SETTINGS = """
[tool.mutmut]
source_paths = ["linksms_cli"]
only_mutate = {modules}
pytest_add_cli_args_test_selection = {tests}
also_copy = ["tests", "README.md", ".github", ".ci", ".gitlab", "man", "completions"]
pytest_add_cli_args = {arguments}
"""
ARGUMENTS = ["-p", "no:cacheprovider", "-p", "no:xdist"]
# A mutant runs the tests that call its function: few examples each, the same every time, and none
# made smaller that fails. No test finds in a cache what another one has put there, or it would call
# nothing.
EXAMPLES = """
hypothesis.settings.register_profile(
    "mutants",
    deadline=None,
    max_examples=12,
    derandomize=True,
    database=None,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)
hypothesis.settings.load_profile("mutants")
_CACHES = []


def pytest_runtest_setup():
    import functools
    import gc

    if not _CACHES:
        cached = functools._lru_cache_wrapper
        _CACHES.extend(found for found in gc.get_objects() if isinstance(found, cached))
    for found in _CACHES:
        found.cache_clear()
"""
# `mutmut show` for many at once: each of its processes would take a second to start.
SHOW = """
import json, sys
from mutmut.mutation.diff_apply import get_diff_for_mutant
print(json.dumps({name: get_diff_for_mutant(name) for name in json.load(sys.stdin)}))
"""
# Which functions run while a module is imported.
IMPORT = """
import importlib, json, sys
called = set()
sys.setprofile(lambda frame, event, argument: called.add(frame.f_code.co_name))
importlib.import_module(sys.argv[1])
sys.setprofile(None)
print(json.dumps(sorted(called)))
"""
SURVIVED, UNTESTED = 0, 33
LITERAL = re.compile(r'f?"((?:[^"\\]|\\.)*)"')


def main(words: list[str]) -> int:
    """Make the mutants, run the tests on them, print the table; 1 if one is left, 2 for usage."""
    if "--" not in words or words[0] == "--" or words[-1] == "--":
        print("usage: .ci/mutants.py MODULE... -- TEST...", file=sys.stderr)
        return 2
    modules = [f"linksms_cli/{word}" for word in words[: words.index("--")]]
    tests = [f"tests/{word}" for word in words[words.index("--") + 1 :]]
    with tempfile.TemporaryDirectory(prefix="linksms-mutants-") as made:
        folder = Path(made)
        copy(folder, modules, tests)
        done = subprocess.run(
            [sys.executable, "-m", "mutmut", "run", "--max-children", "1"],
            cwd=folder,
            stdout=sys.stderr,
            check=False,
        )
        if done.returncode:
            print("mutmut did not run: is it installed, and do the tests pass?", file=sys.stderr)
            return 2
        return report(folder / "mutants", tests)


def copy(folder: Path, modules: list[str], tests: list[str]) -> None:
    """Copy what git knows, with the settings of a run."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, place)
    for module in modules:
        place = folder / module
        place.write_text(undecorated(place.read_text(encoding="utf-8")), encoding="utf-8")
    for test in (folder / "tests").rglob("test_*.py"):
        text = test.read_text(encoding="utf-8")
        test.write_text(re.sub(r"max_examples=\d+", "max_examples=12", text), encoding="utf-8")
    settings = SETTINGS.format(
        modules=json.dumps(modules), tests=json.dumps(tests), arguments=json.dumps(ARGUMENTS)
    )
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    with (folder / "tests/conftest.py").open("a", encoding="utf-8") as file:
        file.write(EXAMPLES)


def undecorated(code: str) -> str:
    """Return code with each decorator of a function called below it: mutmut skips what has one."""
    lines = code.splitlines()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef) and len(node.decorator_list) == 1 and node.end_lineno:
            decorator = node.decorator_list[0]
            said = ast.unparse(decorator)
            if said not in {"classmethod", "staticmethod"}:
                lines[decorator.lineno - 1] = ""
                call = f"{node.name} = {said}({node.name})"
                lines[node.end_lineno - 1] += "\n" + " " * node.col_offset + call
    return "\n".join(lines) + "\n"


def report(mutants: Path, tests: list[str]) -> int:
    """Print a row for each module, and what survives in it; return 1 if anything but words does."""
    print(f"{'module':44}{'mutants':>8}{'killed':>8}{'words':>8}{'left':>8}")
    is_left = False
    for meta in sorted(mutants.rglob("*.meta")):
        module = str(meta.relative_to(mutants)).removesuffix(".meta")
        codes = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        # A mutant that hangs or crashes is noticed too.
        survivors = [name for name, code in codes.items() if code in {SURVIVED, UNTESTED, None}]
        changes, early = shown(mutants, survivors), run_at_import(mutants, module)
        fates = dict.fromkeys(survivors, "left")
        for name in survivors:
            original = re.sub(r".*\.(.+__mutmut_)\d+", r"\1orig", name)
            is_fair = codes[name] == SURVIVED and original not in early
            if is_words_only(changes[name]):
                fates[name] = "words"
            elif not is_fair and is_noticed(mutants, name, tests):
                fates[name] = "killed"
        counts = Counter(fates.values())
        killed = len(codes) - counts["words"] - counts["left"]
        figures = [len(codes), killed, counts["words"], counts["left"]]
        print(f"{module:44}" + "".join(f"{figure:8}" for figure in figures))
        for name in survivors:
            if fates[name] == "left":
                print(f"\n{name}\n" + "\n".join(changes[name]))
        print(end="", flush=True)
        is_left = is_left or bool(counts["left"])
    return 1 if is_left else 0


def shown(mutants: Path, names: list[str]) -> dict[str, list[str]]:
    """Return the lines that each mutant takes out and puts in."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=mutants.parent,
        input=json.dumps(names),
        capture_output=True,
        text=True,
        check=True,
    )
    return {
        name: [line for line in change.splitlines() if re.match(r"[-+](?![-+])", line)]
        for name, change in json.loads(done.stdout).items()
    }


def run_at_import(mutants: Path, module: str) -> set[str]:
    """Return the functions, by mutmut's names, that run when a module is imported."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, module.removesuffix(".py").replace("/", ".")],
        cwd=mutants,
        env=os.environ | {"MUTANT_UNDER_TEST": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout))


def is_words_only(change: list[str]) -> bool:
    """Return whether only what a person reads is changed: a sentence, or whether it is there."""
    sides = ["".join(line[1:] for line in change if line[0] == sign) for sign in "-+"]
    bare = [re.sub(r"\b(message|hint|problem|None)\b|[\s,=()]", "", unsaid(side)) for side in sides]
    is_said = unsaid(sides[0]) != sides[0] or re.search("message|hint|problem|Error", sides[0])
    return bool(is_said) and bare[0] == bare[1]


def unsaid(code: str) -> str:
    """Return code without the texts that have a space: one without is a word for programs."""
    return LITERAL.sub(lambda found: "" if " " in found[1] else found[0], code)


def is_noticed(mutants: Path, name: str, tests: list[str]) -> bool:
    """Return whether a test fails, in a process that never saw the code without the change."""
    return are_failing(mutants, tests, {"MUTANT_UNDER_TEST": name})


def are_failing(folder: Path, tests: list[str], more: dict[str, str]) -> bool:
    """Return whether a test fails, or takes far too long, with more variables set."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", *ARGUMENTS, *tests],
            cwd=folder,
            env=os.environ | more,
            capture_output=True,
            check=False,
            timeout=600,
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""Imports run one way, and each library stays in its room."""

import ast
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "linksms_cli"

# room: the rooms it may import from. A room may always import from itself, except that
# adapters never import one another: only what they share (SHARED), which imports none of them.
MAY_IMPORT = {
    "__init__": set(),
    "__main__": {"app", "commands"},
    "app": {"__init__", "commands", "errors", "output"},
    "commands": {"__init__", "actions", "errors", "output", "sms", "views"},
    "actions": {"adapters", "errors", "sms"},
    "adapters": {"__init__", "errors", "sms"},
    "views": {"sms"},
    "sms": {"errors"},
    "output": set(),
    "errors": set(),
}
# Rooms of adapters that others are built on: a server speaks HTTP in one way, whoever it serves.
# They may import none of the others.
SHARED = {
    "linksms_cli.adapters.http",
    "linksms_cli.adapters.ownership",
    "linksms_cli.adapters.threads",
}
# folder of sms: the folders it may import from besides itself. What several need stands above them.
FOLDERS: dict[str, set[str]] = {
    "text": set(),
    "account": {"text"},
    "mt": {"account", "dlr", "text"},
    "dlr": set(),
    "forward": {"dlr"},
    "check": {"account", "text"},
    "sandbox": {"account", "dlr", "text"},
    "pasted": {"dlr", "mt"},
    "batch": {"mt", "text"},
}
# library: the rooms that may use it.
LIBRARIES = {
    "typer": {"app", "commands"},
    "requests": {"adapters"},
    "urllib3": {"adapters"},
    "http": {"adapters"},
    "socket": {"adapters"},
    "sqlite3": {"adapters"},
    "psycopg": {"adapters"},
    "httptools": {"adapters"},
    "rich": {"output", "views"},
    "platformdirs": {"adapters"},
    "tomllib": {"adapters"},
    "tomli_w": {"adapters"},
    "tomlkit": {"adapters"},
    "filelock": {"adapters"},
    "truststore": {"adapters"},
    "keyring": {"adapters"},
    "prometheus_client": {"adapters"},
    "phonenumbers": {"sms"},
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def family_of(module: str) -> str:
    """The module, or the sub-package it belongs to: `adapters.store` for `adapters.store.keys`."""
    return ".".join(module.split(".")[:3])


@cache
def nodes_of(path: Path) -> list[ast.AST]:
    """Return the nodes of a file, its module first."""
    return list(ast.walk(ast.parse(path.read_text())))


def imports_of(path: Path) -> list[str]:
    found: list[str] = []
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from linksms_cli.sms import codes` imports the module, not a name of the package.
            full = [f"{node.module}.{alias.name}" for alias in node.names]
            inside = node.module.split(".")[0] == "linksms_cli" and node.module.count(".") < 2
            found += full if inside else [node.module]
    return found


def names_imported_by(path: Path) -> set[str]:
    """Return every name that a file imports, each with the module it comes from before it."""
    found: set[str] = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def name_of(path: Path) -> str:
    return ".".join(["linksms_cli", *path.relative_to(PACKAGE).with_suffix("").parts])


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_run_one_way(path: Path) -> None:
    here = name_of(path)
    room = room_of(here)
    for imported in imports_of(path):
        top = imported.split(".")[0]
        if top in LIBRARIES:
            assert room in LIBRARIES[top], f"{here} imports {imported}"
        if top != "linksms_cli":
            continue
        there = "__init__" if imported == "linksms_cli.__version__" else room_of(imported)
        if room == "adapters" and there == "adapters":
            allowed = {family_of(here)} | SHARED
            assert family_of(imported) in allowed, f"{here} imports {imported}"
        else:
            assert there == room or there in MAY_IMPORT[room], f"{here} imports {imported}"


@pytest.mark.parametrize("folder", FOLDERS)
def test_folders_of_sms_know_only_those_that_they_need(folder: str) -> None:
    known = {
        imported.split(".")[2]
        for path in (PACKAGE / "sms" / folder).rglob("*.py")
        for imported in imports_of(path)
        if imported.startswith("linksms_cli.sms.")
    }
    assert known & set(FOLDERS) <= {folder} | FOLDERS[folder]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_the_store_is_used_through_its_face_alone(path: Path) -> None:
    here = name_of(path)
    if not here.startswith("linksms_cli.adapters.store."):
        below = {
            name for name in imports_of(path) if name.startswith("linksms_cli.adapters.store.")
        }
        assert not below, f"{here} imports {below}"
    # Beside the store, a batch keeps the rows that it has seen in a temporary SQLite file.
    may_use = ("linksms_cli.adapters.store.sqlite.", "linksms_cli.adapters.batch.seen")
    if not here.startswith(may_use):
        assert "sqlite3" not in imports_of(path)
    if not here.startswith("linksms_cli.adapters.store.postgres"):
        assert "psycopg" not in imports_of(path)


def circles(arrows: dict[str, set[str]]) -> list[str]:
    """Return what is left when everything that depends on nothing left is taken away, again and
    again: nothing, where no circle is among the arrows."""
    left = {name: set(others) - {name} for name, others in arrows.items()}
    while free := {name for name, others in left.items() if not others & set(left)}:
        left = {name: others for name, others in left.items() if name not in free}
    return sorted(left)


def test_a_circle_is_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["a", "b", "c"]


def test_no_circle_is_among_the_files() -> None:
    names = {name_of(path).removesuffix(".__init__") for path in MODULES}
    arrows: dict[str, set[str]] = {}
    for path in MODULES:
        here = name_of(path).removesuffix(".__init__")
        arrows[here] = {
            module
            for imported in names_imported_by(path)
            for module in (imported, imported.rpartition(".")[0])
            if module in names
        } - {here, here.rpartition(".")[0]}
    assert circles(arrows) == []


def test_no_circle_is_among_the_folders() -> None:
    folders = {name_of(path).rpartition(".")[0] for path in MODULES}
    arrows: dict[str, set[str]] = {folder: set() for folder in folders}
    for path in MODULES:
        here = name_of(path).rpartition(".")[0]
        for imported in imports_of(path):
            there = imported if imported in folders else imported.rpartition(".")[0]
            # A folder and those inside it are one family: a module may use its own rooms.
            family = there.startswith(f"{here}.") or here.startswith(f"{there}.")
            if there in folders and not family:
                arrows[here].add(there)
    assert circles(arrows) == []


def test_a_class_name_means_one_thing() -> None:
    named = [
        node.name
        for path in MODULES
        for node in nodes_of(path)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert [name for name in sorted(set(named)) if named.count(name) > 1] == []


def test_the_tests_of_sms_stand_where_its_modules_do() -> None:
    assert {path.parent.name for path in PACKAGE.glob("sms/*/__init__.py")} == set(FOLDERS)
    tests = Path(__file__).parent
    for path in tests.glob("sms/**/test_*.py"):
        tested = PACKAGE / path.relative_to(tests).with_name(path.name.removeprefix("test_"))
        assert tested.exists(), f"{path} tests no {tested}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_output_prints(path: Path) -> None:
    calls = {ast.unparse(node.func) for node in nodes_of(path) if isinstance(node, ast.Call)}
    printing = {"print", "sys.stdout.write", "sys.stderr.write"}
    assert not calls & printing, f"{path} prints: {calls & printing}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_opens_with_one_sentence(path: Path) -> None:
    module = nodes_of(path)[0]
    assert isinstance(module, ast.Module)
    docstring = ast.get_docstring(module)
    assert docstring, f"{path} has no docstring"
    assert docstring.splitlines()[0].endswith((".", "`linksms`."))

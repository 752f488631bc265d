"""The guides for developers name files that are there, and a test line that is the README's."""

import re
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
GUIDE = (REPOSITORY / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_every_file_that_it_names_is_there() -> None:
    named = set(re.findall(r"`([\w./-]+(?:\.(?:py|json|toml|md)|/))(?:: \w+)?`", GUIDE))
    folders = [REPOSITORY, REPOSITORY / "linksms_cli", REPOSITORY / ".ci" / "derived" / "manual"]
    missing = {name for name in named if not any((folder / name).exists() for folder in folders)}
    assert missing == {"actions/NAME.py", "commands/NAME.py", "views/NAME.py"}


def test_it_installs_as_the_readme_does() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    install = "python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]'"
    assert install in GUIDE
    assert install in readme


def test_every_test_that_keeps_a_promise_is_there() -> None:
    promises = (REPOSITORY / ".github" / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?<=[` ])((?:tests|\.ci)/[\w./]+)", promises))
    assert len(named) > 15
    assert [name for name in sorted(named) if not (REPOSITORY / name).exists()] == []

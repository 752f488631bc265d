"""Make what is derived: the manual's pages, the shells' completions, README's pictures.

``.venv/bin/python .ci/generate.py`` writes them; with ``--check`` nothing is written, and what is
stale is named, with exit code 1.
"""

import sys
from pathlib import Path

from derived import completion, manual, pictures, tree

REPOSITORY = Path(__file__).resolve().parent.parent
COMMAND = ".venv/bin/python .ci/generate.py"


def main(words: list[str]) -> int:
    """Write the files, or say which of them are stale."""
    if words not in ([], ["--check"]):
        print(f"usage: {COMMAND} [--check]", file=sys.stderr)
        return 2
    made = files()
    wrong = stale(made)
    for path in wrong:
        if words:
            print(f"{path} is stale; run: {COMMAND}", file=sys.stderr)
        else:
            _write(path, made.get(path))
    return 1 if words and wrong else 0


def files() -> dict[Path, str]:
    """Return what each derived file holds, by its path in the repository."""
    root = tree.read()
    made = {
        "completions": completion.files(root),
        "man": manual.files(root),
        ".github/pictures": pictures.files(),
    }
    return {
        Path(folder, name): text for folder, texts in made.items() for name, text in texts.items()
    }


def stale(made: dict[Path, str]) -> list[Path]:
    """Return the paths whose file is missing or differs, and those of files nothing makes.

    Pictures of other kinds, which a browser takes, are not made here.
    """
    wrong = [path for path, text in made.items() if _current(path) != text]
    there = {
        path.relative_to(REPOSITORY)
        for folder, suffix in {(path.parent, path.suffix) for path in made}
        for path in (REPOSITORY / folder).glob("*")
        if path.suffix in {suffix, ""}
    }
    return [*wrong, *sorted(there - set(made))]


def _current(path: Path) -> str | None:
    try:
        return (REPOSITORY / path).read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None


def _write(path: Path, text: str | None) -> None:
    """Write a file, or take away the one that nothing makes any more."""
    target = REPOSITORY / path
    if text is None:
        target.unlink()
    else:
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    print(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

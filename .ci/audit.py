"""Looks up known vulnerabilities of everything that the program installs, as .ci/lock pinned it.

Exit 1 if there are any. Where no database of vulnerabilities can be reached it says so, and is no
failure: a build must not need the network beyond the package index.
"""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
WORDS = ("--requirement", str(HERE / "requirements.txt"), "--disable-pip", "--format", "json")


def main() -> int:
    """Run pip-audit, and say what it found."""
    audit = Path(sys.executable).with_name("pip-audit")
    done = subprocess.run(
        [audit, *WORDS, "--progress-spinner", "off", "--timeout", "10"],
        capture_output=True,
        text=True,
        check=False,
    )
    code, said = judged(done.stdout, done.stderr)
    print(said)
    return code


def judged(stdout: str, stderr: str) -> tuple[int, str]:
    """Return the exit code that an answer of pip-audit deserves, and what is to be said of it."""
    try:
        found = json.loads(stdout)["dependencies"]
    except ValueError:
        reason = (stderr.strip().splitlines() or ["it says nothing"])[-1]
        return 0, f"audit skipped: no database of vulnerabilities answers ({reason[:200]})"
    audited = [one for one in found if "vulns" in one]
    faults = [
        f"{one['name']} {one['version']}: {fault['id']}, fixed in "
        + (", ".join(fault["fix_versions"]) or "no version yet")
        for one in audited
        for fault in one["vulns"]
    ]
    if faults:
        return 1, "\n".join(faults)
    skipped = len(found) - len(audited)
    if not audited:
        return 0, f"audit skipped: no database of vulnerabilities knows any of {skipped} packages"
    return 0, f"no known vulnerability in {len(audited)} packages; {skipped} not looked up"


if __name__ == "__main__":
    sys.exit(main())

"""What a check finds: a mark, what was seen, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from linksms_cli.errors import ExitCode


class Mark(StrEnum):
    """How a finding is to be taken; `NOTE` judges nothing."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found. `exit_code` is DONE unless it failed."""

    check: str
    mark: Mark
    seen: str
    advice: str | None = None
    exit_code: ExitCode = ExitCode.DONE


def ok(check: str, seen: str) -> Finding:
    """All is well."""
    return Finding(check=check, mark=Mark.OK, seen=seen)


def note(check: str, seen: str, advice: str | None = None) -> Finding:
    """Neither good nor bad, or not to be known."""
    return Finding(check=check, mark=Mark.NOTE, seen=seen, advice=advice)


def warning(check: str, seen: str, advice: str) -> Finding:
    """It works, and something should be done about it."""
    return Finding(check=check, mark=Mark.WARNING, seen=seen, advice=advice)


def misconfigured(check: str, seen: str, advice: str | None) -> Finding:
    """A command would fail, and what is set here is the reason."""
    code = ExitCode.CONFIGURATION
    return Finding(check=check, mark=Mark.FAILED, seen=seen, advice=advice, exit_code=code)


def unreachable(check: str, seen: str, advice: str) -> Finding:
    """A command would fail, and the network is the reason."""
    code = ExitCode.NOT_SENT
    return Finding(check=check, mark=Mark.FAILED, seen=seen, advice=advice, exit_code=code)


def combined(findings: Iterable[Finding]) -> ExitCode:
    """Return the exit code of all findings: what is set wrongly counts before the network."""
    codes = {finding.exit_code for finding in findings}
    for code in (ExitCode.CONFIGURATION, ExitCode.NOT_SENT):
        if code in codes:
            return code
    return ExitCode.DONE

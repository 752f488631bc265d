"""Every option that takes a duration refuses one that no clock, calendar or socket could hold."""

import pytest

from derived import tree
from derived.tree import Command, Option
from tests.conftest import Linksms

# What an option that stands alone would be refused for first.
COMPANIONS = {
    "--dlr-delay": ("--dlr-url", "http://127.0.0.1:1/"),
    "--since": ("--replay",),
    "--forward-for": ("--forward-to", "http://127.0.0.1:1/"),
    "--forward-timeout": ("--forward-to", "http://127.0.0.1:1/"),
    "status --wait": ("SANDBOX-1",),
    "send": ("-t", "+99955501234", "-f", "LINK", "--sandbox", "Hello"),
}
DURATIONS = [
    (command, option)
    for command in tree.read().walk()
    for option in command.options
    if option.metavar in {"DURATION", "SECONDS"}
]


def test_the_command_tree_has_durations() -> None:
    assert len(DURATIONS) >= 9


@pytest.mark.parametrize("typed", ["999999999d", "99999999999999999999", "9" * 400])
@pytest.mark.parametrize(
    ("command", "option"),
    DURATIONS,
    ids=[f"{' '.join(command.path)} {option.names[-1]}" for command, option in DURATIONS],
)
def test_a_duration_that_is_too_long_is_a_usage_error(
    call: Linksms, command: Command, option: Option, typed: str
) -> None:
    name = option.names[-1]
    more = [
        word
        for one in (name, " ".join(command.path), " ".join((*command.path, name)))
        for word in COMPANIONS.get(one, ())
    ]
    done = call(*command.path, name, typed, *more)
    assert (done.code, done.stdout) == (2, "")
    # What deletes asks for a unit first.
    without_unit = name in {"--forget-before", "--keep"} and typed.isdecimal()
    fault = "has no unit. Write " if without_unit else "is too long. Give "
    assert done.stderr.startswith(f"error: {name} '{typed}' {fault}")

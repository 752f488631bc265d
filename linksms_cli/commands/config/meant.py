"""Words that people type for a command of `config`, as other tools call it."""

from typing import Any

from linksms_cli.commands import layout
from linksms_cli.errors import UsageError

# Words of other tools for what a command here does.
_MEANT = {
    "unset": "To remove a value: linksms config set NAME KEY=",
    "rename": "Create one of the new name with 'linksms config set', then remove the old one.",
    **dict.fromkeys(
        ("add", "new", "create", "edit", "init", "login"),
        "To create or change a profile: linksms config set NAME",
    ),
    **dict.fromkeys(("get", "cat", "view"), "To see a profile: linksms config show NAME"),
    **dict.fromkeys(("delete", "rm"), "To remove a profile: linksms config remove NAME"),
    **dict.fromkeys(("default", "select", "switch"), "To choose one: linksms config use NAME"),
    **dict.fromkeys(("test", "verify", "doctor"), "To check one: linksms config check NAME"),
}


class Config(layout.Group):
    """The group, which understands the words of other tools well enough to name its own."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that was typed, or say which one was probably meant."""
        if args and args[0] in _MEANT:
            raise UsageError(f"No such command '{args[0]}'", _MEANT[args[0]])
        return super().resolve_command(ctx, args)

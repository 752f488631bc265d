"""`linksms config`: profiles of accounts, one command a file."""

import typer

from linksms_cli.commands import layout
from linksms_cli.commands.config import check, path, remove, show, use
from linksms_cli.commands.config import list as listing
from linksms_cli.commands.config import set as setting
from linksms_cli.commands.config.meant import Config

app = typer.Typer(cls=Config, no_args_is_help=True, **layout.APP)


@app.callback(
    epilog="""
    linksms config set prod              # asks for what an account needs
    linksms config set prod source=LINK  # changes one value
    linksms config show                  # which account is used, and why
    linksms config check                 # whether its gateway can be reached
    """
)
def config() -> None:
    """Keep accounts in profiles, and check them."""


for command in (listing, show, setting, use, remove, path, check):
    app.add_typer(command.app)

"""`linksms config list`: the profiles there are."""

import os

import typer

from linksms_cli.actions.config import profiles as keep_profiles
from linksms_cli.commands import layout, options
from linksms_cli.errors import ExitCode
from linksms_cli.output import Output
from linksms_cli.sms.account.choice import stored
from linksms_cli.views.config import profile as view

app = typer.Typer(**layout.APP)


@app.command(
    "list",
    cls=layout.Command,
    epilog="""
    linksms config list
    linksms config list --json | jq -r .name
    """,
)
def list_profiles(*, json: options.Json = False) -> int:
    """List the profiles; the default is marked."""
    output = Output(json=json)
    file = keep_profiles.read(os.environ)
    places = [stored(name, file) for name in file.profiles]
    for place in places:
        output.result(view.as_record(place), None)
    if places:
        output.text(view.as_table(places))
    else:
        output.hint(f"No profiles in {file.path}. Create one: linksms config set NAME")
    return ExitCode.DONE

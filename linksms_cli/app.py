"""The root of the command tree, and the one place where a failure becomes an exit code."""

import gc
import os
import signal
import sys
import warnings
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from importlib import import_module
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer

from linksms_cli import __version__
from linksms_cli.commands import completion, layout
from linksms_cli.commands.failure import tell
from linksms_cli.errors import ExitCode, LinksmsError, Terminated, exhaustion
from linksms_cli.output import Output

# In the order in which --help shows them, with the first sentence of each: to read it there, all of
# the program would have to be loaded. --help leaves out those without one.
COMMANDS: Mapping[str, str | None] = {
    "send": "Send a text to one or more recipients.",
    "segments": "Count the parts that a text needs, and show why.",
    "code": "Explain result codes, delivery reports and answers.",
    "listen": "Receive delivery reports, store them, and print them.",
    "status": "Find messages, and show what became of them.",
    "config": "Keep accounts in profiles, and check them.",
    "store": "Look after the store of messages, keys and reports.",
    "sandbox": "Run a test gateway that speaks LINK's protocol and sends no SMS.",
    "help": None,
    "version": None,
}


class _Commands(MutableMapping[str, Any]):
    """The commands by name, each imported when it is asked for: `code` never loads `send`."""

    def __init__(self) -> None:
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in COMMANDS:
            raise KeyError(name)
        if name not in self._loaded:
            module = import_module(f"linksms_cli.commands.{name}")
            command = typer.main.get_command(module.app)
            command.name = name
            self._loaded[name] = command
            # All imports of a command are done: from here on garbage is collected, and Ctrl-C is an
            # exception; see __main__.
            gc.freeze()
            gc.enable()
            if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
                signal.signal(signal.SIGINT, signal.default_int_handler)
        return self._loaded[name]

    def __setitem__(self, name: str, command: Any) -> None:
        raise NotImplementedError("a command is registered in COMMANDS")

    def __delitem__(self, name: str) -> None:
        raise NotImplementedError("a command is registered in COMMANDS")

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Root(layout.Group):
    """The root of the tree, which knows its commands by name and loads the one that is typed."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        self.commands = _Commands()

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - Typer's signature
        """Return the names without loading anything."""
        return list(COMMANDS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - Typer's signature
        """Write what each command does, without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, does) for name, does in COMMANDS.items() if does])


app = typer.Typer(cls=_Root, no_args_is_help=True, **layout.APP)


def _show_version(asked: bool) -> None:
    if asked:
        Output().text(f"linksms {__version__}")
        raise typer.Exit


def _show_completion(shell: completion.Shell | None) -> None:
    if shell is not None:
        completion.show_script(shell)
        raise typer.Exit


@app.callback(
    epilog="""
    linksms send --sandbox -t +99955501234 -f LINK "Hi"  # needs no account
    linksms code 2104                                    # what a code means
    linksms segments "Grüße – €"                         # how many parts, and why
    linksms help send                                    # more about a command
    linksms help exit-codes                              # what exit codes mean
    """
)
def root(
    _version: Annotated[
        bool,
        typer.Option(
            "-V", "--version", callback=_show_version, is_eager=True, help="Show the version."
        ),
    ] = False,
    _completion: Annotated[
        completion.Shell | None,
        typer.Option(
            "--show-completion",
            metavar="SHELL",
            callback=_show_completion,
            is_eager=True,
            help="Print the completion script for bash, zsh, fish or powershell.",
        ),
    ] = None,
) -> None:
    """Send SMS through LINK Mobility's gateway, and find out what became of them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; no failure leaves as a traceback.

    `arguments` are the words after the program's name, the process's own by default.
    """
    code = _code_of(list(sys.argv[1:] if arguments is None else arguments))
    # A command that only tells has not done its work where that could not be written (not for want
    # of a reader); one that acts has, and its code tells what came of it: see Output.
    return ExitCode.FAILED if code == ExitCode.DONE and Output.lost else code


def _code_of(words: list[str]) -> int:
    """Run a command line, and return the code that its work or its failure gives."""
    # Whether errors are JSON is known even when the arguments cannot be parsed.
    json = "--json" in words[: words.index("--") if "--" in words else None]
    try:
        code = typer.main.get_command(app).main(words, prog_name="linksms", standalone_mode=False)
        return int(code or 0)
    except LinksmsError as failure:
        return tell(failure, json=json)
    except typer.TyperException as failure:
        return _wrong_usage(failure, json=json)
    except typer.Abort:
        return ExitCode.INTERRUPTED
    except Terminated:
        return ExitCode.TERMINATED
    except (OSError, ImportError, LookupError, MemoryError, RuntimeError) as failure:
        exhausted = exhaustion(failure)
        if exhausted is None:
            raise
        return tell(exhausted, json=json)


# Said when there is not even the memory to make a message.
_NO_MEMORY_TO_TELL = b"error: this program is at its limits. Allow it more memory.\n"


def run() -> NoReturn:
    """Be the console script: a process that SIGTERM ends in good order."""
    signal.signal(signal.SIGTERM, _terminate)
    # What a library warns a programmer of is none of a user's business, unless they ask for it.
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    try:
        code = main()
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED
    except Terminated:
        code = ExitCode.TERMINATED
    except (OSError, ImportError, LookupError, MemoryError, RuntimeError) as failure:
        if exhaustion(failure) is None:
            raise
        os.write(2, _NO_MEMORY_TO_TELL)
        code = ExitCode.FAILED
    # All is done and told. Python still has to take itself apart, and would answer a signal with a
    # traceback and another exit code.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    sys.exit(code)


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated


def _wrong_usage(failure: typer.TyperException, *, json: bool) -> int:
    message = failure.format_message()
    context = getattr(failure, "ctx", None)
    if context is not None and message == context.get_help() and not json:
        # No command at all: the help is the answer, but a script must not take it for success.
        Output().hint(message)
        return ExitCode.USAGE
    from linksms_cli.commands import usage

    message, hint = usage.explain(failure)
    Output(json=json).error("usage", message, hint, ExitCode.USAGE)
    return ExitCode.USAGE

"""Help a shell to complete lines: its script, and the words that change."""

import re
from collections.abc import Mapping

from linksms_cli.errors import LinksmsError

# How many of the latest messages a TAB offers.
_OFFERED = 20
# Words in which no shell finds anything to obey; an id comes from outside.
_HARMLESS = re.compile(r"[A-Za-z0-9+/=_.-]+")


def script(name: str) -> str:
    """Return the text of a completion script that came with the program.

    Raises ConfigurationError where it did not.
    """
    from linksms_cli.adapters import completions

    return completions.script(name)


def complete(kind: str, environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the words of a kind (`profiles`, `messages`), each with a few more about it.

    Nothing is written, and what cannot be read offers nothing: a TAB is no place for an error.
    """
    ways = {"profiles": _profiles, "messages": _messages}
    try:
        found = ways[kind](environ) if kind in ways else []
    except LinksmsError:
        return []
    return [(word, text) for word, text in found if _HARMLESS.fullmatch(word)]


def _profiles(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    from linksms_cli.adapters.profiles import reading

    file = reading.read(reading.locate(environ))
    return [
        (name, "the default" if name == file.default else profile.base_url or "")
        for name, profile in file.profiles.items()
    ]


def _messages(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    from linksms_cli.adapters.store import find_store

    store = find_store(environ)
    return store.recent(_OFFERED) if store.exists() else []

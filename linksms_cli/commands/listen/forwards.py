"""What the options of `linksms listen` ask to forward: targets, headers, a secret to sign with."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from linksms_cli.actions.listen.forwarding import Forwarding
from linksms_cli.commands.listen.options.forwarding import (
    FORWARD_SECRET,
    FORWARD_TO,
    ForwardOptions,
)
from linksms_cli.errors import ConfigurationError, UsageError
from linksms_cli.sms import duration, secret
from linksms_cli.sms.forward import signing, target
from linksms_cli.sms.forward.target import Target
from linksms_cli.sms.header import read_header
from linksms_cli.sms.value import InvalidValueError

# Headers that say how a request is framed, and those that are ours.
_OURS = frozenset({"content-length", "transfer-encoding", "connection", "host", "expect"})
_SIGNING = "webhook-"
# What a name says of its value; and what a secret part of a URL looks like.
_SECRET_NAME = re.compile("auth|token|key|secret|cookie|passw|signature", re.IGNORECASE)
_SECRET_URL = re.compile(r"//[^/]*@|\?|[^/]{16,}$|[^/]{16,}/")


def read_forwarding(
    asked: ForwardOptions, environ: Mapping[str, str], *, verbose: bool
) -> Forwarding:
    """Return what to forward, and where to. Raises UsageError, ConfigurationError."""
    headers = tuple(_header(typed) for typed in asked.header or [])
    targets = []
    for url in dict.fromkeys(asked.forward_to or []):
        try:
            name = target.shown(url)
        except ValueError as wrong:
            message = f"a URL of --forward-to {wrong}"
            raise UsageError(message, "Write it like https://example.com/reports.") from None
        targets.append(Target(url=url, form=asked.forward_as, name=name, headers=headers))
    return Forwarding(
        targets=_told_apart(targets),
        patience=duration.seconds(asked.forward_for, "--forward-for"),
        answer=_answer(asked.forward_timeout),
        secret=_secret(environ),
        ca_bundle=str(asked.forward_ca_bundle) if asked.forward_ca_bundle else None,
        verbose=verbose,
    )


def exposed(asked: ForwardOptions, *, urls_typed: bool) -> Iterator[str]:
    """Say which secrets stand where every user of this machine can see them."""
    if urls_typed and any(_SECRET_URL.search(_rest(url)) for url in asked.forward_to or []):
        yield (
            "other users can see the URL of --forward-to in the list of processes: set it in "
            f"{FORWARD_TO} if it holds a secret"
        )
    for typed in asked.header or []:
        name, _, value = typed.partition(":")
        if _SECRET_NAME.search(name) and not value.strip().startswith("@"):
            yield (
                f"other users can see the value of {name} in the list of processes: write it to a "
                f"file, and give -H '{name}: @FILE'"
            )


def _answer(typed: str) -> float:
    found = duration.seconds(typed, "--forward-timeout", longest=duration.LONGEST_ANSWER)
    if not found:
        raise UsageError("--forward-timeout must not be 0", "Write it like 90s.")
    return found


def _rest(url: str) -> str:
    """Return a URL without what is certainly no secret: its host is long at times."""
    _scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    login, at, _host = authority.rpartition("@")
    return f"//{login}{at}{slash}{path}"


def _told_apart(targets: Sequence[Target]) -> tuple[Target, ...]:
    """Number targets that would be shown alike."""
    from dataclasses import replace

    names = [one.name for one in targets]
    return tuple(
        replace(one, name=f"{one.name} #{names[: place + 1].count(one.name)}")
        if names.count(one.name) > 1
        else one
        for place, one in enumerate(targets)
    )


def _header(typed: str) -> tuple[str, str]:
    name, value = read_header(typed, "-H")
    if name.lower() in _OURS or name.lower().startswith(_SIGNING):
        raise UsageError(f"-H cannot set {name}", "It is set for each request.")
    if not value.startswith("@"):
        return name, value
    try:
        return read_header(f"{name}:{secret.read(Path(value[1:]).read_text())}", "-H")
    except (OSError, UnicodeDecodeError) as failure:
        why = getattr(failure, "strerror", None) or "it is not UTF-8"
        raise ConfigurationError(f"the file of -H {name} cannot be read: {why}") from None
    except InvalidValueError as wrong:
        raise ConfigurationError(f"the file of -H {name} {wrong.problem}", wrong.hint) from None


def _secret(environ: Mapping[str, str]) -> str | None:
    value = environ.get(FORWARD_SECRET)
    if not value:
        return None
    try:
        signing.read_keys(value)
    except InvalidValueError as wrong:
        raise ConfigurationError(f"{FORWARD_SECRET} {wrong.problem}", wrong.hint) from None
    return value

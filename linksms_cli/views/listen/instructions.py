"""What LINK Support needs to know to send reports to a receiver."""

from collections.abc import Sequence

from linksms_cli.sms.text.decoding import visible


def instructions(url: str, *, local: bool, reply: str | None, shown: Sequence[str]) -> str:
    """Say what to give LINK Support. `shown` is what a caller has to show, `local` that only this
    machine reaches the address.
    """
    lines = ["What LINK Support needs to know:", f"  URL     {url}"]
    if local:
        lines.append(
            "          Only this machine can reach that URL: give them the URL of the proxy"
        )
        lines.append("          or tunnel that leads here.")
    lines.append("  Format  JSON; XML, form and query string are read too, by POST or GET")
    body = f"with the body {visible(reply)}" if reply else "with an empty body"
    lines.append(f"  Answer  200, {body}")
    lines += [f"  Shows   {what}" for what in shown]
    return "\n".join(lines)

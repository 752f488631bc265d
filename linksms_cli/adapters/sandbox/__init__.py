"""The sandbox: a gateway on loopback that speaks the guide's protocol and sends no SMS."""

from linksms_cli.adapters.sandbox.gateway import Sandbox

__all__ = ["Sandbox"]

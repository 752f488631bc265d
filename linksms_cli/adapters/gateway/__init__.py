"""The gateway as its client sees it: one submission over HTTP, and what can be proved about it."""

from linksms_cli.adapters.gateway.client import Gateway

__all__ = ["Gateway"]

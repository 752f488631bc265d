"""Send SMS through LINK Mobility's SMSC Simple HTTP gateway, and know what became of them."""

__version__ = "0.1.0"

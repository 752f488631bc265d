"""The shapes that a delivery report comes in: JSON, XML, and key-value pairs."""

"""The store itself, as it is shown."""

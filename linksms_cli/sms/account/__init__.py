"""An account, the profile that holds it, and the one place that it comes from."""

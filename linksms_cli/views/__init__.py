"""A result as it is shown: pure functions from a value to a JSON record or to text."""

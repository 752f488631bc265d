"""A message to a recipient (mobile-terminated, MT): what is asked for, and what became of it."""

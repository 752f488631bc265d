"""What the user types: one command, one file, the same name."""

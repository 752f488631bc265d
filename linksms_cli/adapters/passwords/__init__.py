"""Passwords from outside the files we read: a command of the user's, the system's keyring."""

"""The store: what was sent and what was reported, in one SQLite file for several processes."""

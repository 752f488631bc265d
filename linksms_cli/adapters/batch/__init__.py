"""A batch on disk: its file as people have it, read row by row, and what of it was not sent."""

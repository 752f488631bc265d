"""The receiver's side of HTTP: who is let in, what is read, and the server that does it."""

"""What `submit` is made of: the terms, the once-key, the sender, the wait, the sandbox."""

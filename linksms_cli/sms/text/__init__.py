"""What a text takes: its alphabet, its parts, what makes it costly and what would help."""

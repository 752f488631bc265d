"""What is made from the command tree: completions and the manual."""

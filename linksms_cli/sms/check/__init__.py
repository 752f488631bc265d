"""What is right and wrong about an account and the way to its gateway."""

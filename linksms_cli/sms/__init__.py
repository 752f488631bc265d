"""What an SMS is at this gateway: rules and values, no I/O, no clock, no environment."""

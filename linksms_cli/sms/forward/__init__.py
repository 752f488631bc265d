"""What is forwarded of stored reports: targets, attempts and what they mean, signatures."""

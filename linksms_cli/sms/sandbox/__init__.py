"""What the sandbox is asked for, and what it reports: settings, messages, delivery attempts."""

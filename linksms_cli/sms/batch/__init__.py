"""A batch of messages: rows that become orders, the plan of all of them, and what they came to."""

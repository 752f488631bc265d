"""What a receiver tells, as `listen` shows it: a paragraph, a record, a line of JSON."""

"""Messages as `status` shows them: a page, a record, a list, a count, a ticket."""

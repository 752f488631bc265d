"""What `linksms send` does: open a session once, then send order after order."""

"""What `linksms listen` does: receive delivery reports, record them, and tell of them."""

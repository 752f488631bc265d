"""What `linksms listen` does: receive delivery reports, store them, and pass on what came."""

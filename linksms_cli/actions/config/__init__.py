"""What `linksms config` does: keep profiles, find the account, check the way to the gateway."""

"""What `linksms sandbox` shows: what comes in, and the grades of a receiver."""

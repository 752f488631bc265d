"""What `linksms sandbox` does: run a gateway of our own, or try somebody's receiver."""

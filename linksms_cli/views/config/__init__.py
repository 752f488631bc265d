"""What `linksms config` shows: a profile, an edit of one, the findings of a check."""

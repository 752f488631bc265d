"""What somebody pasted: a report, an answer, a line of a log; found in it, and explained."""

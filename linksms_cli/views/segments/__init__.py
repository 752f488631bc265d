"""What a text takes: as a page, as a row among many, as a drawing, and as JSON."""

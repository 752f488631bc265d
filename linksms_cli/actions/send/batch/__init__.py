"""What `linksms send --batch` does: judge every row, then send many at once, and lose none."""

"""What each command does in the world, under the command's name; nothing is printed here."""

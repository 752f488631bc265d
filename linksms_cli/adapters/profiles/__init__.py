"""The profile file: read with every value checked, edited without losing a comment."""

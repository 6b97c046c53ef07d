"""Worker and scheduler."""

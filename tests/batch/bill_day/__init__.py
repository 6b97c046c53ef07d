"""The bill day."""

"""The entities that have a status."""

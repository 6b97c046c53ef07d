"""Who pays for whom."""

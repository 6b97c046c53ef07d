"""Job runs: their progress, their restart."""

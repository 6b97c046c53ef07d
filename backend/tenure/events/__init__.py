"""What happened: append only."""

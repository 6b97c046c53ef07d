"""What is charged, on which bill, and when (rules 6)."""

"""Recording usage: each line is rated and charged, or refused alone (rules 6.4)."""

"""Who belongs to whom, and who pays for whom (rules 5)."""

"""Parents: the account hierarchy (rules 5.1)."""

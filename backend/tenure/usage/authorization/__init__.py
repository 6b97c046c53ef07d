"""Authorization: whether a service may be used now, for an amount (rules 7.5)."""

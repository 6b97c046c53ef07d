"""Events: append only (rules 2.14)."""

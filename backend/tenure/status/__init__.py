"""Status changes and what follows from them (rules 2)."""

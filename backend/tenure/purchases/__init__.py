"""Adding services and buying offers, with what that costs (rules 6.1, 6.8)."""

"""Charging the monthly fees of a cycle that begins, on its billing day (rules 6.2)."""

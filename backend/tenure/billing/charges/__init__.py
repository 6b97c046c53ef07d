"""Charging purchased offers: fees, and their correction (rules 6.1 to 6.3)."""

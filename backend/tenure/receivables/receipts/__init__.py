"""Received payments, and the DEBT hold (rules 6.9, 7)."""

"""Payers: which bill unit pays for which (rules 5.2 to 5.4)."""

"""Disputes and adjustments (rules 8)."""

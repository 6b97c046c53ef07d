"""Proration of monthly fees by the active days of a cycle (rules 6.3)."""

"""Proration: what a monthly fee comes to for the active days of a cycle (rules 6.3)."""

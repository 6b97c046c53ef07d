"""Carrying out promises (rules 4.5 to 4.8)."""

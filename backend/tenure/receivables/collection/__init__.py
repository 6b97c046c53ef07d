"""Collecting due bills through the payment gateway (rules 6.5, 7.3)."""

"""Collecting what is due through the payment gateway, and looking at what is overdue (rules 6.5, 7.3)."""

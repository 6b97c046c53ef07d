"""Incoming money, amounts due, collection and overdue accounts (rules 6.9, 7.3)."""

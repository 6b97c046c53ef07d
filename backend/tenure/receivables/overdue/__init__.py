"""Reviewing overdue accounts: more days past due may call for a DEBT hold (rules 6.5, 7.3)."""

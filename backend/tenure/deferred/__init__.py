"""Deferred actions: changes that are scheduled for a later time (rules 4)."""

"""Deferred actions that conflict with a status change (rules 4.8)."""

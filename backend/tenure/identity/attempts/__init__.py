"""Limits and audits failed sign-ins."""

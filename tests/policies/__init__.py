"""Policies: rules 9."""

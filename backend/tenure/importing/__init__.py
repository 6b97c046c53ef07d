"""Imports customers and usage: lines are parsed, checked, and written in sets."""

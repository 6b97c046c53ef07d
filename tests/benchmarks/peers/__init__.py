"""Compares Tenure with its alternatives on one PostgreSQL database; `make peers` runs it."""

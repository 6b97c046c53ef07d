"""Compares Tenure with what a team would use instead, on one PostgreSQL database; `make peers` runs it."""

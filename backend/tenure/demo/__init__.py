"""Demonstration data: a small company with a history, and any number of accounts for load tests."""

"""Demonstration data: a small company with a life of its own, and any number of accounts for load tests."""

"""Tests of `tenure.status.changes`."""

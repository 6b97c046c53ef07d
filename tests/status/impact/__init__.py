"""Tests of `tenure.status.impact`."""

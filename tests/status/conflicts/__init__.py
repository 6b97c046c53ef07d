"""Tests of `tenure.status.conflicts`."""

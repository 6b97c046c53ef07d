"""Tests of `tenure.reasons`."""
